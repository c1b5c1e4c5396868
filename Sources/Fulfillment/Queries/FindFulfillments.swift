public import Persistence
public import Primitives

extension Fulfillments {
    /// What went out together; nil when the store has nothing of that id.
    public static func fulfillment(
        _ id: FulfillmentID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Fulfillment? {
        try FulfillmentTable.find(id, store: store, in: tx)
    }

    /// When something went out last for each of the orders; those of which nothing did are absent.
    public static func lastMoments(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: Instant] {
        orders.isEmpty ? [:] : try FulfillmentTable.lastMoments(of: orders, store: store, in: tx)
    }
}
