import Persistence
import Primitives

/// The SQL of `stock_items`.
enum StockTable {
    static func levels(
        of variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<StockLevel> {
        try tx.later(
            """
            SELECT variant_id, on_hand, reserved FROM stock_items
            WHERE store_id = \(store) AND variant_id IN \(list: variants)
            """
        ) { StockLevel(variant: try $0[0], onHand: try $0[1], reserved: try $0[2]) }
    }

    static func page(
        of store: StoreID, after position: StockPosition?, limit: Int, in tx: borrowing Transaction
    ) throws -> [StockLevel] {
        let rest: SQL =
            position.map { "AND (on_hand - reserved, variant_id) > (\($0.available), \($0.variant))" } ?? ""
        return try tx.query(
            """
            SELECT variant_id, on_hand, reserved FROM stock_items WHERE store_id = \(store) \(rest)
            ORDER BY on_hand - reserved, variant_id LIMIT \(limit)
            """
        ) { StockLevel(variant: try $0[0], onHand: try $0[1], reserved: try $0[2]) }
    }

    /// One row when the units were there, none when not.
    static func take(
        _ quantity: Int, of variant: VariantID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<Int> {
        try tx.later(
            """
            UPDATE stock_items SET reserved = reserved + \(quantity), version = version + 1
            WHERE store_id = \(store) AND variant_id = \(variant) AND on_hand - reserved >= \(quantity)
            RETURNING on_hand - reserved
            """
        ) { try $0[0] }
    }

    /// Ends promises: the units go back to the shelf, or leave the house too.
    static func settle(
        _ claims: [StockClaim], leavesHouse: Bool, store: StoreID, in tx: borrowing Transaction
    ) throws {
        var totals: [VariantID: Int] = [:]
        for claim in claims { totals[claim.variant, default: 0] += claim.quantity }
        for (variant, quantity) in totals.sorted(by: { $0.key < $1.key }) {
            let gone = leavesHouse ? quantity : 0
            try tx.execute(
                """
                UPDATE stock_items SET reserved = reserved - \(quantity), on_hand = on_hand - \(gone),
                    version = version + 1, low_since = CASE
                        WHEN on_hand - \(gone) - reserved + \(quantity) > \(Inventory.lowStockThreshold) THEN 0
                        ELSE low_since END
                WHERE store_id = \(store) AND variant_id = \(variant)
                """)
        }
    }

    /// Nil when more units are reserved than that.
    static func set(
        _ onHand: Int, of variant: VariantID, store: StoreID, in tx: borrowing Transaction
    ) throws -> (StockLevel, version: Int)? {
        try tx.first(
            """
            INSERT INTO stock_items (store_id, variant_id, on_hand, reserved, low_since, version, updated_at)
            VALUES (\(store), \(variant), \(onHand), 0, 0, 1, \(tx.now))
            ON CONFLICT (store_id, variant_id) DO UPDATE SET on_hand = excluded.on_hand,
                version = stock_items.version + 1,
                updated_at = excluded.updated_at, low_since = CASE
                    WHEN excluded.on_hand - stock_items.reserved > \(Inventory.lowStockThreshold) THEN 0
                    ELSE stock_items.low_since END
            WHERE excluded.on_hand >= stock_items.reserved
            RETURNING on_hand, reserved, version
            """
        ) { (StockLevel(variant: variant, onHand: try $0[0], reserved: try $0[1]), try $0[2]) }
    }

    /// Marks those of the variants that have just become low and returns them with their new versions.
    static func markLow(
        _ variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [(StockLevel, version: Int)] {
        try tx.query(
            """
            UPDATE stock_items SET low_since = \(tx.now), version = version + 1
            WHERE store_id = \(store) AND variant_id IN \(list: variants)
                AND on_hand - reserved <= \(Inventory.lowStockThreshold) AND low_since = 0
            RETURNING variant_id, on_hand, reserved, version
            """
        ) { (StockLevel(variant: try $0[0], onHand: try $0[1], reserved: try $0[2]), try $0[3]) }
    }

    static func delete(_ variants: [VariantID], store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            DELETE FROM stock_items
            WHERE store_id = \(store) AND variant_id IN \(list: variants) AND reserved = 0
            """)
    }

    static func contradictions(limit: Int, in tx: borrowing Transaction) throws -> [String] {
        try tx.query(
            """
            SELECT s.store_id, s.variant_id, s.on_hand, s.reserved, COALESCE(r.held, 0)
            FROM stock_items s LEFT JOIN (
                SELECT store_id, variant_id, CAST(SUM(quantity) AS BIGINT) AS held
                FROM reservations GROUP BY store_id, variant_id
            ) r ON r.store_id = s.store_id AND r.variant_id = s.variant_id
            WHERE s.reserved <> COALESCE(r.held, 0) OR s.reserved > s.on_hand OR s.on_hand < 0
            UNION ALL
            SELECT r.store_id, r.variant_id, 0, 0, CAST(SUM(r.quantity) AS BIGINT)
            FROM reservations r
            WHERE NOT EXISTS (
                SELECT 1 FROM stock_items s WHERE s.store_id = r.store_id AND s.variant_id = r.variant_id)
            GROUP BY r.store_id, r.variant_id
            LIMIT \(limit)
            """
        ) { row in
            let store: StoreID = try row[0]
            let variant: VariantID = try row[1]
            let onHand: Int = try row[2]
            let reserved: Int = try row[3]
            let held: Int = try row[4]
            return "\(variant) of \(store): \(onHand) on hand, \(reserved) reserved, \(held) held by reservations"
        }
    }
}
