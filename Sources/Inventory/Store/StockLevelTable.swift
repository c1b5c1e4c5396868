import Persistence
import Primitives

/// The SQL of `stock_levels`: what is elsewhere than at the main location. A row is changed only while the row of its
/// variant in `stock_items` is locked.
enum StockLevelTable {
    static func all(
        of variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<(spot: StockSpot, onHand: Int)> {
        try tx.later(
            """
            SELECT variant_id, location_id, on_hand FROM stock_levels
            WHERE store_id = \(store) AND variant_id IN \(list: variants)
            """
        ) { (StockSpot(variant: try $0[0], location: try $0[1]), try $0[2]) }
    }

    static func save(_ units: [(spot: StockSpot, onHand: Int)], store: StoreID, in tx: borrowing Transaction) throws {
        guard !units.isEmpty else { return }
        let rows = units.map { unit in
            [store.sqlValue, unit.spot.variant.sqlValue, unit.spot.location.sqlValue, unit.onHand.sqlValue]
        }
        try tx.execute(
            """
            INSERT INTO stock_levels (store_id, variant_id, location_id, on_hand) VALUES \(rows: rows)
            ON CONFLICT (store_id, variant_id, location_id) DO UPDATE SET on_hand = excluded.on_hand
            """)
    }

    /// Whether any unit is at a location.
    static func holdsUnits(_ location: LocationID, store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try tx.first(
            """
            SELECT 1 FROM stock_levels
            WHERE store_id = \(store) AND location_id = \(location) AND on_hand > 0 LIMIT 1
            """
        ) { _ in true } ?? false
    }

    static func delete(_ variants: [VariantID], store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM stock_levels WHERE store_id = \(store) AND variant_id IN \(list: variants)")
    }

    /// The units elsewhere of the variants between two, of all stores.
    static func sums(
        after: StockPlace?, through last: StockPlace?, in tx: borrowing Transaction
    ) throws -> [(place: StockPlace, quantity: Int)] {
        var conditions: [SQL] = []
        if let after { conditions.append("(store_id, variant_id) > (\(after.store), \(after.variant))") }
        if let last { conditions.append("(store_id, variant_id) <= (\(last.store), \(last.variant))") }
        let wanted: SQL = conditions.isEmpty ? "1 = 1" : .joined(conditions, by: " AND ")
        return try tx.query(
            """
            SELECT store_id, variant_id, CAST(SUM(on_hand) AS BIGINT) FROM stock_levels WHERE \(wanted)
            GROUP BY store_id, variant_id
            """
        ) { (StockPlace(store: try $0[0], variant: try $0[1]), try $0[2]) }
    }
}
