import Persistence
import Primitives

/// The SQL of `stock_counts` and `stock_count_lines`.
enum CountTable {
    private static let columns: SQL = "id, location_id, status, note, created_at, changed_at"

    private static func read(_ row: Row) throws -> StockCount {
        StockCount(
            id: try row[0], location: try row[1], status: try status(row, 2), note: try row[3],
            createdAt: try row[4], changedAt: try row[5], lines: [])
    }

    static func insert(_ count: StockCount, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO stock_counts (store_id, \(columns))
            VALUES (\(store), \(count.id), \(count.location), \(count.status.rawValue), \(count.note),
                \(count.createdAt), \(count.changedAt))
            """)
    }

    static func save(_ count: StockCount, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE stock_counts SET status = \(count.status.rawValue), changed_at = \(count.changedAt)
            WHERE store_id = \(store) AND id = \(count.id)
            """)
    }

    static func saveLines(
        _ lines: [StockCount.Line], of count: StockCountID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        guard !lines.isEmpty else { return }
        let rows = lines.map { line in
            [
                store.sqlValue, count.sqlValue, line.variant.sqlValue, line.expected.sqlValue,
                line.counted.sqlValue, line.at.sqlValue,
            ]
        }
        try tx.execute(
            """
            INSERT INTO stock_count_lines (store_id, count_id, variant_id, expected, counted, at)
            VALUES \(rows: rows)
            ON CONFLICT (store_id, count_id, variant_id) DO UPDATE SET expected = excluded.expected,
                counted = excluded.counted, at = excluded.at
            """)
    }

    static func lineCount(_ count: StockCountID, store: StoreID, in tx: borrowing Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) FROM stock_count_lines WHERE store_id = \(store) AND count_id = \(count)") {
            try $0[0]
        } ?? 0
    }

    static func find(
        _ id: StockCountID, store: StoreID, locks: Bool, in tx: borrowing Transaction
    ) throws -> StockCount? {
        let found = try tx.first(
            """
            SELECT \(columns) FROM stock_counts WHERE store_id = \(store) AND id = \(id)\(locks ? tx.forUpdate : "")
            """, read)
        guard var found else { return nil }
        found.lines = try tx.query(
            """
            SELECT variant_id, expected, counted, at FROM stock_count_lines
            WHERE store_id = \(store) AND count_id = \(id) ORDER BY variant_id
            """
        ) { StockCount.Line(variant: try $0[0], expected: try $0[1], counted: try $0[2], at: try $0[3]) }
        return found
    }

    /// A page, the newest first, without the lines.
    static func page(
        _ status: CountStatus?, of store: StoreID, after: StockCountID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [StockCount] {
        try tx.query(
            """
            SELECT \(columns) FROM stock_counts WHERE \(listed(status, store, after)) ORDER BY id DESC LIMIT \(limit)
            """, read)
    }
}
