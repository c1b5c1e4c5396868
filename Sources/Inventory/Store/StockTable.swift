import Persistence
import Primitives

/// The SQL of `stock_items`.
enum StockTable {
    private static let columns: SQL = """
        variant_id, on_hand, reserved, owed, elsewhere, safety, backorder_limit, low_at, expected_at
        """

    private static func level(_ row: Row, from first: Int = 0) throws -> StockLevel {
        let expectedAt: Instant = try row[first + 8]
        return StockLevel(
            variant: try row[first], onHand: try row[first + 1], reserved: try row[first + 2],
            owed: try row[first + 3], elsewhere: try row[first + 4],
            policy: StockPolicy(
                safety: try row[first + 5], backorderLimit: try row[first + 6], lowAt: try row[first + 7]),
            expectedAt: expectedAt.microseconds == 0 ? nil : expectedAt)
    }

    static func levels(
        of variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<StockLevel> {
        try tx.later(
            """
            SELECT \(columns) FROM stock_items WHERE store_id = \(store) AND variant_id IN \(list: variants)
            """
        ) { try level($0) }
    }

    static func page(
        of store: StoreID, after position: StockPosition?, limit: Int, in tx: borrowing Transaction
    ) throws -> [StockLevel] {
        let rest: SQL =
            position.map { "AND (on_hand - reserved, variant_id) > (\($0.balance), \($0.variant))" } ?? ""
        return try tx.query(
            """
            SELECT \(columns) FROM stock_items WHERE store_id = \(store) \(rest)
            ORDER BY on_hand - reserved, variant_id LIMIT \(limit)
            """
        ) { try level($0) }
    }

    /// A page by variant.
    static func page(
        of store: StoreID, afterVariant after: VariantID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [StockLevel] {
        let rest: SQL = after.map { "AND variant_id > \($0)" } ?? ""
        return try tx.query(
            """
            SELECT \(columns) FROM stock_items WHERE store_id = \(store) \(rest) ORDER BY variant_id LIMIT \(limit)
            """
        ) { try level($0) }
    }

    /// What taking units left, and how many of them are owed.
    struct Taken {
        let isLow: Bool
        let owed: Int
    }

    /// One row when the units were there or may be owed, none when not.
    /// - Parameter keepsSafety: whether the units that are kept back from buyers stay out of reach.
    static func take(
        _ quantity: Int, of variant: VariantID, keepsSafety: Bool, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<Taken> {
        let free: SQL = keepsSafety ? "(on_hand - safety - reserved + owed)" : "(on_hand - reserved + owed)"
        let lacking: SQL = """
            (CASE WHEN \(free) >= \(quantity) THEN 0 WHEN \(free) > 0 THEN \(quantity) - \(free) ELSE \(quantity) END)
            """
        return try tx.later(
            """
            UPDATE stock_items SET reserved = reserved + \(quantity), owed = owed + \(lacking), last_owed = \(lacking),
                version = version + 1
            WHERE store_id = \(store) AND variant_id = \(variant)
                AND (\(free) >= \(quantity) OR owed + \(lacking) <= backorder_limit)
            RETURNING on_hand - safety - reserved + owed, low_at, last_owed
            """
        ) { row in
            let (available, lowAt): (Int, Int) = (try row[0], try row[1])
            return Taken(isLow: available <= lowAt, owed: try row[2])
        }
    }

    /// Makes variants tracked that are not yet.
    static func track(_ variants: [VariantID], store: StoreID, in tx: borrowing Transaction) throws {
        let rows = variants.map { variant in
            [store.sqlValue, variant.sqlValue] + Array(repeating: 0.sqlValue, count: 5)
        }
        guard !rows.isEmpty else { return }
        try tx.execute(
            """
            INSERT INTO stock_items (store_id, variant_id, on_hand, reserved, low_since, version, updated_at)
            VALUES \(rows: rows) ON CONFLICT (store_id, variant_id) DO NOTHING
            """)
    }

    /// The rows of variants, which nobody else changes until the transaction ends. In the order of their ids, in which
    /// orders take them too.
    static func lock(
        _ variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<OpenStock> {
        try tx.later(
            """
            SELECT \(columns), version, low_since, out_since FROM stock_items
            WHERE store_id = \(store) AND variant_id IN \(list: variants) ORDER BY variant_id\(tx.forUpdate)
            """
        ) { row in
            OpenStock(try level(row), version: try row[9], lowSince: try row[10], outSince: try row[11])
        }
    }

    /// Writes a row that is locked.
    static func save(_ stock: OpenStock, store: StoreID, in tx: borrowing Transaction) throws {
        let (level, policy) = (stock.level, stock.level.policy)
        try tx.execute(
            """
            UPDATE stock_items SET on_hand = \(level.onHand), reserved = \(level.reserved), owed = \(level.owed),
                elsewhere = \(level.elsewhere), safety = \(policy.safety),
                backorder_limit = \(policy.backorderLimit), low_at = \(policy.lowAt),
                expected_at = \(level.expectedAt ?? Instant(microseconds: 0)), version = \(stock.version),
                low_since = \(stock.lowSince), out_since = \(stock.outSince), updated_at = \(tx.now)
            WHERE store_id = \(store) AND variant_id = \(level.variant)
            """)
    }

    /// Marks those of the variants that have just become low and returns them with their new versions.
    static func markLow(
        _ variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<(StockLevel, version: Int)> {
        try tx.later(
            """
            UPDATE stock_items SET low_since = \(tx.now), version = version + 1
            WHERE store_id = \(store) AND variant_id IN \(list: variants)
                AND on_hand - safety - reserved + owed <= low_at AND low_since = 0
            RETURNING \(columns), version
            """
        ) { (try level($0), try $0[9]) }
    }

    /// Marks those of the variants of which nothing is left and returns them with their new versions.
    static func markOut(
        _ variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<(StockLevel, version: Int)> {
        try tx.later(
            """
            UPDATE stock_items SET out_since = \(tx.now), version = version + 1
            WHERE store_id = \(store) AND variant_id IN \(list: variants)
                AND on_hand - safety - reserved + owed <= 0 AND out_since = 0
            RETURNING \(columns), version
            """
        ) { (try level($0), try $0[9]) }
    }

    /// - Returns: those that are gone.
    static func delete(
        _ variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [VariantID] {
        try tx.query(
            """
            DELETE FROM stock_items
            WHERE store_id = \(store) AND variant_id IN \(list: variants) AND reserved = 0
            RETURNING variant_id
            """
        ) { try $0[0] }
    }

    /// A page of the levels of all stores, by store and variant.
    static func page(
        after: StockPlace?, limit: Int, in tx: borrowing Transaction
    ) throws -> [(place: StockPlace, level: StockLevel)] {
        let rest: SQL = after.map { "WHERE (store_id, variant_id) > (\($0.store), \($0.variant))" } ?? ""
        return try tx.query(
            """
            SELECT store_id, \(columns) FROM stock_items \(rest) ORDER BY store_id, variant_id LIMIT \(limit)
            """
        ) { row in
            let level = try level(row, from: 1)
            return (StockPlace(store: try row[0], variant: level.variant), level)
        }
    }
}

/// A variant among those of all stores.
struct StockPlace: Hashable {
    let store: StoreID
    let variant: VariantID
}
