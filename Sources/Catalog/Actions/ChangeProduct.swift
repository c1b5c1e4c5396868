public import Persistence
public import Primitives

/// Changes parts of a product: what it is now, with the change applied, is saved.
public struct ChangeProduct: Sendable {
    private let store: StoreID
    private let currency: Currency
    private let product: ProductID
    private let actor: Actor
    private let requestID: String?
    private let isIndexed: Bool
    private let change: @Sendable (inout ProductDraft) throws -> Void

    /// - Parameter isIndexed: false when the caller indexes many products at once (`IndexProducts`) in the same
    ///   transaction.
    public init(
        store: StoreID, currency: Currency, product: ProductID, actor: Actor, requestID: String?,
        isIndexed: Bool = true,
        change: @escaping @Sendable (inout ProductDraft) throws -> Void
    ) {
        self.store = store
        self.currency = currency
        self.product = product
        self.actor = actor
        self.requestID = requestID
        self.isIndexed = isIndexed
        self.change = change
    }

    /// - Throws: what `SaveProduct` and the change throw.
    public func run(in tx: borrowing Transaction) throws -> ProductChange {
        try CollectionTable.shareRules(store: store, in: tx)
        // Locked before it is read: two changes at once must not undo each other.
        try ProductTable.lock(product, store: store, in: tx)
        guard let former = try Catalog.product(product, of: store, in: tx) else { throw Problem.notFound("product") }
        var draft = try ProductDraft(former, currency: currency)
        try change(&draft)
        let changed = try SaveProduct(
            store: store, currency: currency, existing: product, draft: draft, actor: actor, requestID: requestID,
            isIndexed: isIndexed
        ).run(in: tx)
        return ProductChange(former: former, product: changed)
    }
}

/// A product before and after a change.
public struct ProductChange: Sendable {
    public let former: Product
    public let product: Product

    /// The variants that it no longer has, so that their stock can go too.
    public var removed: [Variant] { former.variants.filter { !product.has($0) } }
    /// The variants that it did not have.
    public var added: [Variant] { product.variants.filter { !former.has($0) } }
}

extension Product {
    fileprivate func has(_ variant: Variant) -> Bool { variants.contains { $0.id == variant.id } }
}

extension ProductDraft {
    /// What would make the product as it is.
    /// - Throws: `money.out_of_range`, which what the catalogue holds never is.
    public init(_ product: Product, currency: Currency) throws(Problem) {
        var variants: [VariantDraft] = []
        for variant in product.variants {
            variants.append(
                VariantDraft(
                    id: variant.id, sku: variant.sku,
                    // A title that was made from the options is made again from what they are then.
                    title: variant.title == Variant.title(of: variant.optionValues) ? nil : variant.title,
                    price: try Money(variant.priceMinorUnits, currency),
                    compareAtPrice: try variant.compareAtPriceMinorUnits.map { amount throws(Problem) in
                        try Money(amount, currency)
                    },
                    options: zip(product.optionNames, variant.optionValues).map { (name: $0, value: $1) },
                    weightGrams: variant.weightGrams, isTaxable: variant.isTaxable,
                    requiresShipping: variant.requiresShipping,
                    cost: try variant.costMinorUnits.map { amount throws(Problem) in try Money(amount, currency) },
                    details: variant.details))
        }
        self.init(
            title: product.title, handle: product.handle, descriptionHTML: product.descriptionHTML,
            status: product.status, vendor: product.vendor, optionNames: product.optionNames, images: product.images,
            tags: product.tags, details: product.details,
            categories: product.categories.map { CategoryDraft(handle: $0.handle, title: $0.title) },
            variants: variants, publishedAt: product.publishedAt, unpublishedAt: product.unpublishedAt)
    }
}
