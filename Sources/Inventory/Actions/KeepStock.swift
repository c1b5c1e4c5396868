public import Persistence
public import Primitives

/// Makes an order's promise last: it was paid, so its units are kept until they are delivered or released.
public struct KeepStock: Sendable {
    private let store: StoreID
    private let order: OrderID

    public init(store: StoreID, order: OrderID) {
        self.store = store
        self.order = order
    }

    public func run(in tx: borrowing Transaction) throws {
        try ReservationTable.keep(order: order, store: store, in: tx)
    }
}
