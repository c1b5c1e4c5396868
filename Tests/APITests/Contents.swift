import Persistence
import Primitives
import ShopWorld

/// What is in the tables: how many rows and a digest of them, by table.
typealias Contents = [String: String]

extension LiveShop {
    /// Everything that the database holds, or what it holds of one store.
    ///
    /// The counter of order numbers is left out: a process takes numbers before it knows whether it needs them.
    func contents(of store: StoreID? = nil) async throws -> Contents {
        try await maya.database.read("test.contents") { tx in
            let tables = try Self.columns(in: tx)
            var contents: Contents = [:]
            for (table, columns) in tables where !["order_numbers", "schema_migrations"].contains(table) {
                guard store == nil || columns.contains("store_id") else { continue }
                let condition: SQL = store.map { "store_id = \($0)" } ?? "1 = 1"
                let row = columns.map {
                    tx.engine == .sqlite ? "quote(\($0))" : "COALESCE(CAST(\($0) AS TEXT), 'NULL')"
                }
                .joined(separator: " || ',' || ")
                let rows = try tx.query(
                    "SELECT \(SQL(trusted: row)) AS r FROM \(SQL(trusted: table)) WHERE \(condition) ORDER BY 1"
                ) { try $0[0] as String }
                contents[table] = "\(rows.count) rows \(rows.hashValue)"
            }
            return contents
        }
    }

    /// A table's columns in their order.
    static func columns(of table: String, in tx: borrowing Transaction) throws -> [String] {
        try columns(in: tx)[table] ?? []
    }

    private static func columns(in tx: borrowing Transaction) throws -> [String: [String]] {
        let sql: SQL =
            tx.engine == .sqlite
            ? """
            SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid
            """
            : """
            SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
            WHERE table_schema = 'public' ORDER BY table_name, ordinal_position
            """
        var tables: [String: [String]] = [:]
        for (table, column) in try tx.query(sql, { (try $0[0] as String, try $0[1] as String) }) {
            tables[table, default: []].append(column)
        }
        return tables
    }
}
