import FoundationEssentials
import Persistence
import Primitives
import TestSupport
import Testing

@testable import Jobs

@Suite struct EnqueueTests {
    @Test(arguments: TestEngine.available)
    func `a key is taken once among the jobs of a kind`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Jobs.migrations) { database in
            try await database.enqueue(Samples.job("first", key: "k"), Samples.job("twin", key: "k"))
            try await database.enqueue(Samples.job("later", key: "k"), Samples.job("other", Samples.other, key: "k"))
            try await database.enqueue(Samples.job("without"), Samples.job("without"))
            #expect(try await database.stored().map(\.name) == ["first", "other", "without", "without"])
            for job in try await database.claim() { #expect(try await database.settle(job, .finish)) }
            try await database.enqueue(Samples.job("after", key: "k"))
            #expect(try await database.stored().map(\.state) == ["done", "done", "done", "done"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `jobs of a transaction that fails are not owed`(_ engine: TestEngine) async throws {
        struct Refusal: Error {}
        try await withDatabase(engine, migrations: Jobs.migrations) { database in
            await #expect(throws: Refusal.self) {
                try await database.write("test") { transaction in
                    try Jobs.enqueue([Samples.job("a")], in: transaction)
                    throw Refusal()
                }
            }
            let stored = try await database.stored()
            #expect(stored == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `many jobs at once are all enqueued and come in their order`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Jobs.migrations) { database in
            let names = (100...199).map(String.init)
            try await database.write("test") { try Jobs.enqueue(names.map { Samples.job($0) }, in: $0) }
            let claimed = try await database.claim(70)
            #expect(Set(claimed.map(\.name)).isSubset(of: names))
            #expect(claimed.count == 70)
            #expect(try await database.claim(70).count == 30)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a payload comes back as it was`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Jobs.migrations) { database in
            let payload: JSON = [
                "name": "Maya’s “Brötchen” 🥐", "sql": "'); DROP TABLE jobs; --", "list": [1, 2.5, nil],
            ]
            let store = StoreID(UUID(high: 3, low: 3))
            try await database.enqueue(
                NewJob(Samples.kind, store: store, key: "x", payload: payload, requestID: "req-1"))
            let claimed = try await database.claim()
            let job = try #require(claimed.first).read()
            #expect(job.payload == payload)
            #expect(job.store == store && job.key == "x" && job.requestID == "req-1")
            #expect(job.attempt == 1 && job.failures == 0 && job.maxAttempts == 3 && job.enqueuedAt == .ofTests)
        }
    }

    @Test(arguments: TestEngine.available)
    func `statistics tell what is owed, queue by queue`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Jobs.migrations, clock: clock) { database in
            let slow = JobKind("slow.work", queue: "slow")
            let later = clock.now().adding(seconds: 100)
            try await database.enqueue(
                Samples.job("a"), Samples.job("b"), Samples.job("c", runAt: later), Samples.job("d", slow))
            let claimed = try await database.claim(1)
            clock.advance(seconds: 10)
            var statistics = try await database.read("test") { try Jobs.statistics(in: $0) }
            #expect(
                statistics.queues == [
                    QueueStatistics(
                        queue: .standard, runnable: 1, scheduled: 1, running: 1, oldestRunnableSince: .ofTests),
                    QueueStatistics(
                        queue: "slow", runnable: 1, scheduled: 0, running: 0, oldestRunnableSince: .ofTests),
                ])
            #expect(statistics.oldestRunnableSince == .ofTests && statistics.dead == 0)
            let job = try #require(claimed.first)
            #expect(try await database.settle(job, .bury(error: ErrorSummary(sentence: "no"))))
            statistics = try await database.read("test") { try Jobs.statistics(in: $0) }
            #expect(statistics.queues.first?.running == 0 && statistics.dead == 1)
            let unhandled = try await database.read("test") { try Jobs.unhandled(kinds: [Samples.kind], in: $0) }
            #expect(unhandled == [UnhandledJobs(kind: "slow.work", queue: "slow", count: 1)])
        }
    }
}
