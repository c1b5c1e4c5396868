public import Persistence
public import Primitives

/// Gives an order's promised units back, or writes them off. Each reservation ends once: its row is deleted here.
public struct ReleaseStock: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let restocks: Bool

    /// - Parameter restocks: false when the units are gone (broken, lost) and leave the house with the promise.
    public init(store: StoreID, order: OrderID, restocks: Bool) {
        self.store = store
        self.order = order
        self.restocks = restocks
    }

    public func run(in tx: borrowing Transaction) throws {
        let claims = try ReservationTable.deleteAll(order: order, store: store, in: tx)
        try StockTable.settle(claims, leavesHouse: !restocks, store: store, in: tx)
    }
}
