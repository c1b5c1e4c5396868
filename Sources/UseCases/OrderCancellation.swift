import Inventory
import Jobs
import Ledger
public import Orders
import Payments
public import Persistence
import Pricing
public import Primitives

/// Cancels an order: its state first, for that decides whether it may be; then its stock goes back, what was to be
/// collected is not collected any more, and the books take back what it had earned.
public struct OrderCancellation: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let reason: String
    private let restocks: Bool
    private let actor: Actor
    private let requestID: String?

    /// - Parameter restocks: false when the units are gone.
    public init(
        store: StoreID, order: OrderID, reason: String, restocks: Bool, actor: Actor, requestID: String?
    ) {
        self.store = store
        self.order = order
        self.reason = reason
        self.restocks = restocks
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `order.not_cancelable`.
    public func run(in tx: borrowing Transaction) throws -> Order {
        let canceled = try CancelOrder(
            store: store, order: order, reason: reason, actor: actor, requestID: requestID
        ).run(restocks: restocks, in: tx)
        try ReleaseStock(
            store: store, order: order, restocks: restocks, actor: actor, requestID: requestID
        ).run(in: tx)
        if canceled.delivery.window != nil { try ReleaseWindow(store: store, order: order).run(in: tx) }
        // Afterwards: the index of products is nothing that ending an order should wait for. Units that are written off
        // may have been owed, and as many can be back-ordered again.
        try ShelfAvailability.enqueueReview(
            of: canceled.lines.compactMap(\.variant), store: store, order: order, requestID: requestID, in: tx)
        try VoidPayments(store: store, order: order).run(in: tx)
        try ReverseOrder(store: store, order: order).run(in: tx)
        if canceled.paymentMethod == PaymentMethod.card.rawValue, canceled.paymentStatus == .voided {
            // Its payment page may still be open: nobody should pay for what they will not get.
            try Jobs.enqueue(
                [PaymentExpiry.closingJob(order: order, store: store, at: tx.now, requestID: requestID)], in: tx)
        }
        return canceled
    }
}
