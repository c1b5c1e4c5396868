import Persistence
import Synchronization
import TestSupport
import Testing

/// Many closures at a time, alike on both engines.
@Suite struct ConcurrencyTests {
    struct Refusal: Error {}

    @Test(arguments: TestEngine.available)
    func `no update is lost among concurrent writers`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await database.write("seed") { tx in
                try tx.execute("INSERT INTO counters (name, count) VALUES ('hits', 0)")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await database.write("hit") { tx in
                            let select: SQL = "SELECT count FROM counters WHERE name = 'hits'\(tx.forUpdate)"
                            let count = try tx.first(select) { try $0[0] as Int } ?? 0
                            try tx.execute("UPDATE counters SET count = \(count + 1) WHERE name = 'hits'")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let count = try await database.read("count") { tx in
                try tx.first("SELECT count FROM counters") { try $0[0] as Int }
            }
            #expect(count == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `closures that fail leave the others of their batch committed`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let gate = Gate()
            async let first: Void = database.write("hold") { _ in gate.block() }
            let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for id in 1...60 {
                    group.addTask { await Self.add(id, database) }
                }
                try await until("all wait or are done") {
                    engine == .postgres || database.statistics().waiting == 60
                }
                gate.open()
                return try await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            try await first
            let kept = (1...60).filter { $0 % 3 != 0 && $0 % 5 != 0 && $0 % 7 != 0 }
            #expect(outcomes.filter { $0 }.count == kept.count)
            #expect(try await Notes.ids(database) == kept)
            let statistics = database.statistics()
            if engine == .sqlite { #expect(statistics.flushes <= 4) }
        }
    }

    /// Every third throws after it wrote, every fifth breaks a constraint, every seventh catches that it did.
    private static func add(_ id: Int, _ database: any Database) async -> Bool {
        do {
            try await database.write("add") { tx in
                try Notes.add(id, "note \(id)", in: tx)
                if id % 3 == 0 { throw Refusal() }
                if id % 5 == 0 { try tx.execute("INSERT INTO notes (id, body) VALUES (\(1000 + id), 'forbidden')") }
                if id % 7 == 0 {
                    do { _ = try tx.changes("INSERT INTO notes (id, body) VALUES (\(id), 'twin')") } catch {}
                }
            }
            return true
        } catch {
            return false
        }
    }

    @Test(arguments: TestEngine.available)
    func `opposite orders of updates both succeed`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await database.write("seed") { tx in
                try tx.execute("INSERT INTO counters (name, count) VALUES ('a', 0), ('b', 0)")
            }
            // PostgreSQL ends one of the two by a deadlock; that one runs again.
            let meeting = Meeting(engine == .postgres ? 2 : 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for names in [["a", "b"], ["b", "a"]] {
                    group.addTask {
                        try await database.write("cross") { tx in
                            for (step, name) in names.enumerated() {
                                _ = try tx.changes("UPDATE counters SET count = count + 1 WHERE name = \(name)")
                                if step == 0 { meeting.arrive() }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let counts = try await database.read("counts") { tx in
                try tx.query("SELECT count FROM counters ORDER BY name") { try $0[0] as Int }
            }
            #expect(counts == [2, 2])
            if engine == .postgres { #expect(database.statistics().retries >= 1) }
        }
    }

    /// Lets threads go on when so many have come; later ones at once.
    private final class Meeting: Sendable {
        private let gate = Gate()
        private let missing: Atomic<Int>

        init(_ count: Int) {
            missing = Atomic(count)
        }

        func arrive() {
            let left = missing.subtract(1, ordering: .acquiringAndReleasing).newValue
            if left <= 0 { gate.open() } else { gate.block() }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a cancelled task's waiting closure is skipped`(engine: TestEngine) async throws {
        let options = FixtureOptions()
        try await withNotes(engine, options) { database async throws in
            let gate = Gate()
            let busy = engine == .sqlite ? 1 : options.writers
            let started = Tally()
            let ran = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<busy {
                    group.addTask {
                        try await database.write("hold") { _ in
                            started.add()
                            gate.block()
                        }
                    }
                }
                try await until("all writers are busy") { started.count == busy }
                let task = Task {
                    try await database.write("never") { tx in
                        ran.add()
                        try Notes.add(1, "never", in: tx)
                    }
                }
                try await until("it waits") { database.statistics().waiting == 1 }
                task.cancel()
                // The writers are still held: the answer does not wait for them.
                await #expect(throws: CancellationError.self) { try await task.value }
                gate.open()
                try await group.waitForAll()
            }
            #expect(ran.count == 0)
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a task that is cancelled beforehand runs nothing`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let gate = Gate()
            let task = Task {
                await gate.wait()
                try await database.write("never") { tx in try Notes.add(1, "never", in: tx) }
            }
            task.cancel()
            gate.open()
            await #expect(throws: CancellationError.self) { try await task.value }
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a running closure that is cancelled does all or nothing, and harms no neighbour`(engine: TestEngine)
        async throws
    {
        try await withNotes(engine) { database async throws in
            let gate = Gate()
            let hasStarted = Gate()
            let task = Task {
                try await database.write("cancelled") { tx in
                    _ = try tx.changes("INSERT INTO notes (id, body) VALUES (1, 'one')")
                    hasStarted.open()
                    gate.block()
                    _ = try tx.changes("INSERT INTO notes (id, body) VALUES (2, 'two')")
                }
            }
            await hasStarted.wait()
            async let neighbour: Void = database.write("neighbour") { tx in try Notes.add(3, "three", in: tx) }
            task.cancel()
            gate.open()
            let outcome = await task.result
            try await neighbour
            let ids = try await Notes.ids(database)
            switch outcome {
            case .success: #expect(ids == [1, 2, 3])
            case .failure(let error):
                #expect(error is CancellationError)
                #expect(ids == [3])
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a full queue refuses, and what it took is done`(engine: TestEngine) async throws {
        var options = FixtureOptions()
        options.queueLimit = 3
        try await withNotes(engine, options) { database async throws in
            let gate = Gate()
            let started = Tally()
            let results = try await withThrowingTaskGroup(of: DatabaseError?.self) { group in
                for id in 1...40 {
                    group.addTask {
                        await failure {
                            try await database.write("add") { tx in
                                started.add()
                                gate.block()
                                try Notes.add(id, "note \(id)", in: tx)
                            }
                        }
                    }
                }
                try await until("all have come") {
                    let statistics = database.statistics()
                    return started.count + statistics.waiting + statistics.refusals == 40
                }
                gate.open()
                return try await group.reduce(into: [DatabaseError?]()) { $0.append($1) }
            }
            let refused = results.compactMap { $0 }
            #expect(refused.count == 40 - 3 - (engine == .sqlite ? 1 : options.writers))
            #expect(refused.allSatisfy { $0 == .queueFull })
            #expect(database.statistics().refusals == refused.count)
            #expect(try await Notes.ids(database).count == 40 - refused.count)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a statement that runs too long is ended and nothing else`(engine: TestEngine) async throws {
        var options = FixtureOptions()
        options.statementTimeoutSeconds = 0.3
        try await withNotes(engine, options) { database async throws in
            let gate = Gate()
            let holding = Observations<Void>()
            async let hold: Void = database.write("hold") { _ in
                holding.add(())
                gate.block()
            }
            // Only then: a closure that was taken before would never wait.
            await holding.wait(for: 1)
            async let before: Void = database.write("before") { tx in try Notes.add(1, "one", in: tx) }
            async let reading = failure {
                try await database.write("endless") { tx in
                    try Notes.add(2, "two", in: tx)
                    _ = try tx.query(Notes.endless) { _ in }
                }
            }
            async let writing = failure {
                try await database.write("endless insert") { tx in
                    try tx.execute("INSERT INTO counters (name, count) VALUES ('endless', (\(Notes.endless)))")
                }
            }
            async let after: Void = database.write("after") { tx in try Notes.add(3, "three", in: tx) }
            try await until("all wait") { engine == .postgres || database.statistics().waiting == 4 }
            gate.open()
            try await hold
            try await before
            try await after
            #expect(await reading == .statementTimeout)
            #expect(await writing == .statementTimeout)
            #expect(try await Notes.ids(database) == [1, 3])
            let alone = await failure {
                try await database.read("endless") { tx in try tx.query(Notes.endless) { _ in } }
            }
            #expect(alone == .statementTimeout)
        }
    }
}
