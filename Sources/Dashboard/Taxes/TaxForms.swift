import HTTPServer
import Pricing
import Primitives

/// What holds in all zones, as staff type it.
struct TaxEntry: Sendable {
    private let pricesIncludeTax: Bool
    private let delivery: DeliveryTaxation
    private let number: String
    private let classes: [TaxClass]
    private(set) var faults = Faults()

    init(_ form: Form) {
        var faults = Faults()
        pricesIncludeTax = form["prices"] == "included"
        if !["included", "added"].contains(form["prices"]) { faults.add("prices", "Choose one of the two.") }
        let word = form["delivery"] ?? ""
        delivery =
            word.hasPrefix("class.") ? .taxClass(String(word.dropFirst(6))) : word == "nothing" ? .untaxed : .goods
        number = (form["tax_number"] ?? "").trimmed
        var classes: [TaxClass] = []
        for line in TaxText.lines(form["classes"]) {
            let parts = TaxText.parts(line, between: ":")
            guard (2...3).contains(parts.count) else {
                faults.add("classes", "“\(line.prefix(60))” is not a code and a title with a colon between.")
                continue
            }
            let own: Set = [TaxClass.standard, TaxClass.zero]
            let fallback = parts.count == 3 ? parts[2] : own.contains(parts[0]) ? parts[0] : TaxClass.standard
            classes.append(TaxClass(code: parts[0], title: parts[1], fallback: fallback))
        }
        self.classes = classes
        self.faults = faults
    }

    func apply(to settings: inout TaxSettings) {
        settings.pricesIncludeTax = pricesIncludeTax
        settings.delivery = delivery
        settings.number = number
        settings.classes = classes
    }

    /// The field that a pointer of the settings means.
    static func field(_ pointer: String) -> String {
        let field = pointer.split(separator: "/").first.map(String.init) ?? ""
        return ["delivery", "tax_number", "classes"].contains(field) ? field : ""
    }

    static func word(of delivery: DeliveryTaxation) -> String {
        switch delivery {
        case .goods: "goods"
        case .untaxed: "nothing"
        case .taxClass(let code): "class.\(code)"
        }
    }

    static func text(of classes: [TaxClass]) -> String {
        classes.map { "\($0.code): \($0.title): \($0.fallback)" }.joined(separator: "\n")
    }
}

/// A zone as staff type it.
struct TaxZoneEntry: Sendable {
    let zone: TaxZone
    private(set) var faults = Faults()
    /// Which row of the form each rate was typed into.
    private let rows: [Int]

    init(_ form: Form) {
        var faults = Faults()
        var zone = TaxZone(name: (form["name"] ?? "").trimmed, places: [])
        for line in TaxText.lines(form["places"]) {
            guard let place = Self.place(line) else {
                faults.add("places", "“\(line.prefix(60))” cannot be read: a country, regions, postal codes.")
                continue
            }
            zone.places.append(place)
        }
        zone.pricesIncludeTax = form["prices"] == "included" ? true : form["prices"] == "added" ? false : nil
        zone.reverseCharge = form["reverse_charge"] != nil
        var rows: [Int] = []
        for row in 0..<Self.rows(form) {
            guard let rate = Self.rate(form, row, &faults) else { continue }
            zone.rates.append(rate)
            rows.append(row)
        }
        self.zone = zone
        self.rows = rows
        self.faults = faults
    }

    /// How many rows of rates were sent.
    static func rows(_ form: Form) -> Int {
        (0..<TaxSettings.mostRates).last { form["rate.\($0).title"] != nil }.map { $0 + 1 } ?? 0
    }

    private static func rate(_ form: Form, _ row: Int, _ faults: inout Faults) -> TaxRate? {
        func text(_ name: String) -> String { (form["rate.\(row).\(name)"] ?? "").trimmed }
        if text("title").isEmpty, text("percent").isEmpty { return nil }
        let percent = TaxRate.partsPerMillion(percent: text("percent"))
        if percent == nil {
            faults.add("rate.\(row).percent", "Give a percentage such as 19 or 9.975, at most 100.")
        }
        let priority = Int(text("priority"))
        if priority == nil { faults.add("rate.\(row).priority", "Give a whole number from 1 to 9.") }
        let codes = codes(text("postal_codes"))
        if codes == nil {
            faults.add("rate.\(row).postal_codes", "Give postal codes such as 10115, 902* or 90001..90899.")
        }
        return TaxRate(
            title: text("title"), partsPerMillion: percent ?? 0, classes: TaxText.parts(text("classes"), between: ","),
            priority: priority ?? 1, isCompound: form["rate.\(row).compound"] != nil,
            taxesDelivery: form["rate.\(row).delivery"] != nil, postalCodes: codes ?? [])
    }

    /// `US: CA, California: 902*, 90001..90899`.
    private static func place(_ line: String) -> TaxPlace? {
        let parts = line.split(separator: ":", omittingEmptySubsequences: false).map { String($0).trimmed }
        guard parts.count <= 3, let codes = codes(parts.count == 3 ? parts[2] : "") else { return nil }
        return TaxPlace(
            country: parts[0].uppercased(), regions: parts.count > 1 ? TaxText.parts(parts[1], between: ",") : [],
            postalCodes: codes)
    }

    private static func codes(_ text: String) -> [TaxPostalPattern]? {
        var patterns: [TaxPostalPattern] = []
        for part in TaxText.parts(text, between: ",") {
            guard let pattern = TaxPostalPattern(part) else { return nil }
            patterns.append(pattern)
        }
        return patterns
    }

    static func text(of places: [TaxPlace]) -> String {
        places.map { place in
            var parts = [place.country]
            if !place.regions.isEmpty || !place.postalCodes.isEmpty {
                parts.append(place.regions.joined(separator: ", "))
            }
            if !place.postalCodes.isEmpty { parts.append(place.postalCodes.map(\.text).joined(separator: ", ")) }
            return parts.joined(separator: ": ")
        }.joined(separator: "\n")
    }

    /// The field that a pointer of the settings means, when it is about this zone.
    func field(_ pointer: String, zone index: Int) -> String {
        let parts = pointer.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts[0] == "zones", parts[1] == String(index) else { return "" }
        guard parts[2] == "rates", parts.count >= 5, let rate = Int(parts[3]), rows.indices.contains(rate) else {
            return ["name", "places", "reverse_charge"].contains(parts[2]) ? parts[2] : ""
        }
        let names = [
            "title": "title", "rate_ppm": "percent", "tax_classes": "classes", "priority": "priority",
            "postal_codes": "postal_codes",
        ]
        return names[parts[4]].map { "rate.\(rows[rate]).\($0)" } ?? ""
    }
}

/// Lists as people type them.
enum TaxText {
    static func lines(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    static func parts(_ text: String, between separator: Character) -> [String] {
        text.split(separator: separator).map { String($0).trimmed }.filter { !$0.isEmpty }
    }
}
