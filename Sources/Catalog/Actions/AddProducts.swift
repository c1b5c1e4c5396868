import EventLog
public import Persistence
public import Primitives

/// Creates many products at once, each with a handle of its own: a handful of statements for all of them, where
/// `SaveProduct` needs as many for each.
public struct AddProducts: Sendable {
    private let store: StoreID
    private let currency: Currency
    private let drafts: [ProductDraft]
    private let actor: Actor
    private let requestID: String?
    private let isIndexed: Bool

    /// - Parameters:
    ///   - drafts: with handles that differ; what `ProductDraft.check` refuses is refused here too.
    ///   - isIndexed: false when the caller indexes them together with others in the same transaction.
    public init(
        store: StoreID, currency: Currency, drafts: [ProductDraft], actor: Actor, requestID: String? = nil,
        isIndexed: Bool = true
    ) {
        self.store = store
        self.currency = currency
        self.drafts = drafts
        self.actor = actor
        self.requestID = requestID
        self.isIndexed = isIndexed
    }

    /// Rows in one statement; few sizes, so that few statements are prepared.
    private static let chunk = 64

    /// - Throws: `validation.failed`; `DatabaseError.conflict` when somebody took a handle after the caller had looked:
    ///   run again, the closure finds that product.
    public func run(in tx: borrowing Transaction) throws -> [Product] {
        try CollectionTable.shareRules(store: store, in: tx)
        var products: [Product] = []
        products.reserveCapacity(drafts.count)
        for draft in drafts { products.append(try product(of: draft, in: tx)) }
        var inserted: [Later<ProductID>] = []
        // In the order of their handles, so that two imports of the same products do not wait in a circle.
        let sorted = products.sorted { $0.handle.precedes($1.handle) }
        for part in sorted.chunks(of: Self.chunk) {
            inserted.append(try ProductTable.insert(part, store: store, in: tx))
        }
        let count = try inserted.reduce(0) { try $0 + $1.rows().count }
        guard count == products.count else { throw DatabaseError.conflict }
        let variants = products.flatMap { product in
            product.variants.enumerated().map { VariantTable.row($1, at: $0, store) }
        }
        for part in variants.chunks(of: Self.chunk) { try VariantTable.insert(part, in: tx) }
        for part in products.map(\.handle).chunks(of: 4 * Self.chunk) {
            try RedirectTable.clear(Array(part), .product, store: store, in: tx)
        }
        try putIntoCategories(&products, in: tx)
        for product in products where product.publishedAt != nil || product.unpublishedAt != nil {
            try PublicationTable.replace(product, isNew: true, store: store, in: tx)
        }
        if isIndexed { try IndexProducts(store: store, products: products).run(in: tx) }
        try CollectionMembership.review(new: products, store: store, in: tx)
        for product in products where product.images.contains(where: \.isWaitingForCopy) {
            try Catalog.requestImages(of: product.id, store: store, occasion: "1", requestID: requestID, in: tx)
        }
        try EventLog.append(
            products.map { $0.event(isNew: true, store: store, actor: actor, requestID: requestID) }, in: tx)
        return products
    }

    private func putIntoCategories(_ products: inout [Product], in tx: borrowing Transaction) throws {
        let wanted = drafts.flatMap(\.categories)
        guard !wanted.isEmpty else { return }
        let settled = try ProductCategories.settle(wanted, store: store, in: tx)
        let byHandle = Dictionary(settled.map { ($0.handle, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, draft) in drafts.enumerated() {
            var seen: Set<String> = []
            products[index].categories = draft.categories.compactMap { category in
                seen.insert(category.handle).inserted ? byHandle[category.handle] : nil
            }
        }
        let rows = products.flatMap { product in
            product.categories.enumerated().map { ProductCategoryTable.row($1, at: $0, of: product.id, store) }
        }
        for part in rows.chunks(of: Self.chunk) { try ProductCategoryTable.insert(Array(part), in: tx) }
    }

    private func product(of draft: ProductDraft, in tx: borrowing Transaction) throws -> Product {
        let options = try draft.settled(currency: currency)
        guard let handle = draft.handle.map(Handle.normal) else {
            throw Problem.validation("/handle", "required", "A product that is added among many has a handle.")
        }
        var product = Product(
            id: tx.newIdentifier(), handle: handle, title: draft.title, descriptionHTML: draft.descriptionHTML,
            status: draft.status, vendor: draft.vendor, optionNames: options.names, images: draft.images,
            tags: draft.tags, details: draft.details, categories: [], variants: [], version: 1, createdAt: tx.now,
            updatedAt: tx.now, publishedAt: draft.publishedAt, unpublishedAt: draft.unpublishedAt)
        for (variant, values) in zip(draft.variants, options.values) {
            product.variants.append(
                Variant(id: tx.newIdentifier(), product: product.id, draft: variant, optionValues: values))
        }
        return product
    }
}

extension Variant {
    /// As it is asked for.
    init(id: VariantID, product: ProductID, draft: ProductDraft.VariantDraft, optionValues: [String]) {
        self.init(
            id: id, product: product, sku: draft.sku, title: draft.title ?? Variant.title(of: optionValues),
            optionValues: optionValues, priceMinorUnits: draft.price.amount,
            compareAtPriceMinorUnits: draft.compareAtPrice?.amount, weightGrams: draft.weightGrams,
            isTaxable: draft.isTaxable, requiresShipping: draft.requiresShipping, costMinorUnits: draft.cost?.amount,
            details: draft.details)
    }
}

extension Array {
    /// Slices of so many elements, the last with what is left.
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
