import Persistence
import Primitives
import TestSupport
import Testing

@testable import Jobs

@Suite struct RunnerTests {
    struct Failure: Error {}

    static func mark(_ job: Job, _ transaction: borrowing Transaction) throws {
        try transaction.execute("INSERT INTO marks (name, by) VALUES (\(job.name), \(String(job.attempt)))")
    }

    @Test(arguments: TestEngine.available)
    func `jobs of both sorts are done, however many come at once`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let done = Observations<String>()
            let runner = database.startRunner(
                .effect(Samples.kind) { job, _ in done.add(job.name) },
                .transactional(Samples.other) { job, transaction in try Self.mark(job, transaction) }, clock: clock)
            try await database.write("test") { transaction in
                try Jobs.enqueue((1000..<1300).map { Samples.job("\($0)") }, in: transaction)
                try Jobs.enqueue((1000..<1300).map { Samples.job("\($0)", Samples.other) }, in: transaction)
            }
            await done.wait(for: 300)
            try await database.waitUntil { $0.allSatisfy { $0.state == "done" } }
            await runner.shutDown()
            #expect(done.values.sorted() == (1000..<1300).map(String.init))
            #expect(try await database.marks() == (1000..<1300).map(String.init))
            #expect(try await database.stored().allSatisfy { $0.attempt == 1 && $0.failures == 0 && !$0.isRunning })
        }
    }

    @Test(arguments: TestEngine.available)
    func `in a batch each job stands for itself: refused, in conflict, or unreadable`(
        _ engine: TestEngine
    ) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            try await database.write("test") { transaction in
                try Jobs.enqueue(
                    ["a", "b", "b", "c", "poison", "refused"].map { Samples.job($0, Samples.other) }, in: transaction)
                try transaction.execute(
                    "UPDATE jobs SET payload = '{\"name\": broken' WHERE payload = '{\"name\":\"poison\"}'")
            }
            let runner = database.startRunner(
                .transactional(Samples.other) { job, transaction in
                    try Self.mark(job, transaction)
                    if job.name == "refused" { throw JobRefusal("not wanted") }
                }, clock: clock)
            try await database.waitUntil { $0.filter { $0.failures + ($0.state == "done" ? 1 : 0) > 0 }.count == 6 }
            await runner.shutDown()
            #expect(try await database.marks() == ["a", "b", "c"])
            let stored = try await database.stored()
            #expect(stored.filter { $0.state == "done" }.map(\.name) == ["a", "b", "c"])
            let refused = try #require(stored.first { $0.name == "refused" })
            #expect(refused.state == "dead" && refused.error == "not wanted" && refused.failures == 1)
            let conflict = try #require(stored.first { $0.name == "b" && $0.state == "active" })
            #expect(conflict.failures == 1 && conflict.error?.hasPrefix("database: unique constraint") == true)
            let unreadable = try #require(stored.first { $0.name.contains("broken") })
            #expect(unreadable.state == "active" && unreadable.error?.hasPrefix("Its payload is not JSON") == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a job that fails is tried again after its wait, and becomes a dead letter in the end`(
        _ engine: TestEngine
    ) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let tried = Observations<Int>()
            let runner = database.startRunner(
                .effect(Samples.kind) { job, _ in
                    tried.add(job.failures)
                    throw JobRetry(after: 100, reason: "the provider says 429")
                }, clock: clock)
            try await database.enqueue(Samples.job("a"))
            try await database.waitUntil { $0.first?.failures == 1 && $0.first?.dueIn == 100 }
            clock.advance(seconds: 99)
            try await database.waitUntil { $0.first?.dueIn == 1 }
            #expect(tried.values == [0])
            clock.advance(seconds: 1)
            await tried.wait(for: 2)
            try await database.waitUntil { $0.first?.failures == 2 }
            clock.advance(seconds: 100)
            try await database.waitUntil { $0.first?.state == "dead" }
            await runner.shutDown()
            #expect(tried.values == [0, 1, 2])
            #expect(try await database.stored().first?.error == "the provider says 429")
        }
    }

    @Test(arguments: TestEngine.available)
    func `an effect is cancelled at its timeout and tried again`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let kind = JobKind("slow.call", timeoutSeconds: 10, backoff: Backoff(firstSeconds: 0))
            let started = Observations<Instant>()
            let runner = database.startRunner(
                .effect(kind) { job, context in
                    started.add(context.deadline)
                    if job.failures == 0 { try await clock.sleep(until: .ofTests.adding(seconds: 1e6)) }
                }, clock: clock)
            try await database.enqueue(Samples.job("a", kind))
            #expect(await started.wait(for: 1) == [Instant.ofTests.adding(seconds: 10)])
            clock.advance(seconds: 10)
            try await database.waitUntil { $0.first?.failures == 1 }
            #expect(try await database.stored().first?.error == "It took longer than 10 s.")
            clock.advance(seconds: 1)
            try await database.waitUntil { $0.first?.state == "done" }
            await runner.shutDown()
        }
    }

    @Test(arguments: TestEngine.available)
    func `kinds that this build does not know are left to others`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let new = JobKind("new.kind")
            try await database.enqueue(Samples.job("new", new), Samples.job("old"))
            let old = database.startRunner(.effect(Samples.kind) { _, _ in }, clock: clock)
            try await database.waitUntil { $0.map(\.state) == ["active", "done"] }
            let first = try await database.stored().first
            #expect(first?.attempt == 0)
            let next = database.startRunner(.effect(new) { _, _ in }, clock: clock)
            try await database.waitUntil { $0.map(\.state) == ["done", "done"] }
            await old.shutDown()
            await next.shutDown()
        }
    }

    @Test(arguments: TestEngine.available)
    func `two runners share the jobs and neither does one twice`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withFixture(engine, migrations: Samples.migrations, Self.options(clock)) { fixture in
            let database = fixture.database
            let other = engine == .postgres ? try await fixture.openAnother() : database
            let done = Observations<String>()
            let runners = [database, other].map { handle in
                handle.startRunner(
                    .effect(Samples.kind) { job, _ in done.add(job.name) },
                    .transactional(Samples.other) { job, transaction in try Self.mark(job, transaction) },
                    clock: clock)
            }
            for batch in 0..<10 {
                try await database.write("test") { transaction in
                    let names = (0..<50).map { "\(batch)-\($0)" }
                    try Jobs.enqueue(names.map { Samples.job($0) }, in: transaction)
                    try Jobs.enqueue(names.map { Samples.job($0, Samples.other) }, in: transaction)
                }
            }
            try await database.waitUntil { $0.count == 1000 && $0.allSatisfy { $0.state == "done" } }
            for runner in runners { await runner.shutDown() }
            #expect(Set(done.values).count == 500 && done.values.count == 500)
            #expect(try await database.marks().count == 500)
            if engine == .postgres { await other.close() }
        }
    }

    static func options(_ clock: any Clock) -> FixtureOptions {
        var options = FixtureOptions()
        options.clock = clock
        return options
    }
}
