import Persistence
import PersistencePostgres
import TestSupport
import Testing

@Suite(.enabled(if: Server.isAvailable, Server.missing))
struct MigrationTests {
    private let first = Migration(
        1, "first", ["CREATE TABLE one (id UUID NOT NULL PRIMARY KEY, body TEXT, count BIGINT)"])
    private let second = Migration(
        2, "second", ["CREATE INDEX one_body ON one (body)", "CREATE TABLE two (id BIGINT)"])

    @Test func `processes that migrate at the same time apply each migration once`() async throws {
        try await withFixture(.postgres) { fixture in
            let applied = try await withThrowingTaskGroup(of: [Migration].self) { group in
                for _ in 1...6 {
                    group.addTask {
                        let database = try PostgresDatabase(PostgresSettings(url: fixture.url))
                        let applied = try await database.migrate([second, first])
                        await database.close()
                        return applied
                    }
                }
                return try await group.reduce(into: []) { $0 += [$1] }
            }
            #expect(applied.filter { !$0.isEmpty } == [[first, second]])
            let kept = try await fixture.database.appliedMigrations()
            #expect(kept.map(\.number) == [1, 2])
            #expect(kept.map(\.checksum) == [first.checksum, second.checksum])
        }
    }

    @Test func `a migration that fails leaves nothing, those before it stay`() async throws {
        try await withDatabase(.postgres) { database in
            let broken = Migration(2, "broken", ["CREATE TABLE half (id BIGINT)", "CREATE TABLE one (id BIGINT)"])
            await #expect(
                throws: MigrationError.failed(
                    number: 2, name: "broken", reason: "relation \"one\" already exists (SQLSTATE 42P07)")
            ) { try await database.migrate([first, broken]) }
            #expect(try await database.appliedMigrations().map(\.number) == [1])
            #expect(try await database.migrate([first, second]) == [second])
            let half = try await database.read("half") { tx in
                try tx.first("SELECT to_regclass('half') IS NULL") { try $0[0] as Bool }
            }
            #expect(half == true)
        }
    }

    @Test func `a lock that a migration waits for is waited for again`() async throws {
        try await withDatabase(.postgres) { database in
            _ = try await database.migrate([first])
            let holder = Task {
                try await database.write("hold") { tx in
                    _ = try tx.query("SELECT pg_sleep(6) FROM (SELECT count(*) FROM one) AS held") { _ in true }
                }
            }
            let change = Migration(3, "change", ["ALTER TABLE one ADD COLUMN more BIGINT"])
            #expect(try await database.migrate([first, change]) == [change])
            try await holder.value
        }
    }

    @Test func `the engine's facts are read and judged`() async throws {
        try await withDatabase(.postgres) { database in
            let facts = try await database.inspect()
            let byName = Dictionary(uniqueKeysWithValues: facts.map { ($0.name, $0) })
            #expect(
                byName.keys.sorted() == [
                    "TimeZone", "clock", "connection", "data_checksums", "default_transaction_isolation", "fsync",
                    "full_page_writes",
                    "invalid_constraints", "invalid_indexes", "server_encoding", "server_version", "superuser",
                    "synchronous_commit",
                ])
            #expect(byName["TimeZone"]?.isAcceptable == true)
            #expect(byName["data_checksums"]?.expected == nil)
            #expect(byName["invalid_constraints"]?.value == "none")
            _ = try await database.migrate([
                Migration(
                    1, "invalid",
                    [
                        "CREATE TABLE sizes (size BIGINT)",
                        "ALTER TABLE sizes ADD CONSTRAINT positive CHECK (size > 0) NOT VALID",
                    ])
            ])
            let invalid = try await database.inspect().first { $0.name == "invalid_constraints" }
            #expect(
                invalid
                    == EngineFact(name: "invalid_constraints", value: "positive", expected: "none", isAcceptable: false)
            )
        }
    }

    @Test func `what the sessions set for themselves is no fact about the server`() async throws {
        try await withFixture(.postgres) { fixture in
            #expect(
                try await fixture.database.inspect().first { $0.name == "connection" }
                    == EngineFact(
                        name: "connection", value: "within the machine",
                        expected: "TLS, or a connection within the machine", isAcceptable: true))
            try await fixture.database.write("test.set") { tx in
                try tx.execute(
                    """
                    DO $$ BEGIN
                        EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Tokyo');
                        EXECUTE format(
                            'ALTER DATABASE %I SET default_transaction_isolation = %L', current_database(),
                            'serializable');
                    END $$
                    """)
            }
            // A database's settings hold for the sessions that begin later.
            let next = try await fixture.openAnother()
            let facts = try await next.inspect()
            await next.close()
            for (name, value) in [("TimeZone", "Asia/Tokyo"), ("default_transaction_isolation", "serializable")] {
                let fact = try #require(facts.first { $0.name == name })
                #expect(fact.value == value)
                #expect(!fact.isAcceptable)
            }
        }
    }
}
