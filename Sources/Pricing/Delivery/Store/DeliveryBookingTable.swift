import Persistence
import Primitives

/// The SQL of `delivery_bookings`: the window of each order that has one.
enum DeliveryBookingTable {
    static func insert(_ key: WindowKey, order: OrderID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO delivery_bookings (store_id, order_id, starts_at, method)
            VALUES (\(store), \(order), \(key.startsAt), \(key.method))
            """)
    }

    /// The window that the order had; each booking ends once.
    static func delete(order: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> WindowKey? {
        try tx.first(
            """
            DELETE FROM delivery_bookings WHERE store_id = \(store) AND order_id = \(order)
            RETURNING method, starts_at
            """
        ) { WindowKey(method: try $0[0], startsAt: try $0[1]) }
    }

    static func page(
        of store: StoreID, from: Instant, through: Instant, limit: Int, in tx: borrowing Transaction
    ) throws -> [(WindowKey, OrderID)] {
        try tx.query(
            """
            SELECT method, starts_at, order_id FROM delivery_bookings
            WHERE store_id = \(store) AND starts_at >= \(from) AND starts_at <= \(through)
            ORDER BY starts_at, method, order_id LIMIT \(limit)
            """
        ) { (WindowKey(method: try $0[0], startsAt: try $0[1]), try $0[2]) }
    }
}
