import Persistence
import Primitives

/// The SQL of `import_parts`.
enum PartTable {
    static func keep(
        _ content: [UInt8], as number: Int, of id: ImportID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO import_parts (store_id, import_id, number, size, content)
            VALUES (\(store), \(id), \(number), \(content.count), \(content))
            ON CONFLICT (store_id, import_id, number) DO UPDATE SET size = excluded.size, content = excluded.content
            """)
    }

    static func list(of id: ImportID, store: StoreID, in tx: borrowing Transaction) throws -> [ImportPart] {
        try tx.query(
            "SELECT number, size FROM import_parts WHERE store_id = \(store) AND import_id = \(id) ORDER BY number"
        ) { ImportPart(number: try $0[0], size: try $0[1]) }
    }

    static func content(
        _ number: Int, of id: ImportID, store: StoreID, in tx: borrowing Transaction
    ) throws -> [UInt8]? {
        try tx.first(
            """
            SELECT content FROM import_parts WHERE store_id = \(store) AND import_id = \(id) AND number = \(number)
            """
        ) { try $0[0] }
    }

    /// How many there were of the first `limit`.
    static func delete(of id: ImportID, store: StoreID, limit: Int, in tx: borrowing Transaction) throws -> Int {
        try tx.changes(
            """
            DELETE FROM import_parts WHERE store_id = \(store) AND import_id = \(id) AND number IN (
                SELECT number FROM import_parts WHERE store_id = \(store) AND import_id = \(id)
                ORDER BY number LIMIT \(limit))
            """)
    }

    /// Parts of imports that have ended.
    static func deleteEnded(limit: Int, in tx: borrowing Transaction) throws -> Int {
        try tx.changes(
            """
            DELETE FROM import_parts WHERE (store_id, import_id, number) IN (
                SELECT part.store_id, part.import_id, part.number FROM imports AS import
                JOIN import_parts AS part ON part.store_id = import.store_id AND part.import_id = import.id
                WHERE import.state IN ('done', 'failed', 'canceled') LIMIT \(limit))
            """)
    }
}

/// The SQL of `import_problems`.
enum ProblemTable {
    static func insert(
        _ problems: [ImportProblem], from first: Int, of id: ImportID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        var number = first
        var rest = problems[...]
        while !rest.isEmpty {
            var rows: [[SQLValue]] = []
            for problem in rest.prefix(32) {
                rows.append([
                    store.sqlValue, id.sqlValue, number.sqlValue, problem.line.sqlValue, problem.column.sqlValue,
                    problem.code.sqlValue, problem.detail.sqlValue, problem.severity.rawValue.sqlValue,
                ])
                number += 1
            }
            try tx.execute(
                """
                INSERT INTO import_problems
                    (store_id, import_id, number, line, column_name, code, detail, severity) VALUES \(rows: rows)
                """)
            rest = rest.dropFirst(32)
        }
    }

    static func page(
        of id: ImportID, store: StoreID, after: Int, limit: Int, in tx: borrowing Transaction
    ) throws -> [(number: Int, problem: ImportProblem)] {
        try tx.query(
            """
            SELECT number, line, column_name, code, detail, severity FROM import_problems
            WHERE store_id = \(store) AND import_id = \(id) AND number > \(after) ORDER BY number LIMIT \(limit)
            """
        ) { row in
            let severity: String = try row[5]
            return (
                try row[0],
                ImportProblem(
                    line: try row[1], column: try row[2], code: try row[3], detail: try row[4],
                    severity: severity == ImportProblem.Severity.adjusted.rawValue ? .adjusted : .refused)
            )
        }
    }

    static func delete(of id: ImportID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM import_problems WHERE store_id = \(store) AND import_id = \(id)")
    }
}
