import Persistence
import TestSupport

/// The small world that these tests write to.
enum Notes {
    static let migration = Migration(
        1, "notes",
        [
            """
            CREATE TABLE notes (
                id BIGINT NOT NULL PRIMARY KEY,
                body TEXT NOT NULL CHECK (body <> 'forbidden'),
                parent BIGINT REFERENCES notes (id)
            )
            """,
            "CREATE UNIQUE INDEX notes_body ON notes (body)",
            """
            CREATE TABLE counters (
                name TEXT NOT NULL PRIMARY KEY,
                count BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE samples (
                id BIGINT NOT NULL PRIMARY KEY,
                whole BIGINT,
                real DOUBLE,
                flag BOOLEAN,
                words TEXT,
                blob BYTES,
                uid UUID
            )
            """,
        ])

    /// A statement that runs for minutes unless it is ended.
    static let endless: SQL = """
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000000)
        SELECT COUNT(*) FROM numbers
        """

    static func add(_ id: Int, _ body: String, in tx: borrowing Transaction) throws {
        try tx.execute("INSERT INTO notes (id, body) VALUES (\(id), \(body))")
    }

    /// Meets a conflict, as with another transaction.
    static func conflict(in tx: borrowing Transaction) throws {
        guard tx.engine == .postgres else { throw DatabaseError.conflict }
        _ = try tx.changes("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
    }

    static func bodies(_ database: any Database) async throws -> [String] {
        try await database.read("bodies") { tx in
            try tx.query("SELECT body FROM notes ORDER BY id") { try $0[0] as String }
        }
    }

    static func ids(_ database: any Database) async throws -> [Int] {
        try await database.read("ids") { tx in
            try tx.query("SELECT id FROM notes ORDER BY id") { try $0[0] as Int }
        }
    }
}

/// Lends a database that has the notes' tables.
func withNotes<Value: Sendable>(
    _ engine: TestEngine, _ options: FixtureOptions = FixtureOptions(),
    _ body: (any Database) async throws -> Value
) async throws -> Value {
    try await withFixture(engine, migrations: [Notes.migration], options) { try await body($0.database) }
}

/// The error of a closure, for comparisons; nil when it returns.
func failure<Value>(of body: () async throws -> Value) async -> DatabaseError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}
