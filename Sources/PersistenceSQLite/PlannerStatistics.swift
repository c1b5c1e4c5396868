import Persistence

/// What SQLite's planner is told of the tables, in place of what `ANALYZE` would count.
///
/// Without statistics it takes any index with one known column for a search that finds ten rows. With `store_id` that
/// is wrong by the size of the store: it walks through all rows of the store where a few look-ups would do. Figures
/// that are always the same keep plans the same from the first row to the last, as the documentation of `sqlite_stat1`
/// suggests.
enum PlannerStatistics {
    private static let tableRows = 1_000_000
    private static let storeRows = 200_000

    /// Writes the figures of all indexes that begin with the store.
    static func write(_ connection: Connection) throws {
        // Makes the table, and reads nothing else.
        try connection.control("ANALYZE sqlite_schema")
        var indexes: [Index] = []
        try connection.run(
            """
            SELECT tables.name, CASE WHEN tables.wr AND indexes.origin = 'pk' THEN tables.name ELSE indexes.name END,
                indexes."unique", columns.name, columns.type
            FROM pragma_table_list AS tables, pragma_index_list(tables.name) AS indexes,
                pragma_index_info(indexes.name) AS parts
                JOIN pragma_table_info(tables.name) AS columns ON columns.cid = parts.cid
            WHERE tables.schema = 'main' AND tables.type = 'table'
            ORDER BY tables.name, indexes.name, parts.seqno
            """
        ) { row in
            let (table, name): (String, String) = (try row[0], try row[1])
            if indexes.last?.name != name || indexes.last?.table != table {
                indexes.append(Index(table: table, name: name, isUnique: try row[2], columns: []))
            }
            indexes[indexes.count - 1].columns.append((try row[3], try row[4]))
        }
        try connection.control("BEGIN IMMEDIATE")
        do {
            try connection.run("DELETE FROM sqlite_stat1")
            for index in indexes where index.columns.first?.name == "store_id" {
                try connection.run(
                    """
                    INSERT INTO sqlite_stat1 (tbl, idx, stat)
                    VALUES (\(index.table), \(index.name), \(figures(of: index)))
                    """)
            }
            try connection.control("COMMIT")
        } catch {
            connection.rollback()
            throw error
        }
        // This connection has read its schema already.
        try connection.control("ANALYZE sqlite_schema")
    }

    private struct Index {
        let table: String
        let name: String
        let isUnique: Bool
        var columns: [(name: String, type: String)]
    }

    /// The rows of the table, then how many share a value of the first column, of the first two, and so on.
    private static func figures(of index: Index) -> String {
        var figures = [tableRows, storeRows]
        for column in index.columns.dropFirst() {
            let rows = figures[figures.count - 1]
            // Texts and identifiers tell rows apart as SQLite assumes by itself; a number may be a year's or a chunk's.
            figures.append(column.type == "INTEGER" ? max(rows / 10, 5) : min(rows, 10))
        }
        if index.isUnique { figures[figures.count - 1] = 1 }
        return figures.map(String.init).joined(separator: " ")
    }
}
