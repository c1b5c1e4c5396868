import EventLog
public import Persistence
public import Primitives

/// Takes units in or writes them off, with a reason that stays in the history.
public struct AdjustStock: Sendable {
    private let store: StoreID
    private let variant: VariantID
    private let delta: Int
    private let location: LocationID
    private let reason: MovementReason
    private let note: String
    private let order: OrderID?
    private let actor: Actor
    private let requestID: String?

    /// - Parameters:
    ///   - delta: units that came, or went when negative.
    ///   - location: the main one when nil.
    ///   - order: the order that they belong to, such as one that was returned.
    public init(
        store: StoreID, variant: VariantID, delta: Int, location: LocationID? = nil, reason: MovementReason,
        note: String = "", order: OrderID? = nil, actor: Actor, requestID: String? = nil
    ) {
        self.store = store
        self.variant = variant
        self.delta = delta
        self.location = location ?? LocationID(main: store)
        self.reason = reason
        self.note = note
        self.order = order
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `validation.failed` for a reason that does not go with it, `not_found`, `location.closed`,
    ///   `stock.insufficient_at_location`, `stock.below_reserved`.
    public func run(in tx: borrowing Transaction) throws -> (StockMovement, StockLevel) {
        guard reason.isForAdjustments else {
            throw Problem.validation("/reason", "not_allowed", "This reason is not for adjustments.")
        }
        guard reason.allows(delta) else {
            let detail =
                delta == 0
                ? "At least one unit has to come or go."
                : "Units that are \(reason.rawValue) \(delta > 0 ? "go: a negative" : "come: a positive") number."
            throw Problem.validation("/delta", "sign", detail)
        }
        try Inventory.requireOpen(location, of: store, in: tx)
        var book = try StockBook([variant], store: store, tracks: true, actor: actor, requestID: requestID, in: tx)
        do {
            let movement = try book.move(
                variant, by: delta, at: location, StockBook.Cause(reason: reason, note: note, order: order), in: tx)
            book.tell(
                "stock.adjusted", of: variant,
                ["delta": .integer(Int64(delta)), "reason": .string(reason.rawValue)])
            try book.close(in: tx)
            guard let movement, let level = book[variant] else { throw Problem.notFound("variant") }
            return (movement, level)
        } catch let problem as Problem {
            throw problem.pointing(at: "/delta")
        }
    }
}
