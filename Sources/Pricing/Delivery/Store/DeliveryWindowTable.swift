import Persistence
import Primitives

/// The SQL of `delivery_windows`: how many orders each window has. A window gets its row with its first order.
enum DeliveryWindowTable {
    /// How many orders the window has with this one; no row when it is full, or none has been placed in it.
    static func take(_ key: WindowKey, store: StoreID, in tx: borrowing Transaction) throws -> Later<Int> {
        try tx.later(
            """
            UPDATE delivery_windows SET taken = taken + 1
            WHERE store_id = \(store) AND starts_at = \(key.startsAt) AND method = \(key.method) AND taken < capacity
            RETURNING taken
            """
        ) { try $0[0] }
    }

    /// As `take`, with a capacity that the row may not know yet.
    static func take(
        _ key: WindowKey, capacity: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Int? {
        try tx.first(
            """
            INSERT INTO delivery_windows (store_id, starts_at, method, capacity, taken)
            VALUES (\(store), \(key.startsAt), \(key.method), \(capacity), 1)
            ON CONFLICT (store_id, starts_at, method) DO UPDATE
            SET taken = delivery_windows.taken + 1, capacity = excluded.capacity
            WHERE delivery_windows.taken < excluded.capacity
            RETURNING taken
            """
        ) { try $0[0] }
    }

    static func release(_ key: WindowKey, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE delivery_windows SET taken = taken - 1
            WHERE store_id = \(store) AND starts_at = \(key.startsAt) AND method = \(key.method)
            """)
    }

    static func taken(
        of store: StoreID, from: Instant, through: Instant, in tx: borrowing Transaction
    ) throws -> Later<(WindowKey, Int)> {
        try tx.later(
            """
            SELECT method, starts_at, taken FROM delivery_windows
            WHERE store_id = \(store) AND starts_at >= \(from) AND starts_at <= \(through)
            """
        ) { (WindowKey(method: try $0[0], startsAt: try $0[1]), try $0[2]) }
    }

    /// The row goes only while nobody is in it: an order that takes a place meanwhile keeps its window.
    static func deleteEmpty(before moment: Instant, limit: Int, in tx: borrowing Transaction) throws -> Int {
        try tx.changes(
            """
            DELETE FROM delivery_windows
            WHERE taken = 0 AND (store_id, starts_at, method) IN (
                SELECT store_id, starts_at, method FROM delivery_windows
                WHERE starts_at < \(moment) AND taken = 0 AND NOT EXISTS (
                    SELECT 1 FROM delivery_bookings
                    WHERE delivery_bookings.store_id = delivery_windows.store_id
                        AND delivery_bookings.starts_at = delivery_windows.starts_at
                        AND delivery_bookings.method = delivery_windows.method)
                ORDER BY starts_at LIMIT \(limit))
            """)
    }

    static func contradictions(in tx: borrowing Transaction) throws -> [String] {
        try tx.query(
            """
            SELECT w.store_id, w.method, w.starts_at, w.taken, COALESCE(b.booked, 0)
            FROM delivery_windows w LEFT JOIN (
                SELECT store_id, starts_at, method, COUNT(*) AS booked FROM delivery_bookings
                GROUP BY store_id, starts_at, method
            ) b ON b.store_id = w.store_id AND b.starts_at = w.starts_at AND b.method = w.method
            WHERE w.taken <> COALESCE(b.booked, 0)
            ORDER BY w.store_id, w.starts_at, w.method LIMIT 20
            """
        ) { row in
            let store: StoreID = try row[0]
            let key = WindowKey(method: try row[1], startsAt: try row[2])
            let (taken, booked): (Int, Int) = (try row[3], try row[4])
            return "window \(key.id) of \(store): \(taken) taken, \(booked) booked"
        }
    }
}
