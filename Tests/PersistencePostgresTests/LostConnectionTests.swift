import Persistence
import PersistencePostgres
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite(.enabled(if: Server.isAvailable, Server.missing))
struct LostConnectionTests {
    @Test func `a connection closed while nobody used it is replaced unseen`() async throws {
        try await withEntries { database, administration in
            try await database.add(1)
            try await administration.terminate()
            try await database.add(2)
            let ids = try await database.ids()
            #expect(ids == [1, 2])
            #expect(database.statistics().retries == 0)
        }
    }

    @Test func `a closure that loses its connection runs again with the same identifiers`() async throws {
        enum Entry: IdentifierKind { static let prefix = "ent" }
        try await withEntries { database, _ in
            let seen = Mutex<[Identifier<Entry>]>([])
            try await database.write("lose") { tx in
                let id = tx.newIdentifier(Entry.self)
                let run = seen.withLock { seen in
                    seen.append(id)
                    return seen.count
                }
                try tx.execute("INSERT INTO entries (id, body) VALUES (\(run), 'run')")
                if run == 1 { _ = try tx.first("SELECT pg_terminate_backend(pg_backend_pid())") { _ in true } }
            }
            let ids = try await database.ids()
            #expect(ids == [2])
            #expect(seen.withLock { $0.count } == 2)
            #expect(seen.withLock { Set($0).count } == 1)
            #expect(database.statistics().retries == 1)
        }
    }

    @Test func `a closure that loses its connection each time fails with unavailable`() async throws {
        try await withEntries { database, _ in
            let runs = Atomic(0)
            await #expect {
                try await database.write("lose") { tx in
                    runs.add(1, ordering: .relaxed)
                    _ = try tx.first("SELECT pg_terminate_backend(pg_backend_pid())") { _ in true }
                }
            } throws: { error in
                guard case .unavailable? = error as? DatabaseError else { return false }
                return true
            }
            #expect(runs.load(ordering: .relaxed) == 3)
        }
    }

    @Test func `a commit whose answer is lost is named ambiguous and not run again`() async throws {
        try await withEntries { _, administration in
            let proxy = try CommitProxy(url: administration.url)
            let database = try PostgresDatabase(PostgresSettings(url: proxy.url, writers: 1, readers: 1))
            let runs = Atomic(0)
            try await database.add(1)
            proxy.loseNextCommit(.afterItReachesTheServer)
            await #expect(throws: DatabaseError.ambiguousCommit) {
                try await database.write("ambiguous") { tx in
                    runs.add(1, ordering: .relaxed)
                    try tx.execute("INSERT INTO entries (id, body) VALUES (2, 'committed')")
                }
            }
            proxy.loseNextCommit(.beforeItReachesTheServer)
            await #expect(throws: DatabaseError.ambiguousCommit) {
                try await database.write("ambiguous") { tx in
                    runs.add(1, ordering: .relaxed)
                    let isThere = try tx.query("SELECT id FROM entries WHERE id = 2") { _ in true }
                    if !isThere.isEmpty { try tx.execute("INSERT INTO entries (id, body) VALUES (3, 'rolled back')") }
                }
            }
            #expect(runs.load(ordering: .relaxed) == 2)
            let ids = try await database.ids()
            #expect(ids == [1, 2])
            await database.close()
            proxy.close()
        }
    }

    @Test func `a server that cannot be reached is unavailable after the time allowed, without its password`()
        async throws
    {
        var settings = PostgresSettings(url: "postgres://maya:s3cret%40x@127.0.0.1:1/shop")
        settings.unavailableAfterSeconds = 0.3
        let database = try PostgresDatabase(settings)
        await #expect {
            try await database.add(1)
        } throws: { error in
            guard case .unavailable(let reason)? = error as? DatabaseError else { return false }
            return !reason.contains("s3cret") && reason.contains("127.0.0.1")
        }
        await database.close()
    }

    @Test(arguments: [
        "postgres://maya:s3cret@x@127.0.0.1/shop", "postgres://maya:s3c%ret@127.0.0.1/shop",
        "postgres://maya:s3cret@127.0.0.1:port/shop?s3cret=1",
    ])
    func `a URL that cannot be read is refused without repeating it`(url: String) {
        #expect {
            _ = try PostgresDatabase(PostgresSettings(url: url))
        } throws: { error in
            guard case .unavailable(let reason)? = error as? DatabaseError else { return false }
            return !reason.contains("s3c")
        }
    }
}
