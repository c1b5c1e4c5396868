import Persistence
import Primitives

/// The SQL of `reservations`.
enum ReservationTable {
    static func insert(
        _ claims: [StockClaim], order: OrderID, store: StoreID, expiresAt: Instant?, in tx: borrowing Transaction
    ) throws {
        guard !claims.isEmpty else { return }
        let expiry = expiresAt ?? .latest
        let rows = claims.map { claim in
            [
                store.sqlValue, order.sqlValue, claim.line.sqlValue, claim.variant.sqlValue,
                claim.quantity.sqlValue, expiry.sqlValue, claim.owed.sqlValue,
            ]
        }
        try tx.execute(
            """
            INSERT INTO reservations (store_id, order_id, line_id, variant_id, quantity, expires_at, owed)
            VALUES \(rows: rows)
            """)
    }

    static func deleteAll(order: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> [StockClaim] {
        try tx.query(
            """
            DELETE FROM reservations WHERE store_id = \(store) AND order_id = \(order)
            RETURNING line_id, variant_id, quantity, owed
            """, read)
    }

    static func keep(order: OrderID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE reservations SET expires_at = \(Instant.latest) WHERE store_id = \(store) AND order_id = \(order)
            """)
    }

    static func lockAll(order: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> [StockClaim] {
        try tx.query(
            """
            SELECT line_id, variant_id, quantity, owed FROM reservations
            WHERE store_id = \(store) AND order_id = \(order) ORDER BY line_id\(tx.forUpdate)
            """, read)
    }

    static func reduce(
        _ claim: StockClaim, by quantity: Int, order: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        let row: SQL = "store_id = \(store) AND order_id = \(order) AND line_id = \(claim.line)"
        if quantity == claim.quantity {
            try tx.execute("DELETE FROM reservations WHERE \(row)")
        } else {
            try tx.execute("UPDATE reservations SET quantity = quantity - \(quantity) WHERE \(row)")
        }
    }

    /// Orders with a reservation whose time has passed, the longest lapsed first. The index has no reservations that
    /// never lapse, and has to be told so in its own words.
    static func lapsed(limit: Int, in tx: borrowing Transaction) throws -> [LapsedOrder] {
        try tx.query(
            """
            SELECT DISTINCT expires_at, store_id, order_id FROM reservations
            WHERE expires_at < 253402300799999999 AND expires_at <= \(tx.now)
            ORDER BY expires_at, store_id, order_id LIMIT \(limit)
            """
        ) { LapsedOrder(store: try $0[1], order: try $0[2], expiredAt: try $0[0]) }
    }

    static func totals(after: HeldOrder?, limit: Int, in tx: borrowing Transaction) throws -> [HeldOrder] {
        let rest: SQL = after.map { "WHERE (store_id, order_id) > (\($0.store), \($0.order))" } ?? ""
        return try tx.query(
            """
            SELECT store_id, order_id, CAST(SUM(quantity) AS BIGINT) FROM reservations \(rest)
            GROUP BY store_id, order_id ORDER BY store_id, order_id LIMIT \(limit)
            """
        ) { HeldOrder(store: try $0[0], order: try $0[1], quantity: try $0[2]) }
    }

    /// The last of so many reservations after one, by store, order and line; nil when fewer are left.
    static func end(
        ofPageAfter after: ReservationPlace?, limit: Int, in tx: borrowing Transaction
    ) throws -> ReservationPlace? {
        try tx.first(
            """
            SELECT store_id, order_id, line_id FROM reservations WHERE \(isBetween(after, nil))
            ORDER BY store_id, order_id, line_id LIMIT 1 OFFSET \(limit - 1)
            """
        ) { ReservationPlace(store: try $0[0], order: try $0[1], line: try $0[2]) }
    }

    /// The units that the reservations between two hold, by variant.
    static func held(
        after: ReservationPlace?, through last: ReservationPlace?, in tx: borrowing Transaction
    ) throws -> [(place: StockPlace, units: HeldUnits)] {
        try tx.query(
            """
            SELECT store_id, variant_id, CAST(SUM(quantity) AS BIGINT), CAST(SUM(owed) AS BIGINT) FROM reservations
            WHERE \(isBetween(after, last)) GROUP BY store_id, variant_id
            """
        ) { (StockPlace(store: try $0[0], variant: try $0[1]), HeldUnits(quantity: try $0[2], owed: try $0[3])) }
    }

    private static func isBetween(_ after: ReservationPlace?, _ last: ReservationPlace?) -> SQL {
        let key: SQL = "(store_id, order_id, line_id)"
        var conditions: [SQL] = []
        if let after { conditions.append("\(key) > (\(after.store), \(after.order), \(after.line))") }
        if let last { conditions.append("\(key) <= (\(last.store), \(last.order), \(last.line))") }
        return conditions.isEmpty ? "1 = 1" : .joined(conditions, by: " AND ")
    }

    /// The promises of a variant that wait for units, the oldest order first. They stay so until the transaction ends.
    static func lockOwed(
        _ variant: VariantID, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [(order: OrderID, claim: StockClaim)] {
        try tx.query(
            """
            SELECT order_id, line_id, variant_id, quantity, owed FROM reservations
            WHERE store_id = \(store) AND variant_id = \(variant) AND owed > 0
            ORDER BY order_id, line_id LIMIT \(limit)\(tx.forUpdate)
            """
        ) { row in
            (try row[0], StockClaim(line: try row[1], variant: try row[2], quantity: try row[3], owed: try row[4]))
        }
    }

    static func fill(
        _ line: LineID, of order: OrderID, by quantity: Int, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE reservations SET owed = owed - \(quantity)
            WHERE store_id = \(store) AND order_id = \(order) AND line_id = \(line)
            """)
    }

    /// The units that lines of orders wait for.
    static func owed(
        to orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [(order: OrderID, claim: StockClaim)] {
        try tx.query(
            """
            SELECT order_id, line_id, variant_id, quantity, owed FROM reservations
            WHERE store_id = \(store) AND order_id IN \(list: orders) AND owed > 0
            """
        ) { row in
            (try row[0], StockClaim(line: try row[1], variant: try row[2], quantity: try row[3], owed: try row[4]))
        }
    }

    private static func read(_ row: Row) throws -> StockClaim {
        StockClaim(line: try row[0], variant: try row[1], quantity: try row[2], owed: try row[3])
    }
}

/// What reservations hold of a variant, and how much of it is not there yet.
struct HeldUnits {
    var quantity = 0
    var owed = 0
}

/// A reservation among those of all stores.
struct ReservationPlace {
    let store: StoreID
    let order: OrderID
    let line: LineID
}
