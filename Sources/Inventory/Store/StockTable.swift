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

    /// A page of the levels of all stores, by store and variant.
    static func page(
        after: StockPlace?, limit: Int, in tx: borrowing Transaction
    ) throws -> [(place: StockPlace, level: StockLevel)] {
        let rest: SQL = after.map { "WHERE (store_id, variant_id) > (\($0.store), \($0.variant))" } ?? ""
        return try tx.query(
            """
            SELECT store_id, variant_id, on_hand, reserved FROM stock_items \(rest)
            ORDER BY store_id, variant_id LIMIT \(limit)
            """
        ) { row in
            let variant: VariantID = try row[1]
            return (
                StockPlace(store: try row[0], variant: variant),
                StockLevel(variant: variant, onHand: try row[2], reserved: try row[3])
            )
        }
    }
}

/// A variant among those of all stores.
struct StockPlace: Hashable {
    let store: StoreID
    let variant: VariantID
}
