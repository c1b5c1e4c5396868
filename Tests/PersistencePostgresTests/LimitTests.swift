import Persistence
import PersistencePostgres
import Synchronization
import TestSupport
import Testing

/// Two closures that wait for each other.
private final class Meeting: Sendable {
    let arrived = Atomic(0)
}

@Suite(.enabled(if: Server.isAvailable, Server.missing))
struct LimitTests {
    private static let sleeping = """
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%'
        AND pid <> pg_backend_pid()
        """

    private func sleep(_ database: PostgresDatabase, seconds: Double = 30) async throws {
        try await database.write("sleep") { tx in
            try tx.execute("INSERT INTO entries (id, body) VALUES (99, 'x')")
            _ = try tx.query("SELECT pg_sleep(\(seconds))") { _ in true }
        }
    }

    @Test func `a statement that runs too long is ended, and the connection works on`() async throws {
        try await withEntries({
            $0.statementTimeoutSeconds = 0.2; $0.writers = 1
        }) { database, _ in
            await #expect(throws: DatabaseError.statementTimeout) { try await sleep(database) }
            try await database.add(1)
            let ids = try await database.ids()
            #expect(ids == [1])
            #expect(database.statistics().retries == 0)
        }
    }

    @Test func `a transaction that does nothing for too long is ended and not run again`() async throws {
        try await withEntries({
            $0.idleInTransactionTimeoutSeconds = 0.1; $0.writers = 1
        }) { database, administration in
            let runs = Atomic(0)
            await #expect(throws: DatabaseError.statementTimeout) {
                try await database.write("idle") { tx in
                    runs.add(1, ordering: .relaxed)
                    let process = try tx.first("SELECT pg_backend_pid()") { try $0[0] as Int } ?? 0
                    while try administration.blockingRows("SELECT pid FROM pg_stat_activity WHERE pid = \(process)")
                        .count > 0
                    {}
                    try tx.execute("INSERT INTO entries (id, body) VALUES (1, 'x')")
                }
            }
            #expect(runs.load(ordering: .relaxed) == 1)
            try await database.add(2)
            let ids = try await database.ids()
            #expect(ids == [2])
        }
    }

    @Test func `a cancelled task ends the statement that runs for it`() async throws {
        try await withEntries({ $0.writers = 1 }) { database, administration in
            for _ in 1...3 {
                let task = Task { try await sleep(database) }
                try await administration.wait(for: Self.sleeping)
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            try await database.add(1)
            let ids = try await database.ids()
            #expect(ids == [1])
        }
    }

    @Test func `a cancelled task takes its closure out of the queue`() async throws {
        try await withEntries({ $0.writers = 1 }) { database, administration in
            let first = Task { try await sleep(database) }
            try await administration.wait(for: Self.sleeping)
            let second = Task { try await database.add(2) }
            while database.statistics().waiting == 0 { await Task.yield() }
            second.cancel()
            await #expect(throws: CancellationError.self) { try await second.value }
            #expect(database.statistics().waiting == 0)
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            try await database.add(3)
            let ids = try await database.ids()
            #expect(ids == [3])
        }
    }

    @Test func `a task cancelled before it begins runs nothing`() async throws {
        try await withEntries { database, _ in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await database.add(1)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let ids = try await database.ids()
            #expect(ids == [])
        }
    }

    @Test func `closures cancelled at every moment either commit or leave nothing`() async throws {
        try await withEntries({ $0.writers = 3 }) { database, _ in
            let committed = await withTaskGroup(of: Int?.self) { group in
                for id in 1...200 {
                    group.addTask {
                        let task = Task { try await database.add(id) }
                        for _ in 0..<(id % 40) { await Task.yield() }
                        task.cancel()
                        do {
                            try await task.value
                            return id
                        } catch {
                            #expect(error is CancellationError)
                            return nil
                        }
                    }
                }
                return await group.reduce(into: [Int]()) { ids, id in if let id { ids.append(id) } }
            }
            let ids = try await database.ids()
            #expect(ids == committed.sorted())
        }
    }

    @Test func `a full queue refuses, and takes again when there is room`() async throws {
        try await withEntries({
            $0.writers = 1; $0.queueLimit = 2
        }) { database, administration in
            let first = Task { try await sleep(database) }
            try await administration.wait(for: Self.sleeping)
            let waiting = [Task { try await database.add(1) }, Task { try await database.add(2) }]
            while database.statistics().waiting < 2 { await Task.yield() }
            await #expect(throws: DatabaseError.queueFull) { try await database.add(3) }
            #expect(database.statistics().refusals == 1)
            first.cancel()
            for task in waiting { try await task.value }
            try await database.add(4)
            let ids = try await database.ids()
            #expect(ids == [1, 2, 4])
            #expect(database.statistics().longestWaitSeconds > 0)
        }
    }

    @Test func `two transactions that wait for each other both finish`() async throws {
        try await withEntries { database, _ in
            try await database.add(1)
            try await database.add(2)
            let meeting = Meeting()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        let runs = Atomic(0)
                        try await database.write("deadlock") { tx in
                            _ = try tx.changes("UPDATE entries SET body = body || 'x' WHERE id = \(first)")
                            if runs.add(1, ordering: .relaxed).newValue == 1 {
                                meeting.arrived.add(1, ordering: .relaxed)
                                while meeting.arrived.load(ordering: .relaxed) < 2 {}
                            }
                            try tx.execute("UPDATE entries SET body = body || 'x' WHERE id = \(second)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let bodies = try await database.read("bodies") { tx in
                try tx.query("SELECT body FROM entries") { try $0[0] as String }
            }
            #expect(bodies == ["Grüßexx", "Grüßexx"])
            #expect(database.statistics().retries >= 1)
        }
    }

    @Test func `a conflict in every run is reported after ten`() async throws {
        try await withEntries { database, _ in
            let runs = Atomic(0)
            await #expect(throws: DatabaseError.conflict) {
                try await database.write("conflict") { tx in
                    runs.add(1, ordering: .relaxed)
                    try tx.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
                }
            }
            #expect(runs.load(ordering: .relaxed) == 10)
        }
    }

    @Test func `slow transactions are told, with their names`() async throws {
        let told = Mutex<[String]>([])
        let tell: @Sendable (String, Double) -> Void = { name, _ in told.withLock { $0.append(name) } }
        try await withEntries({
            $0.slowTransactionSeconds = 0.05; $0.onSlowTransaction = tell
        }) { database, _ in
            try await database.write("warm") { _ = try $0.query("SELECT 1") { _ in 1 } }
            told.withLock { $0 = [] }
            try await sleep(database, seconds: 0.1)
            try await database.add(1)
            await database.close()
        }
        #expect(told.withLock { $0 } == ["sleep"])
    }
}
