import HTTPServer
import Pricing
import Primitives

/// The settings of a store's delivery as they are sent: what they say, and where they name a currency.
struct NewDeliverySettings: Sendable {
    let settings: DeliverySettings
    let currencies: [NamedCurrency]

    /// - Throws: `validation.failed` where an amount is not in the store's currency.
    func settings(in currency: Currency) throws(Problem) -> DeliverySettings {
        let wrong = currencies.filter { $0.currency != currency }
        guard wrong.isEmpty else {
            throw .validation(
                wrong.prefix(100).map {
                    .init(
                        pointer: "\($0.pointer)/currency", code: "currency_mismatch",
                        detail: "The store sells in \(currency).")
                })
        }
        return settings
    }

    static let shape = InputShape<NewDeliverySettings>.object(
        "NewDeliverySettings",
        .required("version", .integer(0...Int(Int32.max))),
        .required("time_zone", .text(1...64)),
        .optional("working_days", .array(of: .oneOf(Weekday.self), most: 7), default: Weekday.working),
        .optional("order_cutoff", .timeOfDay),
        .optional("closing_days", .array(of: closing, most: 200), default: []),
        .optional("zones", .array(of: zone, most: 100), default: []),
        .optional("locations", .array(of: location, most: 50), default: []),
        .required("methods", .array(of: MethodInput.shape, most: 50))
    ) { version, timeZone, workingDays, cutoff, closings, zones, locations, methods in
        NewDeliverySettings(
            settings: DeliverySettings(
                version: version, timeZone: timeZone, workingDays: workingDays, orderCutoff: cutoff,
                closings: closings, zones: zones, locations: locations, options: methods.map(\.option)),
            currencies: methods.enumerated().flatMap { index, method in
                method.currencies.map { $0.within("/methods/\(index)") }
            })
    }

    private static let closing = InputShape<DeliverySettings.Closing>.object(
        "NewClosingDays",
        .required("from", .civilDate), .required("to", .civilDate),
        .optional("title", .text(0...200), default: ""), .optional("stops_carriers", .bool, default: false)
    ) { DeliverySettings.Closing(from: $0, to: $1, title: $2, stopsCarriers: $3) }

    private static let zone = InputShape<DeliveryZone>.object(
        "NewDeliveryZone",
        .required("id", .handle(60)), .required("title", .text(1...200)),
        .optional("areas", .array(of: area, most: 300), default: []),
        .optional("everywhere_else", .bool, default: false)
    ) { DeliveryZone(id: $0, title: $1, areas: $2, isEverywhereElse: $3) }

    private static let area = InputShape<DeliveryZone.Area>.object(
        "NewDeliveryArea",
        .required("country", .country),
        .optional("regions", .array(of: .text(1...100), most: 200), default: []),
        .optional("postal_codes", .postalPatterns, default: [])
    ) { DeliveryZone.Area(country: $0, regions: $1, postalCodes: $2) }

    private static let location = InputShape<PickupLocation>.object(
        "NewPickupLocation",
        .required("id", .handle(60)), .required("title", .text(1...200)),
        .required("address", .array(of: .text(1...200), least: 1, most: 8)),
        .optional("opening_hours", .array(of: hours, most: 50), default: []),
        .optional("note", .text(0...500), default: ""),
        .optional("region", .text(0...100), default: ""),
        .optional("postal_code", .text(0...20), default: "")
    ) {
        PickupLocation(id: $0, title: $1, address: $2, region: $5, postalCode: $6, hours: $3, note: $4)
    }

    private static let hours = InputShape<PickupLocation.Hours>.object(
        "NewOpeningHours",
        .required("weekday", .oneOf(Weekday.self)), .required("opens", .timeOfDay), .required("closes", .timeOfDay)
    ) { PickupLocation.Hours(weekday: $0, opens: $1, closes: $2) }
}

/// A currency that a body names, and where.
struct NamedCurrency: Sendable {
    let pointer: String
    let currency: Currency

    func within(_ outer: String) -> NamedCurrency { NamedCurrency(pointer: outer + pointer, currency: currency) }
}

/// A method, and where it names a currency.
private struct MethodInput: Sendable {
    let option: DeliveryOption
    let currencies: [NamedCurrency]

    static let shape = InputShape<MethodInput>.object(
        "NewDeliveryMethod",
        .required("id", .handle(60)), .required("title", .text(1...200)),
        .optional("description", .text(0...500), default: ""),
        .required("kind", .oneOf(DeliveryOption.Kind.self)),
        .optional("zones", .array(of: .text(1...60), most: 100), default: []),
        .optional("location", .text(1...60)),
        .optional("area", LocalArea.input),
        .optional("rate", RateInput.shape, default: RateInput(rate: .flat(0), currencies: [])),
        .optional("free_from", .price), .optional("minimum_order", .price),
        .optional("processing_days", .days, default: .init(0, 0)),
        .optional("transit_days", .days, default: .init(0, 0)),
        .optional("delivers_on", .array(of: .oneOf(Weekday.self), most: 7), default: Weekday.working),
        .optional("windows", WindowSchedule.input),
        make: make)

    private static func make(
        id: String, title: String, details: String, kind: DeliveryOption.Kind, zones: [String], location: String?,
        area: LocalArea?, rate: RateInput, freeFrom: Money?, minimumOrder: Money?, processing: DeliveryOption.Days,
        transit: DeliveryOption.Days, deliversOn: [Weekday], schedule: WindowSchedule?
    ) -> MethodInput {
        var currencies = rate.currencies.map { $0.within("/rate") }
        if let freeFrom { currencies.append(.init(pointer: "/free_from", currency: freeFrom.currency)) }
        if let minimumOrder { currencies.append(.init(pointer: "/minimum_order", currency: minimumOrder.currency)) }
        let option = DeliveryOption(
            id: id, title: title, details: details, kind: kind, zones: zones, location: location, area: area,
            rate: rate.rate, freeFrom: freeFrom?.amount, minimumOrder: minimumOrder?.amount, processing: processing,
            transit: transit, deliversOn: deliversOn, schedule: schedule)
        return MethodInput(option: option, currencies: currencies)
    }
}

/// A rate, and where it names a currency.
private struct RateInput: Sendable {
    let rate: DeliveryRate
    let currencies: [NamedCurrency]

    static let shape = InputShape<RateInput>.object(
        "NewDeliveryRate",
        .required("basis", .oneOf(DeliveryRate.Basis.self)),
        .optional("price", .price), .optional("per_item", .price),
        .optional("steps", .array(of: step, most: 200), default: []),
        .optional("up_to", .integer(0...Int(Money.limit)))
    ) { basis, price, perItem, steps, upTo in
        var currencies = steps.enumerated().map { index, step in
            NamedCurrency(pointer: "/steps/\(index)/price", currency: step.price.currency)
        }
        if let price { currencies.append(.init(pointer: "/price", currency: price.currency)) }
        if let perItem { currencies.append(.init(pointer: "/per_item", currency: perItem.currency)) }
        return RateInput(
            rate: DeliveryRate(
                basis: basis, price: price?.amount ?? 0, perItem: perItem?.amount ?? 0,
                steps: steps.map { .init(from: $0.from, price: $0.price.amount) }, upTo: upTo.map(Int64.init)),
            currencies: currencies)
    }

    private struct Step: Sendable {
        let from: Int64
        let price: Money
    }

    private static let step = InputShape<Step>.object(
        "NewDeliveryRateStep",
        .required("from", .integer(0...Int(Money.limit))), .required("price", .price)
    ) { Step(from: Int64($0), price: $1) }
}

extension LocalArea {
    fileprivate static let input = InputShape<LocalArea>.object(
        "NewLocalArea",
        .required("country", .country), .optional("postal_codes", .postalPatterns, default: []),
        .optional("center", .point), .optional("radius_meters", .integer(1...1_000_000)),
        .optional("points", .array(of: point, most: 2000), default: [])
    ) { LocalArea(country: $0, postalCodes: $1, center: $2, radiusMeters: $3, points: $4) }

    private static let point = InputShape<PostalPoint>.object(
        "NewPostalPoint",
        .required("postal_code", .text(1...20)), .required("position", .point)
    ) { PostalPoint(postalCode: $0, position: $1) }
}

extension WindowSchedule {
    fileprivate static let input = InputShape<WindowSchedule>.object(
        "NewWindowSchedule",
        .required("times", .array(of: slot, most: 200)),
        .optional("lead_minutes", .integer(0...43_200), default: 0),
        .optional("cutoff", cutoff),
        .optional("days_ahead", .integer(0...180), default: 7)
    ) { WindowSchedule(slots: $0, leadMinutes: $1, cutoff: $2, daysAhead: $3) }

    private static let slot = InputShape<Slot>.object(
        "NewWindowTime",
        .required("weekday", .oneOf(Weekday.self)), .required("starts", .timeOfDay), .required("ends", .timeOfDay),
        .required("capacity", .integer(1...100_000))
    ) { Slot(weekday: $0, starts: $1, ends: $2, capacity: $3) }

    private static let cutoff = InputShape<Cutoff>.object(
        "NewWindowCutoff", .required("days_before", .integer(0...60)), .required("time", .timeOfDay)
    ) { Cutoff(daysBefore: $0, time: $1) }
}

extension InputShape where Value == DeliveryOption.Days {
    fileprivate static var days: InputShape {
        InputShape.object(
            "NewDays", .required("least", .integer(0...365)), .required("most", .integer(0...365))
        ) { DeliveryOption.Days($0, $1) }
    }
}

extension InputShape where Value == GeoPoint {
    fileprivate static var point: InputShape {
        InputShape.object(
            "NewPosition", .required("latitude", .number(-90...90)), .required("longitude", .number(-180...180))
        ) { latitude, longitude throws(Problem) in
            guard let point = GeoPoint(latitude: latitude, longitude: longitude) else {
                throw Problem.validation("", "out_of_range", "This is no place on the earth.")
            }
            return point
        }
    }
}

extension InputShape where Value == [String] {
    fileprivate static var postalPatterns: InputShape { .array(of: .text(1...40), most: 2000) }
}

extension InputShape where Value == TimeOfDay {
    fileprivate static var timeOfDay: InputShape {
        InputShape<String>.text(
            1...40, pattern: "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$",
            expected: "A time such as 08:30 is expected.", isAccepted: { TimeOfDay($0) != nil }
        ).map { text throws(Problem) in
            guard let time = TimeOfDay(text) else { throw Problem.validation("", "format", "A time is expected.") }
            return time
        }
    }
}

extension InputShape where Value == CivilDate {
    fileprivate static var civilDate: InputShape {
        InputShape<String>.text(
            1...40, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", expected: "A day such as 2026-12-25 is expected.",
            isAccepted: { CivilDate($0) != nil }
        ).map { text throws(Problem) in
            guard let date = CivilDate(text) else { throw Problem.validation("", "format", "A day is expected.") }
            return date
        }
    }
}
