import Persistence
import Primitives

/// The settings as they are stored: JSON in a column, read and written whole.
enum DeliveryDocument {
    static func encode(_ settings: DeliverySettings) -> String {
        var document: JSONObject = [
            "time_zone": .string(settings.timeZone), "working_days": texts(settings.workingDays.map(\.rawValue)),
            "closings": .array(settings.closings.map(json)), "zones": .array(settings.zones.map(json)),
            "locations": .array(settings.locations.map(json)), "options": .array(settings.options.map(json)),
        ]
        if let cutoff = settings.orderCutoff { document["order_cutoff"] = JSON(cutoff.minutes) }
        return JSON.object(document).description
    }

    static func decode(_ text: String, version: Int) throws -> DeliverySettings {
        let json = Reader(try JSON(parsing: text))
        return DeliverySettings(
            version: version, timeZone: try json.text("time_zone"), workingDays: try json.words("working_days"),
            orderCutoff: json.integer("order_cutoff").flatMap { TimeOfDay(minutes: $0) },
            closings: try json.list("closings").map(closing), zones: try json.list("zones").map(zone),
            locations: try json.list("locations").map(location), options: try json.list("options").map(option))
    }

    private static func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

    private static func json(_ closing: DeliverySettings.Closing) -> JSON {
        [
            "from": .string(closing.from.description), "to": .string(closing.to.description),
            "title": .string(closing.title), "stops_carriers": .bool(closing.stopsCarriers),
        ]
    }

    private static func json(_ zone: DeliveryZone) -> JSON {
        let areas: [JSON] = zone.areas.map {
            ["country": .string($0.country), "regions": texts($0.regions), "postal_codes": texts($0.postalCodes)]
        }
        return [
            "id": .string(zone.id), "title": .string(zone.title), "everywhere": .bool(zone.isEverywhereElse),
            "areas": .array(areas),
        ]
    }

    private static func json(_ location: PickupLocation) -> JSON {
        let hours: [JSON] = location.hours.map {
            [.string($0.weekday.rawValue), JSON($0.opens.minutes), JSON($0.closes.minutes)]
        }
        return [
            "id": .string(location.id), "title": .string(location.title), "address": texts(location.address),
            "region": .string(location.region), "postal_code": .string(location.postalCode),
            "note": .string(location.note), "hours": .array(hours),
        ]
    }

    private static func json(_ option: DeliveryOption) -> JSON {
        var object: JSONObject = [
            "id": .string(option.id), "title": .string(option.title), "details": .string(option.details),
            "kind": .string(option.kind.rawValue), "zones": texts(option.zones), "rate": json(option.rate),
            "processing": [JSON(option.processing.least), JSON(option.processing.most)],
            "transit": [JSON(option.transit.least), JSON(option.transit.most)],
            "delivers_on": texts(option.deliversOn.map(\.rawValue)),
        ]
        if let location = option.location { object["location"] = .string(location) }
        if let area = option.area { object["area"] = json(area) }
        if let freeFrom = option.freeFrom { object["free_from"] = .integer(freeFrom) }
        if let minimum = option.minimumOrder { object["minimum_order"] = .integer(minimum) }
        if let schedule = option.schedule { object["schedule"] = json(schedule) }
        return .object(object)
    }

    private static func json(_ rate: DeliveryRate) -> JSON {
        let steps: [JSON] = rate.steps.map { [.integer($0.from), .integer($0.price)] }
        var object: JSONObject = [
            "basis": .string(rate.basis.rawValue), "price": .integer(rate.price), "per_item": .integer(rate.perItem),
            "steps": .array(steps),
        ]
        if let upTo = rate.upTo { object["up_to"] = .integer(upTo) }
        return .object(object)
    }

    private static func json(_ area: LocalArea) -> JSON {
        let points: [JSON] = area.points.map {
            [.string($0.postalCode), .number($0.position.latitude), .number($0.position.longitude)]
        }
        var object: JSONObject = [
            "country": .string(area.country), "postal_codes": texts(area.postalCodes), "points": .array(points),
        ]
        if let center = area.center { object["center"] = [.number(center.latitude), .number(center.longitude)] }
        if let radius = area.radiusMeters { object["radius"] = JSON(radius) }
        return .object(object)
    }

    private static func json(_ schedule: WindowSchedule) -> JSON {
        let slots: [JSON] = schedule.slots.map {
            [
                .string($0.weekday.rawValue), JSON($0.starts.minutes), JSON($0.ends.minutes), JSON($0.capacity),
            ]
        }
        var object: JSONObject = [
            "slots": .array(slots), "lead_minutes": JSON(schedule.leadMinutes), "days_ahead": JSON(schedule.daysAhead),
        ]
        if let cutoff = schedule.cutoff { object["cutoff"] = [JSON(cutoff.daysBefore), JSON(cutoff.time.minutes)] }
        return .object(object)
    }
}

extension DeliveryDocument {
    private static func closing(_ json: Reader) throws -> DeliverySettings.Closing {
        guard let from = CivilDate(try json.text("from")), let to = CivilDate(try json.text("to")) else {
            throw Reader.unreadable
        }
        return .init(
            from: from, to: to, title: try json.text("title"), stopsCarriers: json["stops_carriers"]?.bool ?? false)
    }

    private static func zone(_ json: Reader) throws -> DeliveryZone {
        DeliveryZone(
            id: try json.text("id"), title: try json.text("title"),
            areas: try json.list("areas").map {
                DeliveryZone.Area(
                    country: try $0.text("country"), regions: try $0.texts("regions"),
                    postalCodes: try $0.texts("postal_codes"))
            }, isEverywhereElse: json["everywhere"]?.bool ?? false)
    }

    private static func location(_ json: Reader) throws -> PickupLocation {
        PickupLocation(
            id: try json.text("id"), title: try json.text("title"), address: try json.texts("address"),
            region: json["region"]?.string ?? "", postalCode: json["postal_code"]?.string ?? "",
            hours: try json.list("hours").map { hours in
                guard let parts = hours.json.array, parts.count == 3, let weekday: Weekday = word(parts[0]),
                    let opens = time(parts[1]), let closes = time(parts[2])
                else { throw Reader.unreadable }
                return PickupLocation.Hours(weekday: weekday, opens: opens, closes: closes)
            }, note: try json.text("note"))
    }

    private static func option(_ json: Reader) throws -> DeliveryOption {
        guard let kind = DeliveryOption.Kind(rawValue: try json.text("kind")) else { throw Reader.unreadable }
        return DeliveryOption(
            id: try json.text("id"), title: try json.text("title"), details: try json.text("details"), kind: kind,
            zones: try json.texts("zones"), location: json["location"]?.string,
            area: try json["area"].map { try area(Reader($0)) }, rate: try rate(json.member("rate")),
            freeFrom: json.integer("free_from").map(Int64.init),
            minimumOrder: json.integer("minimum_order").map(Int64.init),
            processing: try days(json["processing"]), transit: try days(json["transit"]),
            deliversOn: try json.words("delivers_on"),
            schedule: try json["schedule"].map { try schedule(Reader($0)) })
    }

    private static func rate(_ json: Reader) throws -> DeliveryRate {
        guard let basis = DeliveryRate.Basis(rawValue: try json.text("basis")) else { throw Reader.unreadable }
        return DeliveryRate(
            basis: basis, price: Int64(json.integer("price") ?? 0), perItem: Int64(json.integer("per_item") ?? 0),
            steps: try json.list("steps").map { step in
                let pair = try days(step.json)
                return DeliveryRate.Step(from: Int64(pair.least), price: Int64(pair.most))
            }, upTo: json.integer("up_to").map(Int64.init))
    }

    private static func area(_ json: Reader) throws -> LocalArea {
        LocalArea(
            country: try json.text("country"), postalCodes: try json.texts("postal_codes"),
            center: json["center"]?.array.flatMap(point), radiusMeters: json.integer("radius"),
            points: try json.list("points").map { entry in
                guard let parts = entry.json.array, parts.count == 3, let code = parts[0].string,
                    let position = point([parts[1], parts[2]])
                else { throw Reader.unreadable }
                return LocalArea.PostalPoint(postalCode: code, position: position)
            })
    }

    private static func schedule(_ json: Reader) throws -> WindowSchedule {
        let cutoff = try json["cutoff"].map { try days($0) }
        return WindowSchedule(
            slots: try json.list("slots").map { slot in
                guard let parts = slot.json.array, parts.count == 4, let weekday: Weekday = word(parts[0]),
                    let starts = time(parts[1]), let ends = time(parts[2]), let capacity = parts[3].integer
                else { throw Reader.unreadable }
                return WindowSchedule.Slot(weekday: weekday, starts: starts, ends: ends, capacity: capacity)
            }, leadMinutes: json.integer("lead_minutes") ?? 0,
            cutoff: cutoff.flatMap { pair in
                TimeOfDay(minutes: pair.most).map { WindowSchedule.Cutoff(daysBefore: pair.least, time: $0) }
            }, daysAhead: json.integer("days_ahead") ?? 0)
    }

    private static func days(_ json: JSON?) throws -> DeliveryOption.Days {
        guard let parts = json?.array, parts.count == 2, let least = parts[0].integer, let most = parts[1].integer
        else { throw Reader.unreadable }
        return .init(least, most)
    }

    private static func word<Word: RawRepresentable<String>>(_ json: JSON) -> Word? {
        json.string.flatMap { Word(rawValue: $0) }
    }

    private static func time(_ json: JSON) -> TimeOfDay? { json.integer.flatMap { TimeOfDay(minutes: $0) } }

    private static func point(_ parts: [JSON]) -> GeoPoint? {
        guard parts.count == 2, let latitude = number(parts[0]), let longitude = number(parts[1]) else { return nil }
        return GeoPoint(latitude: latitude, longitude: longitude)
    }

    private static func number(_ json: JSON) -> Double? {
        switch json {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}

/// Members of a document that this domain wrote itself.
private struct Reader {
    static let unreadable = DatabaseError.decoding("delivery settings cannot be read")
    let json: JSON

    init(_ json: JSON) {
        self.json = json
    }

    subscript(name: String) -> JSON? { json[name] }

    func member(_ name: String) throws -> Reader {
        guard let value = json[name] else { throw Self.unreadable }
        return Reader(value)
    }

    func text(_ name: String) throws -> String {
        guard let text = json[name]?.string else { throw Self.unreadable }
        return text
    }

    func integer(_ name: String) -> Int? { json[name]?.integer }

    func list(_ name: String) throws -> [Reader] {
        guard let list = json[name]?.array else { throw Self.unreadable }
        return list.map(Reader.init)
    }

    func texts(_ name: String) throws -> [String] {
        try list(name).map { entry in
            guard let text = entry.json.string else { throw Self.unreadable }
            return text
        }
    }

    func words<Word: RawRepresentable<String>>(_ name: String) throws -> [Word] {
        try texts(name).map { text in
            guard let word = Word(rawValue: text) else { throw Self.unreadable }
            return word
        }
    }
}
