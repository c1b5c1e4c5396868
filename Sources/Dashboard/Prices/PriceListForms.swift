import Catalog
import HTTPServer
import Primitives

/// What a price list is about, as staff type it.
struct PriceListEntry {
    /// Nil when something is wrong.
    let terms: PriceListTerms?
    let faults: Faults

    init(_ form: Form) {
        var faults = Faults()
        let name = (form["name"] ?? "").trimmed
        if name.isEmpty { faults.add("name", "Give the list a name.") }
        if name.unicodeScalars.count > 100 || name.unicodeScalars.contains(where: { $0.value < 32 }) {
            faults.add("name", "A name has at most 100 characters on one line.")
        }
        let currency = Currency(form["currency"] ?? "")
        if currency == nil { faults.add("currency", "Choose a currency.") }
        func moment(_ name: String) -> Instant? {
            let text = (form[name] ?? "").trimmed
            guard !text.isEmpty else { return nil }
            // What a browser's field says has neither seconds nor a zone; the page says that it is UTC.
            let moment = Instant(rfc3339: text.utf8.count == 16 ? "\(text):00Z" : text)
            if moment == nil { faults.add(name, "Give a day and a time, such as 2026-11-27T08:00.") }
            return moment
        }
        let (startsAt, endsAt) = (moment("starts_at"), moment("ends_at"))
        let percent = (form["percent"] ?? "").trimmed
        let adjustment = Self.millionths(percent)
        if adjustment == nil, !percent.isEmpty {
            faults.add("percent", "Give a percentage from −100 to 1000, such as −10 or 2.5.")
        }
        let chosen = form["group"] ?? ""
        let group = CustomerGroupID(chosen)
        if group == nil, !chosen.isEmpty { faults.add("group", "Choose whom the list is for.") }
        self.faults = faults
        guard faults.isEmpty, let currency else {
            terms = nil
            return
        }
        terms = PriceListTerms(
            name: name, currency: currency, group: group, startsAt: startsAt,
            endsAt: endsAt, adjustmentPPM: adjustment)
    }

    /// Millionths from a percentage with at most four decimals.
    static func millionths(_ percent: String) -> Int? {
        var digits = percent[...]
        let isLess = digits.hasPrefix("-") || digits.hasPrefix("−")
        if isLess || digits.hasPrefix("+") { digits = digits.dropFirst() }
        let parts = digits.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard (1...2).contains(parts.count), parts[0].utf8.count <= 4,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let whole = Int(parts[0])
        else { return nil }
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        guard decimals.utf8.count <= 4,
            let part = Int(decimals + String(repeating: "0", count: 4 - decimals.utf8.count))
        else { return nil }
        let millionths = (whole * 10_000 + part) * (isLess ? -1 : 1)
        return PriceListTerms.adjustments.contains(millionths) ? millionths : nil
    }

    /// As a field shows it.
    static func percent(_ millionths: Int) -> String {
        let (whole, part) = millionths.magnitude.quotientAndRemainder(dividingBy: 10_000)
        var decimals = String(repeating: "0", count: 4 - String(part).count) + String(part)
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return (millionths < 0 ? "-" : "") + String(whole) + (decimals.isEmpty ? "" : ".\(decimals)")
    }

    /// The name of the field that a problem of the domain is about.
    static func field(_ pointer: String) -> String {
        ["/ends_at": "ends_at", "/currency": "currency", "/group_id": "group"][pointer] ?? ""
    }
}

/// Prices of variants as staff type them; what is left empty is not on the list.
struct PricesEntry {
    private(set) var prices: [(variant: VariantID, price: Money, compareAt: Money?)] = []
    private(set) var empty: [VariantID] = []
    private(set) var faults = Faults()

    static func field(_ variant: VariantID) -> String { "price.\(variant)" }
    static func formerField(_ variant: VariantID) -> String { "former.\(variant)" }

    init(_ form: Form, currency: Currency) {
        let example = Price.field(currency.exponent == 0 ? 1200 : 1250, currency)
        for field in form.fields where field.name.hasPrefix("price.") {
            guard let variant = VariantID(String(field.name.dropFirst("price.".count))) else { continue }
            let former = (form[Self.formerField(variant)] ?? "").trimmed
            let compareAt = former.isEmpty ? nil : Price.read(former, currency)
            if !former.isEmpty, compareAt == nil {
                faults.add(Self.formerField(variant), "Give a price such as \(example).")
            }
            if field.value.trimmed.isEmpty {
                if !former.isEmpty { faults.add(field.name, "A former price needs a price.") }
                empty.append(variant)
            } else if let price = Price.read(field.value, currency) {
                prices.append((variant, price, compareAt))
            } else {
                faults.add(field.name, "Give a price such as \(example).")
            }
        }
    }
}
