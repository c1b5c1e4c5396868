import EventLog
public import Persistence
public import Primitives

/// Removes a product and its variants. Orders keep what they sold: they hold copies.
public struct DeleteProduct: Sendable {
    private let store: StoreID
    private let product: ProductID
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, product: ProductID, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.product = product
        self.actor = actor
        self.requestID = requestID
    }

    /// - Returns: the variants that went with it, so that their stock can go too.
    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws -> [VariantID] {
        try ProductTable.lock(product, store: store, in: tx)
        guard let found = try Catalog.product(product, of: store, in: tx) else { throw Problem.notFound("product") }
        try UnindexProducts(store: store, products: [product]).run(in: tx)
        try ProductTable.delete(product, store: store, in: tx)
        try RedirectTable.clear(to: product.uuid, store: store, in: tx)
        try EventLog.append(
            [
                NewEvent(
                    store: store, aggregate: Aggregate(kind: "product", id: product.uuid), version: found.version + 1,
                    type: "product.deleted", actor: actor,
                    data: .object(["product_id": .string(product.description), "handle": .string(found.handle)]),
                    requestID: requestID)
            ], in: tx)
        return found.variants.map(\.id)
    }
}
