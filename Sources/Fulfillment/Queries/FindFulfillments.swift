public import Persistence
public import Primitives

extension Fulfillments {
    /// What went out together; nil when the store has nothing of that id.
    public static func fulfillment(
        _ id: FulfillmentID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Fulfillment? {
        try FulfillmentTable.find(id, store: store, in: tx)
    }
}
