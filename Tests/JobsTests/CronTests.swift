import Persistence
import Primitives
import TestSupport
import Testing

@testable import Jobs

@Suite struct CronTests {
    @Test(arguments: [
        (CronSchedule.every(seconds: 60), "2026-01-15T09:30:00Z", "2026-01-15T09:30:00Z"),
        (.every(seconds: 60), "2026-01-15T09:30:59.999999Z", "2026-01-15T09:30:00Z"),
        (.every(seconds: 3600), "2026-01-15T09:30:00Z", "2026-01-15T09:00:00Z"),
        (.every(seconds: 60), "1969-12-31T23:59:59Z", "1969-12-31T23:59:00Z"),
        (.daily(hour: 3, minute: 15), "2026-01-15T09:30:00Z", "2026-01-15T03:15:00Z"),
        (.daily(hour: 3, minute: 15), "2026-01-15T03:14:59Z", "2026-01-14T03:15:00Z"),
        (.daily(hour: 0, minute: 0), "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
    ])
    func `the newest tick at or before a moment`(_ schedule: CronSchedule, moment: String, tick: String) throws {
        let moment = try #require(Instant(rfc3339: moment))
        #expect(schedule.tick(atOrBefore: moment).description == tick)
    }

    static let entry = CronEntry("count", .every(seconds: 60)) { Samples.job("tick \($0)") }

    static func fire(_ tick: Instant, in database: any Database) async throws -> Bool {
        try await database.write("test") { try entry.fire(tick, in: $0) }
    }

    @Test(arguments: TestEngine.available)
    func `a tick fires once, never backwards, and not for the time before its entry was known`(
        _ engine: TestEngine
    ) async throws {
        try await withDatabase(engine, migrations: Jobs.migrations) { database in
            let first = Instant.ofTests
            let second = first.adding(seconds: 60)
            var fired: [Bool] = []
            for tick in [first, first, second, second, first] {
                fired.append(try await Self.fire(tick, in: database))
            }
            #expect(fired == [false, false, true, false, false])
            #expect(try await database.stored().map(\.name) == ["tick \(second)"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `of twenty processes that see a tick one fires it`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Jobs.migrations) { database in
            _ = try await Self.fire(.ofTests, in: database)
            let tick = Instant.ofTests.adding(seconds: 60)
            let fired = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 1...20 { group.addTask { try await Self.fire(tick, in: database) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(fired == 1)
            #expect(try await database.stored().count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `after an interruption two runners make up for the newest missed tick alone`(
        _ engine: TestEngine
    ) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            _ = try await Self.fire(.ofTests, in: database)
            clock.advance(seconds: 3630)
            let done = Observations<String>()
            let handler = JobHandler.effect(Samples.kind) { job, _ in done.add(job.name) }
            let runners = (1...2).map { _ in database.startRunner(handler, cron: [Self.entry], clock: clock) }
            await done.wait(for: 1)
            clock.advance(seconds: 30)
            await done.wait(for: 2)
            for runner in runners { await runner.shutDown() }
            let ticks = [3600.0, 3660].map { "tick \(Instant.ofTests.adding(seconds: $0))" }
            #expect(done.values == ticks)
            #expect(try await database.stored().map(\.name) == ticks)
        }
    }
}
