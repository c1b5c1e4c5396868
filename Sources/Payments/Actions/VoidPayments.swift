public import Persistence
public import Primitives

/// Ends the pending payments of an order that was canceled: nothing is to be collected any more.
public struct VoidPayments: Sendable {
    private let store: StoreID
    private let order: OrderID

    public init(store: StoreID, order: OrderID) {
        self.store = store
        self.order = order
    }

    public func run(in tx: borrowing Transaction) throws {
        try PaymentTable.void(order: order, store: store, in: tx)
    }
}
