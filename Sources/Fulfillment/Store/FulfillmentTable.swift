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

    static func lastMoments(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: Instant] {
        let rows: [(OrderID, Instant)] = try tx.query(
            """
            SELECT order_id, MAX(created_at) FROM fulfillments
            WHERE store_id = \(store) AND order_id IN \(list: orders) GROUP BY order_id
            """
        ) { (try $0[0], try $0[1]) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    static func find(_ id: FulfillmentID, store: StoreID, in tx: borrowing Transaction) throws -> Fulfillment? {
        let lines = try tx.later(
            """
            SELECT line_id, quantity FROM fulfillment_lines
            WHERE store_id = \(store) AND fulfillment_id = \(id) ORDER BY position
            """
        ) { Fulfillment.Line(line: try $0[0], quantity: try $0[1]) }
        let head = try tx.later(
            """
            SELECT order_id, tracking_number, created_at FROM fulfillments WHERE store_id = \(store) AND id = \(id)
            """
        ) { (order: try $0[0] as OrderID, trackingNumber: try $0[1] as String, createdAt: try $0[2] as Instant) }
        guard let found = try head.rows().first else { return nil }
        return Fulfillment(
            id: id, order: found.order, trackingNumber: found.trackingNumber, lines: try lines.rows(),
            createdAt: found.createdAt)
    }
}
