public import Persistence
import Primitives

extension PostgresDatabase {
    public func migrate(_ migrations: [Migration]) async throws -> [Migration] {
        let connector = directConnector
        return try await OwnThread.run {
            do {
                return try MigrationRun(DirectConnection(connector, role: .migration)).apply(migrations)
            } catch let failure as Failure {
                throw failure.publicError
            }
        }
    }

    public func appliedMigrations() async throws -> [AppliedMigration] {
        try await read("applied migrations") { tx in
            guard try tx.first("SELECT to_regclass('schema_migrations') IS NOT NULL", { try $0[0] as Bool }) == true
            else { return [] }
            return try tx.query("SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number") {
                AppliedMigration(number: try $0[0], name: try $0[1], checksum: try $0[2], appliedAt: try $0[3])
            }
        }
    }
}

/// Applies migrations on a connection of its own, one transaction each, while it holds the migration lock.
private struct MigrationRun {
    /// The advisory lock that one process at a time holds: "shipshap" in ASCII.
    private static let lock: Int64 = 0x7368_6970_7368_6170
    /// A statement waits 5 s for its locks, so that it does not block everyone behind it, and tries again.
    private static let maxAttempts = 12

    private let connection: DirectConnection

    init(_ connection: DirectConnection) {
        self.connection = connection
    }

    func apply(_ migrations: [Migration]) throws -> [Migration] {
        // Session-wide, and released with the connection. Another process may migrate for longer than any limit.
        try connection.execute("SET lock_timeout = 0")
        try connection.query("SELECT pg_advisory_lock(\(Self.lock))")
        try connection.execute("SET lock_timeout = 5000")
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                number bigint PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)
            """)
        let applied = try connection.query("SELECT number, name, checksum, applied_at FROM schema_migrations").map {
            AppliedMigration(
                number: Int($0[0]) ?? 0, name: $0[1], checksum: $0[2],
                appliedAt: Instant(microseconds: Int64($0[3]) ?? 0))
        }
        let pending = try Migration.pending(migrations, applied: applied)
        for migration in pending { try apply(migration) }
        return pending
    }

    private func apply(_ migration: Migration) throws {
        for attempt in 1... {
            do {
                return try applyOnce(migration)
            } catch .conflict where attempt < Self.maxAttempts {
                try connection.execute("ROLLBACK")
            } catch {
                throw MigrationError.failed(
                    number: migration.number, name: migration.name, reason: Self.reason(error))
            }
        }
    }

    private func applyOnce(_ migration: Migration) throws(Failure) {
        try connection.execute("BEGIN")
        for statement in migration.statements(for: .postgres) { try connection.execute(statement) }
        try connection.query(
            """
            INSERT INTO schema_migrations (number, name, checksum, applied_at)
            VALUES ($1, $2, $3, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
            """, [String(migration.number), migration.name, migration.checksum])
        try connection.execute("COMMIT")
    }

    private static func reason(_ failure: Failure) -> String {
        switch failure {
        case .refused(.misuse(let code, let message)), .stalePlan(.misuse(let code, let message)):
            "\(message) (SQLSTATE \(code))"
        case .refused(.constraint(let kind, let name)): "the data breaks the \(kind.rawValue) constraint \(name ?? "")"
        case .refused(.unavailable(let reason)), .connectionLost(let reason), .unreachable(let reason): reason
        case .conflict: "other transactions kept its locks"
        default: "\(failure)"
        }
    }
}
