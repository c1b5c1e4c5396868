import HTTPServer
import Pricing
import Primitives

/// What staff typed into a page of the delivery settings: the settings with it, or what is wrong.
struct DeliveryEntry {
    private(set) var settings: DeliverySettings
    private(set) var faults = Faults()
    private let form: Form
    private let currency: Currency

    init(_ form: Form, of part: DeliveryPart, in stored: DeliverySettings, currency: Currency) {
        self.form = form
        self.currency = currency
        settings = stored
        settings.version = form["version"].flatMap(WholeNumber.read) ?? 0
        if form["action"] == "remove" {
            remove(part)
            return
        }
        switch part {
        case .general: readGeneral()
        case .zone(let id): put(zone(id), in: \.zones, id: id, \.id)
        case .location(let id): put(location(id), in: \.locations, id: id, \.id)
        case .method(let id): put(option(id), in: \.options, id: id, \.id)
        }
    }

    private mutating func remove(_ part: DeliveryPart) {
        switch part {
        case .general: break
        case .zone(let id):
            settings.zones.removeAll { $0.id == id }
            for index in settings.options.indices { settings.options[index].zones.removeAll { $0 == id } }
        case .location(let id): settings.locations.removeAll { $0.id == id }
        case .method(let id): settings.options.removeAll { $0.id == id }
        }
    }

    private mutating func put<Value>(
        _ value: Value, in list: WritableKeyPath<DeliverySettings, [Value]>, id: String, _ name: KeyPath<Value, String>
    ) {
        if let index = settings[keyPath: list].firstIndex(where: { $0[keyPath: name] == id }) {
            settings[keyPath: list][index] = value
        } else {
            settings[keyPath: list].append(value)
        }
    }

    private mutating func readGeneral() {
        settings.timeZone = text("time_zone")
        settings.workingDays = words("working_days")
        settings.orderCutoff = time("order_cutoff")
        settings.closings = lines("closing_days", "a day such as 2026-12-25 Christmas", DeliveryTexts.closing)
    }

    private mutating func zone(_ id: String) -> DeliveryZone {
        DeliveryZone(
            id: identifier(id), title: required("title"),
            areas: lines("areas", "an area such as GB: EH*, FK1 *", DeliveryTexts.area),
            isEverywhereElse: form["everywhere_else"] == "yes")
    }

    private mutating func location(_ id: String) -> PickupLocation {
        let address = text("address").split(whereSeparator: \.isNewline).map(\.trimmed).filter { !$0.isEmpty }
        if address.isEmpty { faults.add("address", "Give the address.") }
        return PickupLocation(
            id: identifier(id), title: required("title"), address: Array(address.prefix(8)),
            region: text("region"), postalCode: text("postal_code"),
            hours: lines("hours", "a day with its hours such as Friday 09:00-17:00", DeliveryTexts.hours)
                .flatMap { $0 }, note: text("note"))
    }

    private mutating func option(_ id: String) -> DeliveryOption {
        let kind = DeliveryOption.Kind(rawValue: text("kind")) ?? .shipping
        return DeliveryOption(
            id: identifier(id), title: required("title"), details: text("details"), kind: kind,
            zones: kind == .shipping ? form.values("zones") : [],
            location: kind == .pickup ? form["location"].flatMap { $0.isEmpty ? nil : $0 } : nil,
            area: kind == .local ? area() : nil, rate: rate(), freeFrom: money("free_from"),
            minimumOrder: money("minimum_order"),
            processing: .init(number("processing_least", 365) ?? 0, number("processing_most", 365) ?? 0),
            transit: .init(number("transit_least", 365) ?? 0, number("transit_most", 365) ?? 0),
            deliversOn: words("delivers_on"), schedule: schedule())
    }

    private mutating func area() -> LocalArea {
        let codes = DeliveryTexts.list(text("area_codes"))
        if let wrong = codes.first(where: { PostalPattern($0) == nil }) {
            faults.add("area_codes", "“\(wrong.prefix(40))” is no postal code, beginning (EH6*) or range.")
        }
        var center: GeoPoint?
        if !text("area_center").isEmpty {
            center = DeliveryTexts.position(text("area_center"))
            if center == nil { faults.add("area_center", "Give degrees north and east such as 55.976, -3.17.") }
        }
        return LocalArea(
            country: text("area_country"), postalCodes: codes, center: center,
            radiusMeters: number("area_radius", 1_000_000),
            points: lines(
                "area_points", "a postal code with its place such as EH6 6QW: 55.976, -3.17",
                DeliveryTexts.point))
    }

    private mutating func rate() -> DeliveryRate {
        let basis = DeliveryRate.Basis(rawValue: text("basis")) ?? .flat
        let isTable = [.weight, .price, .quantity].contains(basis)
        let currency = currency
        var upTo: Int64?
        if isTable, !text("up_to").isEmpty {
            upTo = DeliveryTexts.measure(text("up_to"), basis, currency)
            if upTo == nil { faults.add("up_to", "Give a number.") }
        }
        return DeliveryRate(
            basis: basis, price: isTable ? 0 : money("price") ?? 0,
            perItem: basis == .perItem ? money("per_item") ?? 0 : 0,
            steps: isTable
                ? lines("steps", "a step such as 2000: 4.95") { DeliveryTexts.step($0, basis, currency) } : [],
            upTo: upTo)
    }

    private mutating func schedule() -> WindowSchedule? {
        let slots = lines("times", "a window such as Friday 10:00-12:00 20", DeliveryTexts.slots).flatMap { $0 }
        guard !slots.isEmpty else { return nil }
        var cutoff: WindowSchedule.Cutoff?
        if let time = time("cutoff_time") {
            cutoff = .init(daysBefore: number("cutoff_days", 60) ?? 0, time: time)
        }
        return WindowSchedule(
            slots: slots, leadMinutes: number("lead_minutes", 43_200) ?? 0, cutoff: cutoff,
            daysAhead: number("days_ahead", 180) ?? 7)
    }
}

extension DeliveryEntry {
    private func text(_ name: String) -> String { (form[name] ?? "").replacing("\r\n", with: "\n").trimmed }

    private mutating func required(_ name: String) -> String {
        let text = text(name)
        if text.isEmpty || text.utf8.count > 200 || text.contains(where: \.isNewline) {
            faults.add(name, "Give a title of at most 200 characters.")
        }
        return text
    }

    /// What is there keeps its name, which checkouts and orders have; what is new gets one.
    private mutating func identifier(_ id: String) -> String { id == DeliveryPart.new ? text("id") : id }

    private func words<Word: RawRepresentable<String>>(_ name: String) -> [Word] {
        form.values(name).compactMap { Word(rawValue: $0) }
    }

    private mutating func money(_ name: String) -> Int64? {
        let text = text(name)
        guard !text.isEmpty else { return nil }
        let amount = Price.read(text, currency)?.amount
        if amount == nil { faults.add(name, "Give an amount such as 4.95.") }
        return amount
    }

    private mutating func number(_ name: String, _ most: Int) -> Int? {
        let text = text(name)
        guard !text.isEmpty else { return nil }
        let number = WholeNumber.read(text).flatMap { $0 <= most ? $0 : nil }
        if number == nil { faults.add(name, "Give a whole number of at most \(most).") }
        return number
    }

    private mutating func time(_ name: String) -> TimeOfDay? {
        let text = text(name)
        guard !text.isEmpty else { return nil }
        let time = TimeOfDay(text)
        if time == nil { faults.add(name, "Give a time such as 14:00.") }
        return time
    }

    private mutating func lines<Value>(_ name: String, _ what: String, _ read: (String) -> Value?) -> [Value] {
        do throws(DeliveryTexts.Fault) {
            return try DeliveryTexts.read(form[name], what, read)
        } catch {
            faults.add(name, error.sentence)
            return []
        }
    }
}
