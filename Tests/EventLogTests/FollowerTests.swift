import Persistence
import Primitives
import TestSupport
import Testing

@testable import EventLog

@Suite struct FollowerTests {
    /// A table that followers write to, beside the log.
    static let migrations =
        EventLog.migrations + [
            Migration(90, "copies", ["CREATE TABLE copies ( position BIGINT NOT NULL PRIMARY KEY, by TEXT NOT NULL )"])
        ]

    struct Crash: Error {}

    static func follower(
        _ database: any Database, from start: Follower.Start = .beginning, by: String = "a",
        then: @escaping @Sendable ([RecordedEvent]) throws -> Void = { _ in }
    ) -> Follower {
        Follower("copier", database: database, from: start, logger: Samples.quiet) { events, transaction in
            for event in events {
                try transaction.execute("INSERT INTO copies (position, by) VALUES (\(event.position), \(by))")
            }
            try then(events)
        }
    }

    static func copies(_ database: any Database) async throws -> [Int64] {
        try await database.read("test") { try $0.query("SELECT position FROM copies ORDER BY position") { try $0[0] } }
    }

    @Test(arguments: TestEngine.available)
    func `a follower that dies after its effect and before its commit has no effect, and repeats`(
        _ engine: TestEngine
    ) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            try await database.append(Samples.event(order: 1), Samples.event(order: 2))
            try await database.placeAll()
            await #expect(throws: Crash.self) {
                _ = try await Self.follower(database) { _ in throw Crash() }.follow(limit: 10)
            }
            #expect(try await Self.copies(database) == [])
            #expect(try await Self.follower(database).follow(limit: 10) == 2)
            #expect(try await Self.follower(database).follow(limit: 10) == 0)
            #expect(try await Self.copies(database) == [1, 2])
            let followers = try await database.read("test") { try EventLog.followers(in: $0) }
            #expect(followers.map(\.name) == ["copier"])
            #expect(followers.map(\.position) == [2])
            #expect(followers.map(\.lag) == [0])
        }
    }

    @Test(arguments: TestEngine.available)
    func `two followers of one name deal with each event once`(_ engine: TestEngine) async throws {
        try await withFixture(engine, migrations: Self.migrations) { fixture in
            let database = fixture.database
            let other = engine == .postgres ? try await fixture.openAnother() : database
            try await database.write("test") { transaction in
                for order in 1...300 { try EventLog.append([Samples.event(order: order)], in: transaction) }
            }
            try await database.placeAll()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (handle, name) in [(database, "a"), (other, "b")] {
                    group.addTask {
                        while try await handle.read("test", { try EventLog.followers(in: $0).first?.position }) != 300 {
                            _ = try await Self.follower(handle, by: name).follow(limit: 7)
                            await Task.yield()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await Self.copies(database) == Array(1...300))
            if engine == .postgres { await other.close() }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a follower that begins at the head sees only what comes after`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Self.migrations) { database in
            try await database.append(Samples.event(order: 1))
            try await database.placeAll()
            #expect(try await Self.follower(database, from: .head).follow(limit: 10) == 0)
            try await database.append(Samples.event(order: 2))
            try await database.placeAll()
            #expect(try await Self.follower(database, from: .head).follow(limit: 10) == 1)
            #expect(try await Self.copies(database) == [2])
        }
    }

    @Test(arguments: TestEngine.available)
    func `an event that is refused holds up those behind it, not those before it, until it is dealt with`(
        _ engine: TestEngine
    ) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Self.migrations, clock: clock) { database in
            for order in 1...5 { try await database.append(Samples.event(order: order)) }
            try await database.placeAll()
            let isHealed = Gate()
            let refusals = Observations<Int>()
            let follower = Follower("copier", database: database, clock: clock, logger: Samples.quiet) {
                events, transaction in
                for event in events {
                    try transaction.execute("INSERT INTO copies (position, by) VALUES (\(event.position), 'a')")
                    if event.order == 3, !isHealed.isOpen {
                        refusals.add(events.count)
                        throw Crash()
                    }
                }
            }
            let running = Task { try await follower.run() }
            // Together with all others first, then with fewer, then alone.
            #expect(await refusals.wait(for: 4) == [5, 2, 2, 1])
            #expect(try await Self.copies(database) == [1, 2])
            isHealed.open()
            while try await Self.copies(database).count < 5 {
                clock.advance(seconds: 1)
                await Task.yield()
            }
            running.cancel()
            _ = await running.result
            #expect(try await Self.copies(database) == [1, 2, 3, 4, 5])
        }
    }

    @Test func `a follower's pace after failures`() {
        var pace = FollowerPace()
        let start = Instant.ofTests
        #expect(pace.limit == 200)
        pace.failed(at: start)
        #expect(pace.limit == 1 && pace.lastLimit == 200 && pace.mayTry(at: start))
        var waits: [Double] = []
        for _ in 1...9 {
            pace.failed(at: start)
            waits.append(pace.earliest.seconds(since: start))
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(!pace.mayTry(at: start.adding(seconds: 59)) && pace.mayTry(at: start.adding(seconds: 60)))
        var limits: [Int] = []
        for _ in 1...9 {
            pace.succeeded()
            limits.append(pace.limit)
        }
        #expect(limits == [2, 4, 8, 16, 32, 64, 128, 200, 200])
        #expect(pace.failures == 0 && pace.mayTry(at: start))
    }
}
