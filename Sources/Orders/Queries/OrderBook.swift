public import Persistence
public import Primitives

/// What an order says of its money, for comparison with the ledger.
public struct OrderBook: Hashable, Sendable {
    public let store: StoreID
    public let order: OrderID
    public let number: Int
    public let status: OrderStatus
    public let paymentStatus: PaymentStatus
    public let total: Money
}

extension Orders {
    /// An order with its lines, which nobody else changes until the transaction ends.
    public static func lockedOrder(
        _ id: OrderID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Order? {
        guard try OrderTable.lock(id, store: store, in: tx) != nil else { return nil }
        return try order(id, of: store, in: tx)
    }

    /// A page of the money of all orders of all stores, by store and id.
    /// - Parameter after: the last one of the page before.
    public static func books(
        after: OrderBook?, limit: Int, in tx: borrowing Transaction
    ) throws -> [OrderBook] {
        try OrderTable.books(after: after.map { ($0.store, $0.order) }, limit: limit, in: tx)
    }

    /// Which of these orders there are.
    public static func known(
        _ orders: [OrderID], of store: StoreID, in tx: borrowing Transaction
    ) throws -> Set<OrderID> {
        Set(try OrderTable.known(orders, store: store, in: tx))
    }
}
