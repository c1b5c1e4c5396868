import Persistence
import Primitives
import TestSupport
import Testing

@testable import EventLog

@Suite struct SequencerTests {
    static let postgres = TestEngine.available.filter { $0 == .postgres }

    @Test(arguments: postgres)
    func `a transaction that began first and commits last is not missed`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            let appended = Observations<Void>()
            let gate = Gate()
            let slow = Task {
                try await database.write("test.slow") { transaction in
                    try EventLog.append([Samples.event(order: 1)], in: transaction)
                    // Waits for the append: from here on its arrival number is drawn.
                    _ = try EventLog.head(in: transaction)
                    appended.add(())
                    gate.block()
                }
            }
            await appended.wait(for: 1)
            try await database.append(Samples.event(order: 2))
            try await database.append(Samples.event(order: 3))
            try await database.placeAll()
            let before = try await database.log()
            #expect(before.map(\.order) == [2, 3])
            gate.open()
            try await slow.value
            try await database.placeAll()
            let after = try await database.log(after: before.last?.position ?? 0)
            #expect(after.map(\.order) == [1])
            #expect(after.map(\.position) == [3])
        }
    }

    @Test(arguments: postgres)
    func `while one process places, another does nothing and waits for nothing`(_ engine: TestEngine) async throws {
        try await withFixture(engine, migrations: EventLog.migrations) { fixture in
            let database = fixture.database
            try await database.append(Samples.event(order: 1))
            let locked = Observations<Void>()
            let gate = Gate()
            let holder = Task {
                try await database.write("test.hold") { transaction in
                    try transaction.lock("event_log.sequencer")
                    _ = try EventLog.head(in: transaction)
                    locked.add(())
                    gate.block()
                }
            }
            await locked.wait(for: 1)
            let other = try await fixture.openAnother()
            let sequencer = Sequencer(database: other, logger: Samples.quiet)
            #expect(try await sequencer.place() == 0)
            gate.open()
            try await holder.value
            #expect(try await sequencer.place() == 1)
            await other.close()
        }
    }

    @Test(arguments: TestEngine.available)
    func `what waits for its position is counted`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            try await database.append(Samples.event(order: 1), Samples.event(order: 2))
            let before = try await database.read("test") { try EventLog.unplaced(in: $0) }
            #expect(before.count == (engine == .postgres ? 2 : 0))
            #expect(before.oldestAt == (engine == .postgres ? .ofTests : nil))
            try await database.placeAll()
            let after = try await database.read("test") { try EventLog.unplaced(in: $0) }
            #expect(after == UnplacedEvents(count: 0, oldestAt: nil))
        }
    }

    @Test(arguments: TestEngine.available)
    func `with many writers, rollbacks and two sequencers positions are consecutive and readers miss nothing`(
        _ engine: TestEngine
    ) async throws {
        struct Refusal: Error {}
        let writers = 8
        let each = 40
        try await withFixture(engine, migrations: EventLog.migrations) { fixture in
            let database = fixture.database
            let other = try await fixture.openAnother()
            let seen = try await withThrowingTaskGroup(of: [RecordedEvent].self) { group in
                for writer in 1...writers {
                    group.addTask {
                        for version in 1...each {
                            if version % 7 == 0 {
                                try? await database.write("test") { transaction in
                                    try EventLog.append([Samples.event(order: writer, version: 999)], in: transaction)
                                    _ = try EventLog.head(in: transaction)
                                    throw Refusal()
                                }
                            }
                            try await database.append(Samples.event(order: writer, version: version))
                        }
                        return []
                    }
                }
                if engine == .postgres {
                    for handle in [database, other] {
                        group.addTask {
                            let sequencer = Sequencer(database: handle, logger: Samples.quiet)
                            while try await handle.read("test", { try EventLog.head(in: $0) }) < writers * each {
                                _ = try await sequencer.place()
                                await Task.yield()
                            }
                            return []
                        }
                    }
                }
                // Reads as a follower does: never again what lies behind its position.
                group.addTask {
                    var seen: [RecordedEvent] = []
                    while seen.count < writers * each {
                        seen += try await other.log(after: seen.last?.position ?? 0, limit: 50)
                        await Task.yield()
                    }
                    return seen
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(seen.map(\.position) == (1...Int64(writers * each)).map { $0 })
            for writer in 1...writers {
                #expect(seen.filter { $0.order == writer }.map(\.version) == Array(1...each))
            }
            await other.close()
        }
    }

    @Test(arguments: TestEngine.available)
    func `the running sequencer places what is appended, and those who wait for it are woken`(
        _ engine: TestEngine
    ) async throws {
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            let sequencer = Sequencer(database: database, logger: Samples.quiet, pauseSeconds: 0)
            let running = Task { try await sequencer.run() }
            let wakes = database.wakes(for: .positions, orEverySeconds: 1, clock: SystemClock())
            try await database.append(Samples.event(order: 1), Samples.event(order: 2))
            for await _ in wakes {
                if try await database.log().count == 2 { break }
            }
            running.cancel()
            _ = await running.result
        }
    }
}
