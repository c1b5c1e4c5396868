import Foundation
import Persistence
import Primitives

/// Runs migrations on the writer's connection, between batches. The lock on the file keeps other processes out.
struct Migrator {
    private let connection: Connection
    private let path: String
    private let clock: any Clock

    init(_ connection: Connection, path: String, clock: any Clock) {
        self.connection = connection
        self.path = path
        self.clock = clock
    }

    /// Applies what is pending, each in a transaction of its own, after a copy of the file was made.
    func migrate(_ migrations: [Migration]) throws -> [Migration] {
        let limit = connection.statementTimeoutSeconds
        connection.statementTimeoutSeconds = 0
        defer { connection.statementTimeoutSeconds = limit }
        try connection.run(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL
            ) STRICT
            """)
        var applied: [AppliedMigration] = []
        try connection.run(Self.query) { applied.append(try Self.entry($0)) }
        let pending = try Migration.pending(migrations, applied: applied)
        if let first = pending.first, !applied.isEmpty { try backUp(before: first) }
        for migration in pending { try apply(migration) }
        try PlannerStatistics.write(connection)
        return pending
    }

    /// The migrations that a database has; none when it has never been migrated.
    static func applied(in transaction: borrowing Transaction) throws -> [AppliedMigration] {
        let tables: SQL = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'"
        guard try transaction.first(tables, { _ in true }) != nil else { return [] }
        return try transaction.query(query, entry)
    }

    private static let query: SQL = "SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number"

    private static func entry(_ row: Row) throws -> AppliedMigration {
        AppliedMigration(number: try row[0], name: try row[1], checksum: try row[2], appliedAt: try row[3])
    }

    private func apply(_ migration: Migration) throws {
        do {
            try connection.control("BEGIN IMMEDIATE")
            for statement in migration.statements(for: .sqlite) { try connection.run(trusted: statement) }
            try connection.run(
                """
                INSERT INTO schema_migrations (number, name, checksum, applied_at)
                VALUES (\(migration.number), \(migration.name), \(migration.checksum), \(clock.now()))
                """)
            try connection.control("COMMIT")
        } catch {
            connection.rollback()
            throw MigrationError.failed(number: migration.number, name: migration.name, reason: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let failure as SQLiteFailure: failure.message
        case DatabaseError.misuse(_, let message): message
        case DatabaseError.unavailable(let message): message
        case DatabaseError.constraint(let kind, _): "a \(kind.rawValue) constraint refused a change"
        default: "\(error)"
        }
    }

    /// Copies the database to `<file>.before-<number>.bak`, complete and on the disk before this returns.
    private func backUp(before migration: Migration) throws {
        let target = "\(path).before-\(migration.number).bak"
        let unfinished = target + ".unfinished"
        let files = FileManager.default
        do {
            if files.fileExists(atPath: unfinished) { try files.removeItem(atPath: unfinished) }
            // An empty file may be copied into, and is for its owner's eyes only from the first byte on.
            _ = files.createFile(atPath: unfinished, contents: nil, attributes: [.posixPermissions: 0o600])
            let literal = unfinished.replacing("'", with: "''")
            try connection.control("VACUUM INTO '\(literal)'")
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: unfinished))
            try handle.synchronize()
            try handle.close()
            if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
            try files.moveItem(atPath: unfinished, toPath: target)
        } catch {
            let reason = "the copy \(target) could not be made: \(Self.reason(error))"
            throw MigrationError.failed(number: migration.number, name: migration.name, reason: reason)
        }
    }
}
