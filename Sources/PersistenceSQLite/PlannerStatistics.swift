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
        var indexes: [(table: String, index: String, isUnique: Bool, columns: Int)] = []
        try connection.run(
            """
            SELECT tables.name, indexes.name, indexes."unique", COUNT(*), tables.wr AND indexes.origin = 'pk'
            FROM pragma_table_list AS tables, pragma_index_list(tables.name) AS indexes,
                pragma_index_info(indexes.name) AS columns
            WHERE tables.schema = 'main' AND tables.type = 'table'
            GROUP BY tables.name, indexes.name
            HAVING MAX(CASE WHEN columns.seqno = 0 THEN columns.name END) = 'store_id'
            """
        ) { row in
            let table: String = try row[0]
            let isTableItself: Bool = try row[4]
            indexes.append((table, isTableItself ? table : try row[1], try row[2], try row[3]))
        }
        try connection.control("BEGIN IMMEDIATE")
        do {
            try connection.run("DELETE FROM sqlite_stat1")
            for entry in indexes {
                let figures = figures(columns: entry.columns, isUnique: entry.isUnique)
                try connection.run(
                    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (\(entry.table), \(entry.index), \(figures))")
            }
            try connection.control("COMMIT")
        } catch {
            connection.rollback()
            throw error
        }
        // This connection has read its schema already.
        try connection.control("ANALYZE sqlite_schema")
    }

    /// The rows of the table, then how many share a value of the first column, of the first two, and so on.
    static func figures(columns: Int, isUnique: Bool) -> String {
        var figures = [tableRows, storeRows]
        // As SQLite assumes by itself of further columns.
        for column in stride(from: 1, to: columns, by: 1) { figures.append(max(11 - column, 5)) }
        if isUnique { figures[figures.count - 1] = 1 }
        return figures.map(String.init).joined(separator: " ")
    }
}
