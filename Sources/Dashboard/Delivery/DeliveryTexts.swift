import HTTPServer
import Pricing
import Primitives
import UseCases

/// Parts of the delivery settings as lines of text, which staff read and type.
enum DeliveryTexts {
    /// What is wrong with a line.
    struct Fault: Error {
        let sentence: String
    }

    /// The lines that are not empty, each with what it is read as.
    static func read<Value>(
        _ text: String?, _ what: String, _ line: (String) -> Value?
    ) throws(Fault) -> [Value] {
        var values: [Value] = []
        for part in (text ?? "").split(whereSeparator: \.isNewline).map(\.trimmed) where !part.isEmpty {
            guard let value = line(part) else { throw Fault(sentence: "“\(part.prefix(60))” is not \(what).") }
            values.append(value)
        }
        return values
    }

    // MARK: Areas, such as `GB: EH*, FK1 *` or `US [Nevada, Utah]`

    static func text(_ area: DeliveryZone.Area) -> String {
        let regions = area.regions.isEmpty ? "" : " [\(area.regions.joined(separator: ", "))]"
        let codes = area.postalCodes.isEmpty ? "" : ": \(area.postalCodes.joined(separator: ", "))"
        return area.country + regions + codes
    }

    static func area(_ line: String) -> DeliveryZone.Area? {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard let place = parts.first else { return nil }
        let names = place.split(separator: "[", maxSplits: 1)
        let country = (names.first ?? "").trimmed.uppercased()
        guard Country.isKnown(country) else { return nil }
        var regions: [String] = []
        if names.count == 2 {
            guard names[1].trimmed.hasSuffix("]") else { return nil }
            regions = list(String(names[1].trimmed.dropLast()))
        }
        let codes = parts.count == 2 ? list(String(parts[1])) : []
        guard codes.allSatisfy({ PostalPattern($0) != nil }) else { return nil }
        return DeliveryZone.Area(country: country, regions: regions, postalCodes: codes)
    }

    /// What stands between commas or line ends.
    static func list(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isNewline }.map(\.trimmed).filter { !$0.isEmpty }
    }

    // MARK: Days and times, such as `Friday 10:00-12:00` or `monday-friday 10:00-12:00 20`

    static func text(_ hours: PickupLocation.Hours) -> String {
        "\(DeliveryWords.name(hours.weekday)) \(hours.opens)-\(hours.closes)"
    }

    static func text(_ slot: WindowSchedule.Slot) -> String {
        "\(DeliveryWords.name(slot.weekday)) \(slot.starts)-\(slot.ends) \(slot.capacity)"
    }

    static func hours(_ line: String) -> [PickupLocation.Hours]? {
        let words = line.split(separator: " ")
        guard words.count == 2, let days = weekdays(words[0]), let times = times(words[1]) else { return nil }
        return days.map { PickupLocation.Hours(weekday: $0, opens: times.0, closes: times.1) }
    }

    static func slots(_ line: String) -> [WindowSchedule.Slot]? {
        let words = line.split(separator: " ")
        guard words.count == 3, let days = weekdays(words[0]), let times = times(words[1]),
            let capacity = WholeNumber.read(String(words[2])), (1...100_000).contains(capacity)
        else { return nil }
        return days.map { WindowSchedule.Slot(weekday: $0, starts: times.0, ends: times.1, capacity: capacity) }
    }

    private static func weekdays(_ text: Substring) -> [Weekday]? {
        let names = text.lowercased().split(separator: "-", maxSplits: 1).map { Weekday(rawValue: String($0)) }
        guard let first = names.first.flatMap({ $0 }), let last = names.last.flatMap({ $0 }),
            let from = Weekday.allCases.firstIndex(of: first), let to = Weekday.allCases.firstIndex(of: last),
            from <= to
        else { return nil }
        return Array(Weekday.allCases[from...to])
    }

    private static func times(_ text: Substring) -> (TimeOfDay, TimeOfDay)? {
        let parts = text.split { $0 == "-" || $0 == "–" }.map { TimeOfDay(String($0)) }
        guard parts.count == 2, let from = parts[0], let to = parts[1], from < to else { return nil }
        return (from, to)
    }

    // MARK: Steps of a table, such as `2000: 4.95`

    static func text(_ step: DeliveryRate.Step, _ basis: DeliveryRate.Basis, _ currency: Currency) -> String {
        let from = basis == .price ? Price.field(step.from, currency) : String(step.from)
        return "\(from): \(Price.field(step.price, currency))"
    }

    static func step(_ line: String, _ basis: DeliveryRate.Basis, _ currency: Currency) -> DeliveryRate.Step? {
        let parts = line.split(separator: ":").map(\.trimmed)
        guard parts.count == 2, let price = Price.read(parts[1], currency),
            let from = measure(parts[0], basis, currency)
        else { return nil }
        return DeliveryRate.Step(from: from, price: price.amount)
    }

    /// Grams, units, or an amount, by what the table measures.
    static func measure(_ text: String, _ basis: DeliveryRate.Basis, _ currency: Currency) -> Int64? {
        basis == .price ? Price.read(text, currency)?.amount : WholeNumber.read(text).map(Int64.init)
    }

    // MARK: Places, such as `EH6 6QW: 55.976, -3.17`

    static func text(_ point: LocalArea.PostalPoint) -> String {
        "\(point.postalCode): \(point.position.latitude), \(point.position.longitude)"
    }

    static func point(_ line: String) -> LocalArea.PostalPoint? {
        let parts = line.split(separator: ":", maxSplits: 1).map(\.trimmed)
        guard parts.count == 2, PostalPattern(parts[0]) != nil, let position = position(parts[1]) else { return nil }
        return LocalArea.PostalPoint(postalCode: parts[0], position: position)
    }

    /// Degrees north and east with a comma between.
    static func position(_ text: String) -> GeoPoint? {
        let degrees = text.split(separator: ",").map { Double($0.trimmed) }
        guard degrees.count == 2, let latitude = degrees[0], let longitude = degrees[1] else { return nil }
        return GeoPoint(latitude: latitude, longitude: longitude)
    }

    // MARK: Closing days, such as `2026-12-25 Christmas` or `2026-12-24 to 2026-12-27 Holidays`

    static func text(_ closing: DeliverySettings.Closing) -> String {
        let days = closing.from == closing.to ? "\(closing.from)" : "\(closing.from) to \(closing.to)"
        let title = closing.title.isEmpty ? "" : " \(closing.title)"
        return days + title + (closing.stopsCarriers ? " *" : "")
    }

    static func closing(_ line: String) -> DeliverySettings.Closing? {
        var words = line.split(separator: " ").map(String.init)
        let stopsCarriers = words.last == "*"
        if stopsCarriers { words.removeLast() }
        guard let from = words.first.flatMap({ CivilDate($0) }) else { return nil }
        words.removeFirst()
        var to = from
        if words.first == "to" {
            guard words.count >= 2, let last = CivilDate(words[1]), last >= from else { return nil }
            to = last
            words.removeFirst(2)
        }
        return DeliverySettings.Closing(
            from: from, to: to, title: String(words.joined(separator: " ").prefix(200)), stopsCarriers: stopsCarriers)
    }
}

extension Substring {
    /// Without white space around it.
    var trimmed: String { String(self).trimmed }
}
