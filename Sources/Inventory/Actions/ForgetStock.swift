import Jobs
public import Persistence
public import Primitives

extension Inventory {
    /// Forgets the stock of variants that are sold no more. What orders hold is forgotten once they hold it no longer.
    public static func forget(_ variants: [VariantID], store: StoreID, in tx: borrowing Transaction) throws {
        let gone = try StockTable.delete(variants, store: store, in: tx)
        try StockLevelTable.delete(gone, store: store, in: tx)
        let held = try StockTable.levels(of: variants, store: store, in: tx).rows().map(\.variant)
        guard !held.isEmpty else { return }
        let payload: JSON = .object(["variants": .array(held.sorted().map { .string($0.description) })])
        try Jobs.enqueue(
            [NewJob(forgetting, store: store, payload: payload, runAt: tx.now.adding(seconds: 86_400))], in: tx)
    }

    /// Forgets the stock of variants that orders held when they were removed.
    static let forgetting = JobKind("inventory.forget_stock", queue: .maintenance)

    static func forget(_ job: Job, in tx: borrowing Transaction) throws {
        guard let store = job.store else { return }
        let variants = job.payload["variants"]?.array?.compactMap { $0.string.flatMap { VariantID($0) } } ?? []
        try forget(variants, store: store, in: tx)
    }
}
