import Foundation
import Persistence
import PersistencePostgres

/// PostgreSQL databases for tests: copies of a migrated template.
enum PostgresLease {
    private static let templates = Templates<String>()
    private static let leftovers = Templates<Void>()

    static func make(_ migrations: [Migration], _ options: FixtureOptions) async throws -> DatabaseLease {
        guard let server = TestEngine.postgresURL else {
            throw DatabaseError.unavailable("SHIPSHAPE_TEST_POSTGRES is not set.")
        }
        let administration = PostgresAdministration(url: server)
        try await leftovers.find("") { try await removeLeftovers(administration) }
        let key = templateKey(migrations)
        let template = try await templates.find(key) { try await makeTemplate(key, migrations, administration) }
        let name = newName()
        try await administration.execute("CREATE DATABASE \(name) TEMPLATE \(template)")
        let settings = try settings(administration.url(database: name), options)
        let database = try PostgresDatabase(
            settings, clock: options.clock, random: SeededRandom.generators(seed: options.seed))
        let fixture = DatabaseFixture(engine: .postgres, database: database, url: settings.url) {
            try PostgresDatabase(
                settings, clock: options.clock, random: SeededRandom.generators(seed: options.seed + 1))
        }
        return DatabaseLease(fixture: fixture) {
            try await administration.execute("DROP DATABASE \(name) WITH (FORCE)")
        }
    }

    /// The name of a database that belongs to this process.
    private static func newName() -> String {
        let random = UUID().uuidString.lowercased().filter { $0 != "-" }
        return "\(prefix)\(getpid())_\(random.prefix(12))"
    }

    private static let prefix = "shipshape_test_"

    private static func makeTemplate(
        _ key: String, _ migrations: [Migration], _ administration: PostgresAdministration
    ) async throws -> String {
        let name = newName()
        try await administration.execute("CREATE DATABASE \(name)")
        let database = try PostgresDatabase(PostgresSettings(url: administration.url(database: name)))
        do {
            _ = try await database.migrate(migrations)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        return name
    }

    /// Removes the databases of processes that have ended.
    private static func removeLeftovers(_ administration: PostgresAdministration) async throws {
        for name in try await administration.databases(prefix: prefix) {
            let process = name.dropFirst(prefix.count).prefix { $0 != "_" }
            guard let process = Int32(process), kill(process, 0) != 0, errno == ESRCH else { continue }
            try await administration.execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        }
    }

    private static func settings(_ url: String, _ options: FixtureOptions) -> PostgresSettings {
        PostgresSettings(
            url: url, writers: options.writers, readers: 3, queueLimit: options.queueLimit,
            statementTimeoutSeconds: options.statementTimeoutSeconds)
    }
}
