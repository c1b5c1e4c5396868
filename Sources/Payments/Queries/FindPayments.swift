public import Persistence
public import Primitives

extension Payments {
    /// The payments of an order, oldest first.
    public static func payments(
        of order: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws -> [Payment] {
        try PaymentTable.ofOrder(order, store: store, in: tx)
    }

    /// A payment.
    /// - Parameter locks: whether nobody else changes it until the transaction ends.
    public static func payment(
        _ id: PaymentID, store: StoreID, locks: Bool = false, in tx: borrowing Transaction
    ) throws -> Payment? {
        try PaymentTable.find(id, store: store, locks: locks, in: tx)
    }

    /// When and how each of the orders was paid; those that were not are absent.
    public static func settlements(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: Settlement] {
        orders.isEmpty ? [:] : try PaymentTable.settlements(of: orders, store: store, in: tx)
    }
}
