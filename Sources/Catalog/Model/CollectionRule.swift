import Primitives

/// One thing that the products of a collection have in common.
public struct CollectionCondition: Hashable, Sendable {
    /// What is looked at.
    public enum Field: String, Sendable, CaseIterable {
        case tag, vendor
        /// The merchant's own word for what it is.
        case type = "product_type"
        case title, price, stock
    }

    /// How it is compared.
    public enum Comparison: String, Sendable, CaseIterable {
        case equals = "is"
        case differs = "is_not"
        case contains
        case lacks = "contains_not"
        case below = "less_than"
        case above = "greater_than"
    }

    public let field: Field
    public let comparison: Comparison
    /// Of a tag, a vendor, a type or a title; compared without regard to case and accents.
    public let text: String
    /// Minor units of the store's currency, or units in stock.
    public let number: Int64

    public init(_ field: Field, _ comparison: Comparison, text: String = "", number: Int64 = 0) {
        self.field = field
        self.comparison = comparison
        self.text = text
        self.number = number
    }

    /// The ways in which a field can be compared.
    public static func comparisons(of field: Field) -> [Comparison] {
        switch field {
        case .tag, .vendor, .type: [.equals, .differs]
        case .title: [.contains, .lacks]
        case .price: [.below, .above, .equals]
        case .stock: [.above, .below]
        }
    }

    /// Whether a product meets it: of its prices one is enough; units of all its variants together, and any number
    /// where a variant is not tracked.
    /// - Parameter units: nil for any number.
    func isMet(by product: Product, units: Int64?) -> Bool {
        switch field {
        case .tag:
            let wanted = SearchWords.fold(text)
            return product.tags.contains { SearchWords.fold($0) == wanted } == (comparison == .equals)
        case .vendor:
            return (SearchWords.fold(product.vendor) == SearchWords.fold(text)) == (comparison == .equals)
        case .type:
            return (SearchWords.fold(product.details.type) == SearchWords.fold(text)) == (comparison == .equals)
        case .title:
            let words = Set(SearchWords.words(of: product.title))
            return SearchWords.words(of: text).allSatisfy(words.contains) == (comparison == .contains)
        case .price: return product.variants.contains { compares($0.priceMinorUnits) }
        case .stock: return units.map(compares) ?? (comparison == .above)
        }
    }

    private func compares(_ value: Int64) -> Bool {
        switch comparison {
        case .below: value < number
        case .above: value > number
        default: value == number
        }
    }

    /// What is wrong with it, if anything: the member at fault, a code and a sentence.
    func fault(maximum: Int64 = Money.limit) -> (member: String, code: String, detail: String)? {
        let possible = Self.comparisons(of: field)
        guard possible.contains(comparison) else {
            let words = possible.map(\.rawValue).joined(separator: ", ")
            return ("operator", "operator", "With \(field.rawValue) the operator is one of: \(words).")
        }
        switch field {
        case .tag, .vendor, .type, .title:
            return SearchWords.words(of: text).isEmpty && SearchWords.fold(text).allSatisfy(\.isWhitespace)
                ? ("value", "required", "Say what to compare with.") : nil
        case .price, .stock:
            return (0...maximum).contains(number)
                ? nil : ("value", "out_of_range", "Give a number from 0 to \(maximum).")
        }
    }
}

/// Which products a collection holds by itself.
public struct CollectionRule: Hashable, Sendable {
    /// Whether one condition is enough.
    public enum Matching: String, Sendable, CaseIterable {
        case all, any
    }

    public var matching: Matching
    /// One at least.
    public var conditions: [CollectionCondition]

    public init(_ matching: Matching, _ conditions: [CollectionCondition]) {
        self.matching = matching
        self.conditions = conditions
    }

    /// Whether it can only be judged by whoever knows the stock.
    public var usesStock: Bool { conditions.contains { $0.field == .stock } }

    /// - Parameter units: nil for any number.
    func isMet(by product: Product, units: Int64?) -> Bool {
        switch matching {
        case .all: conditions.allSatisfy { $0.isMet(by: product, units: units) }
        case .any: conditions.contains { $0.isMet(by: product, units: units) }
        }
    }
}

/// In which order a collection shows its products.
public enum CollectionOrder: String, Sendable, CaseIterable {
    /// As they were put into it; only where that was done by hand.
    case manual
    case newest, oldest, title
    case priceAscending = "price_ascending"
    case priceDescending = "price_descending"

    /// Where a product stands: by the number, then by the text.
    func place(of product: Product, position: Int) -> (number: Int64, text: String) {
        switch self {
        case .manual: (Int64(position), "")
        case .newest: (-product.createdAt.microseconds, "")
        case .oldest: (product.createdAt.microseconds, "")
        case .title: (0, String(SearchWords.fold(product.title).unicodeScalars.prefix(100)))
        case .priceAscending: (product.variants.map(\.priceMinorUnits).min() ?? 0, "")
        case .priceDescending: (-(product.variants.map(\.priceMinorUnits).min() ?? 0), "")
        }
    }
}
