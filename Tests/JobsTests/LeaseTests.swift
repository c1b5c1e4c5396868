import Persistence
import Primitives
import TestSupport
import Testing

@testable import Jobs

/// What the statements of runners do, without a runner.
@Suite struct LeaseTests {
    @Test(arguments: TestEngine.available)
    func `only due jobs of known kinds are claimed, each once`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Jobs.migrations, clock: clock) { database in
            let later = clock.now().adding(seconds: 30)
            try await database.enqueue(
                Samples.job("now"), Samples.job("later", runAt: later), Samples.job("unknown", JobKind("new.kind")))
            #expect(try await database.claim().map(\.name) == ["now"])
            #expect(try await database.claim() == [])
            clock.advance(seconds: 30)
            #expect(try await database.claim().map(\.name) == ["later"])
            let unknown = try await database.stored().last
            #expect(unknown?.name == "unknown" && unknown?.attempt == 0)
        }
    }

    @Test(arguments: TestEngine.available.filter { $0 == .postgres })
    func `who claims at the same moment gets other jobs and does not wait`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Jobs.migrations) { database in
            try await database.enqueue(Samples.job("a"), Samples.job("b"), Samples.job("c"))
            let claimed = Observations<Int>()
            let gate = Gate()
            let first = Task {
                try await database.write("test") { transaction in
                    let jobs = try JobTable.claim(
                        ClaimRequest(queue: .standard, limit: 2), kinds: [Samples.kind.name], runner: Samples.runner,
                        at: transaction.now, until: transaction.now.adding(seconds: 60), in: transaction
                    ).rows()
                    claimed.add(jobs.count)
                    gate.block()
                    return Set(jobs.map(\.name))
                }
            }
            #expect(await claimed.wait(for: 1) == [2])
            let second = try await database.claim()
            gate.open()
            #expect(try await first.value.union(second.map(\.name)) == ["a", "b", "c"])
            #expect(second.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a lease that runs out passes on, and the late finisher is refused`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Jobs.migrations, clock: clock) { database in
            try await database.enqueue(Samples.job("a"))
            let first = try #require(try await database.claim().first)
            clock.advance(seconds: 59)
            #expect(try await database.claim() == [])
            clock.advance(seconds: 1)
            let second = try #require(try await database.claim().first)
            #expect(second.attempt == 2 && second.failures == 1)
            for outcome in [
                Outcome.finish, .release(until: clock.now()), .bury(error: ErrorSummary(sentence: "x")),
                .postpone(until: clock.now(), error: ErrorSummary(sentence: "x")),
            ] {
                #expect(try await database.settle(first, outcome) == false)
            }
            let leases = [first.held]
            let extended = try await database.write("test") { transaction in
                try JobTable.extend(leases, until: transaction.now.adding(seconds: 60), in: transaction)
            }
            #expect(extended == [])
            #expect(try await database.settle(second, .finish))
            #expect(try await database.settle(second, .finish) == false)
            #expect(try await database.stored().map(\.state) == ["done"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a heartbeat keeps the lease, and a release gives it back without a failure`(
        _ engine: TestEngine
    ) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Jobs.migrations, clock: clock) { database in
            try await database.enqueue(Samples.job("a"))
            let job = try #require(try await database.claim().first)
            clock.advance(seconds: 40)
            let extended = try await database.write("test") { transaction in
                try JobTable.extend([job.held], until: transaction.now.adding(seconds: 60), in: transaction)
            }
            #expect(extended == [job.id])
            clock.advance(seconds: 59)
            #expect(try await database.claim() == [])
            #expect(try await database.settle(job, .release(until: clock.now())))
            let again = try #require(try await database.claim().first)
            #expect(again.attempt == 2 && again.failures == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `ends of different kinds and attempts are written together`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Jobs.migrations, clock: clock) { database in
            try await database.enqueue(Samples.job("a"), Samples.job("b"))
            for job in try await database.claim() { _ = try await database.settle(job, .release(until: clock.now())) }
            try await database.enqueue(Samples.job("c"), Samples.job("d"), Samples.job("e"))
            let jobs = Dictionary(uniqueKeysWithValues: try await database.claim().map { ($0.name, $0) })
            let error = ErrorSummary(sentence: "line one\nline two\u{0} \(String(repeating: "x", count: 900))")
            let outcomes: [(String, Outcome)] = [
                ("a", .finish), ("b", .postpone(until: clock.now().adding(seconds: 7), error: error)),
                ("c", .finish), ("d", .bury(error: error)), ("e", .release(until: clock.now())),
            ]
            let settlements = outcomes.compactMap { name, outcome in
                jobs[name].map { Settlement(id: $0.id, attempt: $0.attempt, outcome: outcome) }
            }
            let held = try await database.write("test") { transaction in
                try JobTable.settle(settlements, at: transaction.now, in: transaction)
            }
            #expect(held.count == 5)
            let stored = try await database.stored()
            #expect(stored.map(\.state) == ["done", "active", "done", "dead", "active"])
            #expect(stored.map(\.attempt) == [2, 2, 1, 1, 1])
            #expect(stored.map(\.failures) == [0, 1, 0, 1, 0])
            #expect(stored.map(\.isRunning) == [false, false, false, false, false])
            #expect(stored[1].dueIn == 7)
            #expect(stored[1].error?.count == 500)
            #expect(stored[1].error?.hasPrefix("line one line two  xxx") == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `claims and pruning go by their indexes, however many jobs have ended`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Jobs.migrations) { database in
            for _ in 1...20 {
                try await database.write("test") { transaction in
                    try Jobs.enqueue((1...250).map { Samples.job("\($0)") }, in: transaction)
                    try transaction.execute("UPDATE jobs SET state = 'done', ended_at = 1")
                }
            }
            try await database.enqueue(Samples.job("a"))
            if engine == .postgres { try await database.write("test") { try $0.execute("ANALYZE jobs") } }
            let plans = try await database.write("test") { transaction in
                let statements = [
                    JobTable.claimStatement(
                        ClaimRequest(queue: .standard, limit: 10), kinds: ["mail.send"], runner: Samples.runner,
                        at: transaction.now, until: transaction.now, in: transaction),
                    JobTable.pruneStatement(endedBefore: transaction.now, limit: 10, in: transaction),
                ]
                let explain: SQL = transaction.engine == .postgres ? "EXPLAIN " : "EXPLAIN QUERY PLAN "
                let column = transaction.engine == .postgres ? 0 : 3
                return try statements.map { statement in
                    try transaction.query("\(explain)\(statement)") { try $0[column] as String }
                }
            }
            for (plan, index) in zip(plans, ["jobs_due", "jobs_ended"]) {
                let text = plan.joined(separator: "\n")
                #expect(text.contains(index), "\(text)")
                #expect(!text.contains("Seq Scan"), "\(text)")
                #expect(!plan.contains { $0.hasPrefix("SCAN jobs") && !$0.contains("INDEX") }, "\(text)")
            }
        }
    }
}
