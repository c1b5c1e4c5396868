import Catalog
import HTTPServer
import Primitives

/// What staff type of one variant. What the form has no field for stays as it is.
struct VariantEntry: Sendable {
    /// What can be typed of a variant.
    enum Part: String, Sendable, CaseIterable {
        case price, sku, barcode, cost, weight, tax
        case compareAt = "compare_at"
        case weightUnit = "weight_unit"
        case shipping

        /// The form's name of the field of a variant.
        func field(_ variant: VariantID) -> String { "\(rawValue).\(variant)" }

        /// What the field says of a variant.
        func text(of variant: Variant, _ currency: Currency) -> String {
            func amount(_ minorUnits: Int64?) -> String { minorUnits.map { Price.field($0, currency) } ?? "" }
            return switch self {
            case .price: amount(variant.priceMinorUnits)
            case .compareAt: amount(variant.compareAtPriceMinorUnits)
            case .cost: amount(variant.costMinorUnits)
            case .sku: variant.sku
            case .barcode: variant.details.barcode
            case .weight: variant.weightText
            case .weightUnit: variant.details.weightUnit.rawValue
            case .tax: variant.isTaxable ? variant.details.taxCode : VariantEntry.untaxed
            case .shipping: variant.requiresShipping ? "yes" : "no"
            }
        }

        /// A number in another unit is another weight, and the other way round.
        static func companion(_ name: String) -> String? {
            for (part, other) in [(Part.weight, Part.weightUnit), (.weightUnit, .weight)] {
                let beginning = "\(part.rawValue)."
                if name.hasPrefix(beginning) { return "\(other.rawValue).\(name.dropFirst(beginning.count))" }
            }
            return nil
        }
    }

    /// Said instead of a tax code by goods that are not taxed at all.
    static let untaxed = "-"

    private let id: VariantID
    private var price: Money?
    private var compareAt: Money??
    private var cost: Money??
    private var sku: String?
    private var barcode: String?
    private var unit: WeightUnit?
    private var grams: Int?
    private var tax: String?
    private var shipping: Bool?

    init(_ form: Form, of variant: Variant, isOnly: Bool, currency: Currency, _ faults: inout Faults) {
        id = variant.id
        let fields = VariantFields(form: form, variant: variant, isOnly: isOnly, currency: currency)
        price = fields.price(&faults)
        compareAt = fields.amount(.compareAt, present: variant.compareAtPriceMinorUnits, &faults)
        cost = fields.amount(.cost, present: variant.costMinorUnits, &faults)
        sku = fields.line(.sku, "An SKU", &faults)
        barcode = fields.line(.barcode, "A barcode", &faults)
        unit = fields.unit(&faults)
        grams = fields.grams(&faults)
        tax = fields.line(.tax, "A tax code", &faults)
        shipping = form[Part.shipping.field(id)].map { $0 != "no" }
    }

    func apply(to draft: inout ProductDraft) {
        guard let index = draft.variants.firstIndex(where: { $0.id == id }) else { return }
        var variant = draft.variants[index]
        if let price { variant.price = price }
        if let compareAt { variant.compareAtPrice = compareAt }
        if let cost { variant.cost = cost }
        if let sku { variant.sku = sku }
        if let barcode { variant.details.barcode = barcode }
        if let unit { variant.details.weightUnit = unit }
        if let grams { variant.weightGrams = grams }
        if let tax {
            variant.isTaxable = tax != Self.untaxed
            if tax != Self.untaxed { variant.details.taxCode = tax }
        }
        if let shipping { variant.requiresShipping = shipping }
        draft.variants[index] = variant
    }
}

/// The fields of one variant as they were sent.
private struct VariantFields {
    let form: Form
    let variant: Variant
    let isOnly: Bool
    let currency: Currency

    private func text(_ part: VariantEntry.Part) -> String? { form[part.field(variant.id)]?.trimmed }

    private func fault(_ part: VariantEntry.Part, _ sentence: String, _ faults: inout Faults) {
        let said = isOnly ? sentence.prefix(1).uppercased() + sentence.dropFirst() : "\(variant.title): \(sentence)"
        faults.add(part.field(variant.id), said)
    }

    private var example: String { Price.field(currency.exponent == 0 ? 1200 : 1250, currency) }

    func price(_ faults: inout Faults) -> Money? {
        guard let text = text(.price) else { return nil }
        guard let price = Price.read(text, currency) else {
            fault(.price, "give a price such as \(example).", &faults)
            return nil
        }
        return price
    }

    /// Nil for no such field, an empty one for no amount.
    func amount(_ part: VariantEntry.Part, present: Int64?, _ faults: inout Faults) -> Money?? {
        guard let text = text(part) else { return nil }
        guard !text.isEmpty else { return .some(nil) }
        guard let amount = Price.read(text, currency) else {
            fault(part, "give an amount such as \(example), or nothing.", &faults)
            return nil
        }
        return amount
    }

    func line(_ part: VariantEntry.Part, _ name: String, _ faults: inout Faults) -> String? {
        guard let text = text(part) else { return nil }
        guard text.unicodeScalars.count <= 100, !text.hasControlCharacters else {
            fault(part, "\(name) has one line of at most 100 characters.", &faults)
            return nil
        }
        return text
    }

    func unit(_ faults: inout Faults) -> WeightUnit? {
        guard let text = text(.weightUnit) else { return nil }
        guard let unit = WeightUnit(rawValue: text) else {
            fault(.weightUnit, "choose g, kg, oz or lb.", &faults)
            return nil
        }
        return unit
    }

    /// A weight that nobody touched stays what it is to the gram, whatever was rounded to show it.
    func grams(_ faults: inout Faults) -> Int? {
        guard let text = text(.weight) else { return nil }
        let unit =
            text.isEmpty
            ? .gram
            : form[VariantEntry.Part.weightUnit.field(variant.id)]
                .flatMap(WeightUnit.init) ?? variant.details.weightUnit
        if unit == variant.details.weightUnit, text == variant.weightText { return variant.weightGrams }
        if text.isEmpty { return 0 }
        guard let grams = unit.grams(text) else {
            fault(.weight, "give a weight such as 0.5, at most 1,000 t.", &faults)
            return nil
        }
        return grams
    }
}

extension WeightUnit {
    private var milligrams: Double {
        switch self {
        case .gram: 1000
        case .kilogram: 1_000_000
        case .ounce: 28_349.523_125
        case .pound: 453_592.37
        }
    }

    /// A weight as people type it, in whole grams; nil when it is no number or too much.
    func grams(_ text: String) -> Int? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard (1...2).contains(parts.count), text.utf8.count <= 16,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let number = Double(parts.joined(separator: "."))
        else { return nil }
        let grams = (number * milligrams / 1000).rounded()
        return grams <= 1_000_000_000 ? Int(grams) : nil
    }

    /// With at most three decimals, and none that say nothing.
    func text(grams: Int) -> String {
        let thousandths = Int((Double(grams) * 1_000_000 / milligrams).rounded())
        guard thousandths % 1000 > 0 else { return String(thousandths / 1000) }
        var decimals = String(String(1000 + thousandths % 1000).dropFirst())
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(thousandths / 1000).\(decimals)"
    }
}

extension Variant {
    /// Its weight in its own unit; empty when it weighs nothing.
    var weightText: String { weightGrams == 0 ? "" : details.weightUnit.text(grams: weightGrams) }
}

extension String {
    /// Whether there is anything in it that no line of text has.
    var hasControlCharacters: Bool { unicodeScalars.contains { $0.value < 32 || (127...159).contains($0.value) } }
}
