public import Persistence
public import Primitives

/// Gives an order's promised units back, or writes them off. Each reservation ends once: its row is deleted here. What
/// comes free goes to those to whom units are owed.
public struct ReleaseStock: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let restocks: Bool
    private let actor: Actor
    private let requestID: String?

    /// - Parameter restocks: false when the units are gone (broken, lost) and leave the house with the promise.
    public init(store: StoreID, order: OrderID, restocks: Bool, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.order = order
        self.restocks = restocks
        self.actor = actor
        self.requestID = requestID
    }

    public func run(in tx: borrowing Transaction) throws {
        let claims = try ReservationTable.deleteAll(order: order, store: store, in: tx)
        guard !claims.isEmpty else { return }
        var book = try StockBook(
            claims.map(\.variant), store: store, tracks: false, actor: actor, requestID: requestID, in: tx)
        let locations = restocks ? [] : try Inventory.sources(for: book, in: tx)
        for claim in claims {
            book.unreserve(claim.variant, quantity: claim.quantity, owed: claim.owed)
            guard !restocks else { continue }
            let cause = StockBook.Cause(reason: .lost, order: order)
            try book.take(claim.quantity - claim.owed, of: claim.variant, from: locations, cause, in: tx)
        }
        try book.close(in: tx)
    }
}
