import FoundationEssentials
public import Primitives

/// What is sold, in one or more variants.
public struct Product: Hashable, Sendable {
    public let id: ProductID
    public var handle: String
    public var title: String
    public var descriptionHTML: String
    public var status: ProductStatus
    public var vendor: String
    /// What variants differ in, such as Size and Colour; at most three. The values are those of the variants.
    public var optionNames: [String]
    public var images: [ProductImage]
    public var tags: [String]
    public var details = ProductDetails()
    public var categories: [Category]
    public var variants: [Variant]
    /// Grows by one with every change.
    public var version: Int
    public var createdAt: Instant
    public var updatedAt: Instant
    /// When buyers begin to see it, if it is active; nil for from the beginning.
    public var publishedAt: Instant?
    /// When buyers cease to see it; nil for never.
    public var unpublishedAt: Instant?

    /// One that nobody saved yet, as the form of a new product begins: a draft with a variant that has no price.
    public static var blank: Product {
        let none = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        let variant = Variant(
            id: VariantID(none), product: ProductID(none), sku: "", title: Variant.title(of: []), optionValues: [],
            priceMinorUnits: 0, weightGrams: 0, isTaxable: true, requiresShipping: true)
        return Product(
            id: ProductID(none), handle: "", title: "", descriptionHTML: "", status: .draft, vendor: "",
            optionNames: [], images: [], tags: [], categories: [], variants: [variant], version: 0,
            createdAt: Instant(microseconds: 0), updatedAt: Instant(microseconds: 0))
    }

    /// Whether buyers see it at a moment.
    public func isShown(at moment: Instant) -> Bool {
        status == .active && publishedAt.map { $0 <= moment } ?? true && unpublishedAt.map { moment < $0 } ?? true
    }

    /// Each option with the values its variants take, in their order.
    public var options: [ProductOption] {
        optionNames.enumerated().map { index, name in
            var values: [String] = []
            for variant in variants where index < variant.optionValues.count {
                let value = variant.optionValues[index]
                if !values.contains(value) { values.append(value) }
            }
            return ProductOption(name: name, values: values)
        }
    }
}

/// Whether a product is shown and sold.
public enum ProductStatus: String, Sendable, CaseIterable {
    case draft, active, archived
}

/// One way in which variants differ.
public struct ProductOption: Hashable, Sendable {
    public let name: String
    public let values: [String]

    public init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }
}

/// A picture of a product, by address.
public struct ProductImage: Hashable, Sendable {
    /// An absolute http or https address.
    public let url: String
    /// What it shows, for those who do not see it.
    public let alt: String
    /// The shop's own copy, once there is one: pages show it instead.
    public let copy: ImageCopy?

    public init(url: String, alt: String, copy: ImageCopy? = nil) {
        self.url = url
        self.alt = alt
        self.copy = copy
    }

    /// Whether it is on another server, and the shop has no copy. Pictures of the site itself need none.
    public var isWaitingForCopy: Bool {
        copy == nil && (url.hasPrefix("https://") || url.hasPrefix("http://"))
    }
}

/// The shop's own copy of an image.
public struct ImageCopy: Hashable, Sendable {
    /// Where it is served, without the site.
    public let path: String
    /// In pixels.
    public let width: Int
    public let height: Int

    public init(path: String, width: Int, height: Int) {
        self.path = path
        self.width = width
        self.height = height
    }
}

/// A group of products, found by its handle.
public struct Category: Hashable, Sendable {
    public let id: CategoryID
    public let handle: String
    public let title: String
}

/// The unit that is priced, stocked and ordered.
public struct Variant: Hashable, Sendable {
    public let id: VariantID
    public let product: ProductID
    /// The merchant's own number; may be empty.
    public var sku: String
    /// Its option values joined, or `Default`.
    public var title: String
    /// One value for each of the product's options.
    public var optionValues: [String]
    /// In minor units of the store's currency.
    public var priceMinorUnits: Int64
    /// The former price shown beside, in minor units.
    public var compareAtPriceMinorUnits: Int64?
    public var weightGrams: Int
    public var isTaxable: Bool
    public var requiresShipping: Bool
    /// What it costs the merchant, in minor units; not for buyers.
    public var costMinorUnits: Int64?
    public var details = VariantDetails()

    /// What a variant is called that was given no title of its own.
    static func title(of optionValues: [String]) -> String {
        optionValues.isEmpty ? "Default" : optionValues.joined(separator: " / ")
    }
}

/// What an order needs to know of a variant: its price now and how it is called.
public struct SellableVariant: Hashable, Sendable {
    public let id: VariantID
    public let sku: String
    /// The product's title, and the variant's unless it is the only one.
    public let title: String
    /// In minor units of the store's currency, until a `PriceSheet` says otherwise.
    public internal(set) var priceMinorUnits: Int64
    public let isTaxable: Bool
    public let requiresShipping: Bool
    public let weightGrams: Int
    /// The class of goods as which it is taxed; the ordinary one when empty.
    public let taxCode: String
    /// Whether buyers may order it: its product is shown to them now.
    public internal(set) var isPublished: Bool
    /// Of the store's `PriceBook` at the moment when the variant was read.
    public let priceBookVersion: Int
}

/// Where buyers see a variant: its product's page and first picture.
public struct VariantDisplay: Hashable, Sendable {
    public let variant: VariantID
    public let handle: String
    public let image: ProductImage?
}
