import Persistence
import Primitives

/// The SQL of `imports`.
enum ImportTable {
    private static let columns: SQL = """
        id, store_id, kind, file_name, dry_run, state, bytes, header, place_offset, place_line, row_count, \
        created_count, updated_count, unchanged_count, refused_count, problem_count, failure, actor, created_at, \
        moved_at, finished_at
        """

    static func find(_ id: ImportID, store: StoreID, in tx: borrowing Transaction) throws -> Import? {
        try tx.first("SELECT \(columns) FROM imports WHERE store_id = \(store) AND id = \(id)", read)
    }

    /// The newest first.
    static func page(
        of store: StoreID, before: ImportID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [Import] {
        let rest: SQL = before.map { " AND id < \($0)" } ?? ""
        return try tx.query(
            "SELECT \(columns) FROM imports WHERE store_id = \(store)\(rest) ORDER BY id DESC LIMIT \(limit)", read)
    }

    static func insert(
        _ id: ImportID, store: StoreID, kind: ImportKind, fileName: String, isDryRun: Bool, actor: Actor,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO imports (\(columns)) VALUES (\(id), \(store), \(kind.rawValue), \(fileName), \(isDryRun),
                \(ImportState.receiving.rawValue), 0, '[]', 0, 1, 0, 0, 0, 0, 0, 0, '', \(actor.description),
                \(tx.now), \(tx.now), 0)
            """)
    }

    /// Whether it was in that state.
    static func touch(
        _ id: ImportID, store: StoreID, state: ImportState, in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.changes(
            """
            UPDATE imports SET moved_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) AND state = \(state.rawValue)
            """) == 1
    }

    static func begin(_ id: ImportID, store: StoreID, bytes: Int, in tx: borrowing Transaction) throws -> Bool {
        try tx.changes(
            """
            UPDATE imports SET state = \(ImportState.running.rawValue), bytes = \(bytes), moved_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) AND state = \(ImportState.receiving.rawValue)
            """) == 1
    }

    /// Whether it stood at that place.
    static func move(
        _ id: ImportID, store: StoreID, from old: ImportPlace, to new: ImportPlace, header: [String],
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.changes(
            """
            UPDATE imports SET place_offset = \(new.offset), place_line = \(new.line), moved_at = \(tx.now),
                header = \(JSON.array(header.map { .string($0) }).description)
            WHERE store_id = \(store) AND id = \(id) AND state = \(ImportState.running.rawValue)
                AND place_offset = \(old.offset)
            """) == 1
    }

    static func count(
        _ counts: ImportCounts, of id: ImportID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE imports SET row_count = row_count + \(counts.rows),
                created_count = created_count + \(counts.created), updated_count = updated_count + \(counts.updated),
                unchanged_count = unchanged_count + \(counts.unchanged),
                refused_count = refused_count + \(counts.refused), problem_count = problem_count + \(counts.problems)
            WHERE store_id = \(store) AND id = \(id)
            """)
    }

    static func finish(
        _ id: ImportID, store: StoreID, as state: ImportState, failure: String, in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.changes(
            """
            UPDATE imports SET state = \(state.rawValue), failure = \(failure), moved_at = \(tx.now),
                finished_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) AND state IN ('receiving', 'running')
            """) == 1
    }

    static func running(unmovedSince moment: Instant, in tx: borrowing Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) FROM imports WHERE state = 'running' AND moved_at < \(moment)") {
            try $0[0]
        } ?? 0
    }

    /// Imports that nobody needs any more.
    static func old(before moment: Instant, limit: Int, in tx: borrowing Transaction) throws -> [(StoreID, ImportID)] {
        try tx.query(
            """
            SELECT store_id, id FROM imports
            WHERE state IN ('receiving', 'done', 'failed', 'canceled') AND moved_at < \(moment) LIMIT \(limit)
            """
        ) { (try $0[0], try $0[1]) }
    }

    static func delete(_ id: ImportID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM imports WHERE store_id = \(store) AND id = \(id)")
    }

    private static func read(_ row: Row) throws -> Import {
        let (kind, state, header): (String, String, String) = (try row[2], try row[5], try row[7])
        guard let kind = ImportKind(rawValue: kind), let state = ImportState(rawValue: state) else {
            throw DatabaseError.decoding("an import has an unknown kind or state")
        }
        var counts = ImportCounts()
        counts.rows = try row[10]
        counts.created = try row[11]
        counts.updated = try row[12]
        counts.unchanged = try row[13]
        counts.refused = try row[14]
        counts.problems = try row[15]
        let finishedAt: Instant = try row[20]
        return Import(
            id: try row[0], store: try row[1], kind: kind, fileName: try row[3], isDryRun: try row[4], state: state,
            bytes: try row[6], header: try JSON(parsing: header).array?.compactMap(\.string) ?? [],
            place: ImportPlace(offset: try row[8], line: try row[9]), counts: counts, failure: try row[16],
            actor: try row[17], createdAt: try row[18], movedAt: try row[19],
            finishedAt: finishedAt.microseconds == 0 ? nil : finishedAt)
    }
}
