public import Persistence
public import Primitives

/// Turns an open checkout into a completed one, once: of all that try, one gets the row.
public struct CompleteCheckout: Sendable {
    private let store: StoreID
    private let id: CheckoutID
    private let order: OrderID

    public init(store: StoreID, id: CheckoutID, order: OrderID) {
        self.store = store
        self.id = id
        self.order = order
    }

    /// Submitted now, read later: the checkout when it was open, nothing otherwise.
    public func submit(in tx: borrowing Transaction) throws -> Later<Checkout> {
        try CheckoutTable.complete(id, store: store, order: order, in: tx)
    }
}
