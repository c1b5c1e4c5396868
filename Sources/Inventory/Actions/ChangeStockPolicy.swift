import EventLog
public import Persistence
public import Primitives

/// Changes how a variant is sold: what is kept back from buyers, what may be owed, when it counts as low.
///
/// A lower limit of back-orders takes nothing from those to whom units are owed already.
public struct ChangeStockPolicy: Sendable {
    private let store: StoreID
    private let variant: VariantID
    private let change: @Sendable (inout StockPolicy) -> Void
    private let actor: Actor
    private let requestID: String?

    public init(
        store: StoreID, variant: VariantID, actor: Actor, requestID: String? = nil,
        change: @escaping @Sendable (inout StockPolicy) -> Void
    ) {
        self.store = store
        self.variant = variant
        self.change = change
        self.actor = actor
        self.requestID = requestID
    }

    /// The variant is tracked from then on.
    public func run(in tx: borrowing Transaction) throws -> StockLevel {
        var book = try StockBook([variant], store: store, tracks: true, actor: actor, requestID: requestID, in: tx)
        guard let level = book[variant] else { throw Problem.notFound("variant") }
        var policy = level.policy
        change(&policy)
        guard policy != level.policy else {
            try book.close(in: tx)
            return level
        }
        book.setPolicy(policy, of: variant)
        book.tell(
            "stock.policy_changed", of: variant,
            [
                "safety_stock": .integer(Int64(policy.safety)),
                "backorder_limit": .integer(Int64(policy.backorderLimit)),
                "low_stock_threshold": .integer(Int64(policy.lowAt)),
            ])
        try book.close(in: tx)
        return book[variant] ?? level
    }
}
