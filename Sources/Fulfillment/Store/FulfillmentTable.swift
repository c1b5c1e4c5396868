import Persistence
import Primitives

/// The SQL of `fulfillments` and `fulfillment_lines`.
enum FulfillmentTable {
    static func insert(_ fulfillment: Fulfillment, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO fulfillments (store_id, id, order_id, tracking_number, created_at)
            VALUES (\(store), \(fulfillment.id), \(fulfillment.order), \(fulfillment.trackingNumber),
                \(fulfillment.createdAt))
            """)
        let rows = fulfillment.lines.enumerated().map { position, line in
            [
                store.sqlValue, fulfillment.id.sqlValue, position.sqlValue, line.line.sqlValue, line.quantity.sqlValue,
            ]
        }
        guard !rows.isEmpty else { return }
        try tx.execute(
            """
            INSERT INTO fulfillment_lines (store_id, fulfillment_id, position, line_id, quantity) VALUES \(rows: rows)
            """)
    }
}
