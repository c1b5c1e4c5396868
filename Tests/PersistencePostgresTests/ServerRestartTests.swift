import Persistence
import PersistencePostgres
import Synchronization
import TestSupport
import Testing

@Suite(
    .enabled(if: Server.isAvailable, Server.missing),
    .enabled(if: TemporaryServer.programs != nil, TemporaryServer.missing))
struct ServerRestartTests {
    /// What the writers were told.
    private final class Journal: Sendable {
        struct Record {
            var acknowledged: Set<Int> = []
            var ambiguous: Set<Int> = []
            var failed: [any Error] = []
        }

        let record = Mutex(Record())
        let isDone = Atomic(false)

        func waitForMore(_ count: Int) async {
            let goal = record.withLock { $0.acknowledged.count } + count
            while record.withLock({ $0.acknowledged.count }) < goal { await Task.yield() }
        }
    }

    @Test(.timeLimit(.minutes(30)))
    func `closures survive restarts and crashes of the server, and nothing acknowledged is lost`() async throws {
        let server = try await TemporaryServer.make()
        var settings = PostgresSettings(url: server.url, writers: 4, readers: 2)
        settings.unavailableAfterSeconds = 60
        let database = try PostgresDatabase(settings)
        _ = try await database.migrate([Server.entries])
        let journal = Journal()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<6 {
                group.addTask {
                    var id = task
                    while !journal.isDone.load(ordering: .relaxed) {
                        id += 6
                        do {
                            try await database.add(id)
                            journal.record.withLock { _ = $0.acknowledged.insert(id) }
                        } catch DatabaseError.ambiguousCommit {
                            journal.record.withLock { _ = $0.ambiguous.insert(id) }
                        } catch {
                            journal.record.withLock { $0.failed.append(error) }
                        }
                    }
                }
            }
            for mode in ["fast", "immediate", "immediate"] {
                await journal.waitForMore(20)
                do {
                    try await server.restart(mode)
                } catch {
                    Issue.record(error)
                }
            }
            await journal.waitForMore(20)
            journal.isDone.store(true, ordering: .relaxed)
        }
        let ids = Set(try await database.ids())
        let end = journal.record.withLock { $0 }
        #expect(end.acknowledged.subtracting(ids) == [])
        #expect(ids.subtracting(end.acknowledged).subtracting(end.ambiguous) == [])
        #expect(end.failed.isEmpty, "\(end.failed)")
        await database.close()
        try await server.remove()
    }

    @Test(.timeLimit(.minutes(30)))
    func `a server that gives few connections is used with those`() async throws {
        let server = try await TemporaryServer.make("max_connections = 8\nsuperuser_reserved_connections = 3")
        let administration = PostgresAdministration(url: server.url)
        try await administration.execute("CREATE ROLE shop LOGIN")
        try await administration.execute("GRANT ALL ON SCHEMA public TO shop")
        let url = server.url.replacing("postgres@", with: "shop@")
        let database = try PostgresDatabase(PostgresSettings(url: url, writers: 20, readers: 2))
        _ = try await database.migrate([Server.entries])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 1...300 { group.addTask { try await database.add(id) } }
            try await group.waitForAll()
        }
        await database.close()
        #expect(try await administration.rows("SELECT count(*) FROM entries") == ["300"])
        try await server.remove()
    }
}
