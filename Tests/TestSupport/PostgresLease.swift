import Persistence

/// PostgreSQL databases for tests: made from a migrated template.
enum PostgresLease {
    static func make(_ migrations: [Migration], _ options: FixtureOptions) async throws -> DatabaseLease {
        throw DatabaseError.unavailable("There is no PostgreSQL engine yet.")
    }
}
