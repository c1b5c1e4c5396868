public import Persistence
public import Primitives

extension Payments {
    /// The payments of an order, oldest first.
    public static func payments(
        of order: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws -> [Payment] {
        try PaymentTable.ofOrder(order, store: store, in: tx)
    }
}
