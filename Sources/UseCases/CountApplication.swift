import Catalog
public import Inventory
public import Persistence
public import Primitives

/// Brings the books to what was counted. Variants that left the catalogue since are passed over: they have no stock.
public struct CountApplication: Sendable {
    private let store: StoreID
    private let count: StockCountID
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, count: StockCountID, actor: Actor, requestID: String?) {
        self.store = store
        self.count = count
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, and what `CloseCount` throws.
    public func run(in tx: borrowing Transaction) throws -> StockCount {
        guard let found = try Inventory.count(count, of: store, in: tx) else { throw Problem.notFound("count") }
        let counted = found.lines.map(\.variant)
        let existing = try Catalog.sellableVariants(counted, of: store, in: tx).rows().map(\.id)
        let applied = try CloseCount(
            store: store, id: count, .apply(without: Set(counted).subtracting(existing)), actor: actor,
            requestID: requestID
        ).run(in: tx)
        try ShelfAvailability.review(variants: existing, store: store, in: tx)
        return applied
    }
}
