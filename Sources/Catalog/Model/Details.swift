/// What is said of a product besides what buyers read first.
public struct ProductDetails: Hashable, Sendable {
    /// The merchant's own word for what it is, such as `Bracelet`.
    public var type: String
    /// What search engines show; the product's title when empty.
    public var seoTitle: String
    public var seoDescription: String
    /// What other programs keep with the product, by name. Never empty texts.
    public var metadata: [String: String]

    public init(type: String = "", seoTitle: String = "", seoDescription: String = "", metadata: [String: String] = [:])
    {
        self.type = type
        self.seoTitle = seoTitle
        self.seoDescription = seoDescription
        self.metadata = metadata
    }
}

/// What is said of a variant besides what buyers choose by.
public struct VariantDetails: Hashable, Sendable {
    /// GTIN, EAN, UPC or ISBN as printed.
    public var barcode: String
    /// The unit in which people read its weight, which is kept in grams.
    public var weightUnit: WeightUnit
    /// The tax service's code for its kind of goods.
    public var taxCode: String
    /// The address of its own picture; empty when it has none.
    public var imageURL: String
    /// What other programs keep with the variant, by name. Never empty texts.
    public var metadata: [String: String]

    public init(
        barcode: String = "", weightUnit: WeightUnit = .gram, taxCode: String = "", imageURL: String = "",
        metadata: [String: String] = [:]
    ) {
        self.barcode = barcode
        self.weightUnit = weightUnit
        self.taxCode = taxCode
        self.imageURL = imageURL
        self.metadata = metadata
    }
}

/// The names under which metadata is kept.
public struct MetadataNames: Hashable, Sendable {
    public var products: Set<String> = []
    public var variants: Set<String> = []

    public init() {}
}

/// A unit of weight.
public enum WeightUnit: String, Sendable, CaseIterable {
    case gram = "g"
    case kilogram = "kg"
    case ounce = "oz"
    case pound = "lb"
}
