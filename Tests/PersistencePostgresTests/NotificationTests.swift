import Persistence
import PersistencePostgres
import TestSupport
import Testing

@Suite(.enabled(if: Server.isAvailable, Server.missing), .timeLimit(.minutes(30)))
struct NotificationTests {
    private let topic = Topic("jobs")

    private func wake(_ database: PostgresDatabase) async throws {
        try await database.write("wake") { $0.wake(topic) }
    }

    private static let listening = """
        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%LISTEN%jobs%'
        AND pid <> pg_backend_pid()
        """

    @Test func `a commit wakes its own process and others, a rollback nobody`() async throws {
        struct Refusal: Error {}
        try await withEntries { database, administration in
            let other = try PostgresDatabase(PostgresSettings(url: administration.url))
            let own = database.wakes(for: topic)
            let others = other.wakes(for: topic)
            let unrelated = other.wakes(for: Topic("events"))
            try await administration.wait(for: "\(Self.listening) OFFSET 1")
            await #expect(throws: Refusal.self) {
                try await database.write("rollback") { tx in
                    tx.wake(Topic("events"))
                    throw Refusal()
                }
            }
            try await wake(database)
            for await _ in own { break }
            for await _ in others { break }
            await database.close()
            await other.close()
            var count = 0
            for await _ in unrelated { count += 1 }
            #expect(count == 0)
        }
    }

    @Test func `a burst of commits wakes few times and the last is never missed`() async throws {
        try await withEntries { database, administration in
            let other = try PostgresDatabase(PostgresSettings(url: administration.url))
            let wakes = other.wakes(for: topic)
            try await administration.wait(for: Self.listening)
            let seen = Task {
                for await _ in wakes {
                    let ids = try await other.ids()
                    if ids.count == 200 { return true }
                }
                return false
            }
            for id in 1...200 {
                try await database.write("burst") { tx in
                    try tx.execute("INSERT INTO entries (id, body) VALUES (\(id), 'x')")
                    tx.wake(topic)
                }
            }
            #expect(try await seen.value)
            await other.close()
        }
    }

    @Test func `who listens is woken after the connection was lost, and hears again`() async throws {
        try await withEntries { database, administration in
            let other = try PostgresDatabase(PostgresSettings(url: administration.url))
            let wakes = other.wakes(for: topic)
            try await administration.wait(for: Self.listening)
            try await administration.terminate(where: "query LIKE '%LISTEN%'")
            var iterator = wakes.makeAsyncIterator()
            await iterator.next()
            try await administration.wait(for: Self.listening)
            try await wake(database)
            await iterator.next()
            await other.close()
        }
    }

    @Test func `streams end when the database is closed`() async throws {
        try await withEntries { database, _ in
            let before = database.wakes(for: topic)
            await database.close()
            for await _ in before {}
            for await _ in database.wakes(for: topic) {}
            await #expect(throws: DatabaseError.unavailable("the database is closed")) { try await database.add(1) }
        }
    }
}
