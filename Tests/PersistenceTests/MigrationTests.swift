import Persistence
import TestSupport
import Testing

/// Migrations, alike on both engines.
@Suite struct MigrationTests {
    private static let first = Migration(10, "first", ["CREATE TABLE first (id BIGINT NOT NULL PRIMARY KEY)"])
    private static let second = Migration(
        20, "second",
        [
            "CREATE TABLE second (id UUID NOT NULL PRIMARY KEY, first BIGINT NOT NULL REFERENCES first (id))",
            "CREATE INDEX second_first ON second (first)",
            .on(.sqlite, "CREATE TABLE only_sqlite (id BIGINT NOT NULL PRIMARY KEY)"),
            .on(.postgres, "CREATE TABLE only_postgres (id BIGINT NOT NULL PRIMARY KEY)"),
        ])
    private static let third = Migration(30, "third", ["INSERT INTO first (id) VALUES (1)"])

    @Test(arguments: TestEngine.available)
    func `they run once, in the order of their numbers`(engine: TestEngine) async throws {
        try await withDatabase(engine) { database async throws in
            #expect(try await database.appliedMigrations() == [])
            let all = [Self.third, Self.first, Self.second]
            #expect(try await database.migrate(all).map(\.number) == [10, 20, 30])
            #expect(try await database.migrate(all) == [])
            let applied = try await database.appliedMigrations()
            #expect(applied.map(\.number) == [10, 20, 30])
            #expect(applied.map(\.name) == ["first", "second", "third"])
            #expect(applied.map(\.checksum) == [Self.first, Self.second, Self.third].map(\.checksum))
            let own = SQL(trusted: engine == .sqlite ? "only_sqlite" : "only_postgres")
            let count = try await database.read("own table") { tx in
                try tx.first("SELECT COUNT(*) FROM \(own)") { try $0[0] as Int }
            }
            #expect(count == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `one that comes later with a smaller number still runs`(engine: TestEngine) async throws {
        try await withDatabase(engine) { database async throws in
            #expect(try await database.migrate([Self.first, Self.third]).map(\.number) == [10, 30])
            #expect(try await database.migrate([Self.first, Self.second, Self.third]).map(\.number) == [20])
        }
    }

    @Test(arguments: TestEngine.available)
    func `an edited one stops all`(engine: TestEngine) async throws {
        try await withDatabase(engine) { database async throws in
            _ = try await database.migrate([Self.first])
            let edited = Migration(10, "first", ["CREATE TABLE first (id BIGINT NOT NULL PRIMARY KEY, more BIGINT)"])
            await #expect(throws: MigrationError.edited(number: 10, name: "first")) {
                try await database.migrate([edited, Self.third])
            }
            #expect(try await database.appliedMigrations().map(\.number) == [10])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a database that is newer than the build stops all`(engine: TestEngine) async throws {
        try await withDatabase(engine) { database async throws in
            _ = try await database.migrate([Self.first, Self.second])
            await #expect(throws: MigrationError.unknown(number: 20, name: "second")) {
                try await database.migrate([Self.first, Self.third])
            }
            #expect(try await database.appliedMigrations().map(\.number) == [10, 20])
        }
    }

    @Test(arguments: TestEngine.available)
    func `two with one number stop all`(engine: TestEngine) async throws {
        try await withDatabase(engine) { database async throws in
            await #expect(throws: MigrationError.duplicate(number: 10)) {
                try await database.migrate([Self.first, Migration(10, "other", ["SELECT 1"])])
            }
            let applied = try await database.appliedMigrations()
            #expect(applied.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `one that fails is rolled back, those before it stay`(engine: TestEngine) async throws {
        try await withDatabase(engine) { database async throws in
            let broken = Migration(
                20, "broken",
                ["CREATE TABLE half (id BIGINT NOT NULL PRIMARY KEY)", "INSERT INTO nowhere (id) VALUES (1)"])
            let error = await #expect(throws: MigrationError.self) {
                try await database.migrate([Self.first, broken, Self.third])
            }
            guard case .failed(20, "broken", let reason)? = error else {
                Issue.record("expected a failed migration, got \(String(describing: error))")
                return
            }
            #expect(reason.contains("nowhere"))
            #expect(try await database.appliedMigrations().map(\.number) == [10])
            // The table of the half-run migration is not there: the mended one makes it again.
            let mended = Migration(20, "broken", ["CREATE TABLE half (id BIGINT NOT NULL PRIMARY KEY)"])
            #expect(try await database.migrate([Self.first, mended, Self.third]).map(\.number) == [20, 30])
        }
    }

    @Test(arguments: TestEngine.available)
    func `migrators at the same time share the work`(engine: TestEngine) async throws {
        try await withFixture(engine) { fixture async throws in
            let other = engine == .postgres ? try await fixture.openAnother() : fixture.database
            let all = [Self.first, Self.second, Self.third]
            let applied = try await withThrowingTaskGroup(of: [Migration].self) { group in
                for number in 0..<6 {
                    let database = number.isMultiple(of: 2) ? fixture.database : other
                    group.addTask { try await database.migrate(all) }
                }
                return try await group.reduce(into: [Int]()) { $0 += $1.map(\.number) }
            }
            #expect(applied.sorted() == [10, 20, 30])
            #expect(try await fixture.database.appliedMigrations().map(\.number) == [10, 20, 30])
            if engine == .postgres { await other.close() }
        }
    }

    @Test(arguments: TestEngine.available)
    func `work goes on while a database is migrated`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...50 {
                    group.addTask { try await database.write("add") { tx in try Notes.add(id, "note \(id)", in: tx) } }
                }
                group.addTask { _ = try await database.migrate([Notes.migration, Self.first, Self.second]) }
                try await group.waitForAll()
            }
            #expect(try await Notes.ids(database) == Array(1...50))
            #expect(try await database.appliedMigrations().map(\.number) == [1, 10, 20])
        }
    }
}
