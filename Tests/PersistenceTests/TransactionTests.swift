import Persistence
import Primitives
import Synchronization
import TestSupport
import Testing

/// Transactions, alike on both engines.
@Suite struct TransactionTests {
    struct Refusal: Error, Equatable {}

    @Test(arguments: TestEngine.available)
    func `what was written is read`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await database.write("add") { tx in try Notes.add(1, "Grüße 🌍", in: tx) }
            #expect(try await Notes.bodies(database) == ["Grüße 🌍"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a closure that throws takes back all of its own`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            await #expect(throws: Refusal()) {
                try await database.write("refuse") { tx in
                    try Notes.add(1, "one", in: tx)
                    try Notes.add(2, "two", in: tx)
                    throw Refusal()
                }
            }
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a caught error of a statement still ends the transaction`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await database.write("first") { tx in try Notes.add(1, "one", in: tx) }
            let error = await failure {
                try await database.write("catching") { tx in
                    try Notes.add(2, "two", in: tx)
                    do { _ = try tx.changes("INSERT INTO notes (id, body) VALUES (1, 'again')") } catch {}
                }
            }
            guard case .constraint(.unique, _)? = error else {
                Issue.record("expected a unique constraint, got \(String(describing: error))")
                return
            }
            #expect(try await Notes.ids(database) == [1])
        }
    }

    @Test(arguments: TestEngine.available)
    func `after a failed statement every other one fails`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let reached = Tally()
            let error = await failure {
                try await database.write("catching") { tx in
                    do { _ = try tx.changes("INSERT INTO notes (id, body) VALUES (1, 'forbidden')") } catch {}
                    reached.add()
                    _ = try tx.changes("INSERT INTO notes (id, body) VALUES (2, 'two')")
                    reached.add()
                }
            }
            #expect(reached.count == 1)
            guard case .constraint(.check, _)? = error else {
                Issue.record("expected a check constraint, got \(String(describing: error))")
                return
            }
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `constraints are told apart`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let statements: [(SQL, DatabaseError.Constraint)] = [
                ("INSERT INTO notes (id, body) VALUES (1, 'one'), (1, 'two')", .unique),
                ("INSERT INTO notes (id, body) VALUES (1, 'one'), (2, 'one')", .unique),
                ("INSERT INTO notes (id, body, parent) VALUES (1, 'one', 9)", .foreignKey),
                ("INSERT INTO notes (id, body) VALUES (1, 'forbidden')", .check),
                ("INSERT INTO notes (id, body) VALUES (1, NULL)", .notNull),
            ]
            for (statement, kind) in statements {
                let error = await failure {
                    try await database.write("violate") { tx in try tx.execute(statement) }
                }
                guard case .constraint(kind, _)? = error else {
                    Issue.record("expected \(kind), got \(String(describing: error)) of \(statement.text)")
                    continue
                }
            }
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a reading transaction refuses to write`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            for statement: SQL in [
                "INSERT INTO notes (id, body) VALUES (1, 'one')", "DELETE FROM notes", "CREATE TABLE more (id BIGINT)",
            ] {
                let error = await failure {
                    try await database.read("sneak") { tx in try tx.changes(statement) }
                }
                guard case .misuse? = error else {
                    Issue.record("expected misuse, got \(String(describing: error))")
                    continue
                }
            }
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a defective statement is misuse`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            for statement: SQL in ["SELECT FROM WHERE", "SELECT nothing FROM notes", "SELECT 1 FROM nowhere"] {
                let error = await failure {
                    try await database.read("defect") { tx in try tx.query(statement) { _ in } }
                }
                guard case .misuse? = error else {
                    Issue.record("expected misuse, got \(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a closure cannot end the transaction by itself`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            for statement: SQL in ["COMMIT", " rollback", "-- sly\n/* * */ End", "SAVEPOINT mine"] {
                let error = await failure {
                    try await database.write("sneak") { tx in
                        try Notes.add(1, "one", in: tx)
                        try tx.execute(statement)
                    }
                }
                guard case .misuse? = error else {
                    Issue.record("expected misuse of \(statement.text), got \(String(describing: error))")
                    continue
                }
            }
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
            try await database.write("after") { tx in try Notes.add(2, "two", in: tx) }
            #expect(try await Notes.ids(database) == [2])
        }
    }

    @Test(arguments: TestEngine.available)
    func `nobody reads what is not committed`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let isWritten = Gate()
            let mayCommit = Gate()
            async let written: Void = database.write("slow") { tx in
                _ = try tx.changes("INSERT INTO notes (id, body) VALUES (1, 'one')")
                isWritten.open()
                mayCommit.block()
            }
            await isWritten.wait()
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
            mayCommit.open()
            try await written
            #expect(try await Notes.ids(database) == [1])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a reader sees one snapshot`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let (hasRead, isWritten) = (Gate(), Gate())
            async let counts = database.read("twice") { tx in
                defer { hasRead.open() }
                // Two batches of two statements: each of the four is asked for at another moment.
                let first = try tx.later("SELECT COUNT(*) FROM notes") { try $0[0] as Int }
                var counts = try tx.query("SELECT COUNT(*) FROM notes") { try $0[0] as Int } + first.rows()
                hasRead.open()
                isWritten.block()
                let third = try tx.later("SELECT COUNT(*) FROM notes") { try $0[0] as Int }
                counts += try tx.query("SELECT COUNT(*) FROM notes AS again") { try $0[0] as Int } + third.rows()
                return counts
            }
            await hasRead.wait()
            try await database.write("add") { tx in try Notes.add(1, "one", in: tx) }
            isWritten.open()
            #expect(try await counts == [0, 0, 0, 0])
            #expect(try await Notes.ids(database) == [1])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a second run takes the same time and identifiers`(engine: TestEngine) async throws {
        enum Thing: IdentifierKind {
            static let prefix = "thing"
        }
        struct Run: Equatable {
            let now: Instant
            let identifiers: [Identifier<Thing>]
        }
        var options = FixtureOptions()
        let clock = ManualClock()
        options.clock = clock
        try await withNotes(engine, options) { database async throws in
            let runs = Mutex<[Run]>([])
            try await database.write("again") { tx in
                let count = runs.withLock { $0.count + 1 }
                let identifiers: [Identifier<Thing>] = (0..<(count + 1)).map { _ in tx.newIdentifier() }
                runs.withLock { $0.append(Run(now: tx.now, identifiers: identifiers)) }
                clock.advance(seconds: 5)
                try Notes.add(count, "run \(count)", in: tx)
                if count < 3 { try Notes.conflict(in: tx) }
            }
            let all = runs.withLock { $0 }
            #expect(all.count == 3)
            #expect(all.map(\.now) == [.ofTests, .ofTests, .ofTests])
            #expect(Set(all[2].identifiers).count == 4)
            #expect(all[0].identifiers == Array(all[2].identifiers.prefix(2)))
            #expect(all[1].identifiers == Array(all[2].identifiers.prefix(3)))
            #expect(try await Notes.bodies(database) == ["run 3"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a closure that meets conflicts for ever is given up after ten runs`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let runs = Tally()
            let error = await failure {
                try await database.write("unlucky") { tx in
                    try Notes.add(1, "one", in: tx)
                    runs.add()
                    try Notes.conflict(in: tx)
                }
            }
            #expect(error == .conflict)
            #expect(runs.count == 10)
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `rows of several statements come in the order they were asked for`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let answer = try await database.write("several") { tx in
                try Notes.add(1, "one", in: tx)
                let first = try tx.later("SELECT body FROM notes") { try $0[0] as String }
                try Notes.add(2, "two", in: tx)
                let second = try tx.later("SELECT body FROM notes ORDER BY id") { try $0[0] as String }
                let changed = try tx.changes("UPDATE notes SET body = body || '!'")
                let third = try tx.query("UPDATE notes SET body = 'uno' WHERE id = 1 RETURNING id, body") {
                    "\(try $0[0] as Int)\(try $0[1] as String)"
                }
                return (try first.rows(), try second.rows(), changed, third)
            }
            #expect(answer == (["one"], ["one", "two"], 2, ["1uno"]))
            #expect(try await Notes.bodies(database) == ["uno", "two!"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `locks by name can be taken`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await database.write("lock") { tx in
                try tx.lock("stock:1")
                try tx.lock("stock:2")
                _ = try tx.query("SELECT id FROM notes\(tx.forUpdate)") { _ in }
                _ = try tx.query("SELECT id FROM notes\(tx.forUpdateSkippingLocked)") { _ in }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a closed database refuses work`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            await database.close()
            for error in [
                await failure { try await Notes.ids(database) },
                await failure { try await database.write("late") { tx in try Notes.add(1, "one", in: tx) } },
            ] {
                guard case .unavailable? = error else {
                    Issue.record("expected unavailable, got \(String(describing: error))")
                    continue
                }
            }
        }
    }
}
