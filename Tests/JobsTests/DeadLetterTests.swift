import Persistence
import Primitives
import TestSupport
import Testing

@testable import Jobs

@Suite struct DeadLetterTests {
    @Test(arguments: TestEngine.available)
    func `dead letters are listed page by page, retried and discarded`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Jobs.migrations, clock: clock) { database in
            for number in 1...5 {
                try await database.enqueue(Samples.job("\(number)", key: "k\(number)"))
                let job = try #require(try await database.claim().first)
                #expect(try await database.settle(job, .bury(error: ErrorSummary(sentence: "no \(number)"))))
                // Two die at one moment: the page must not lose either.
                if number.isMultiple(of: 2) { clock.advance(seconds: 1) }
            }
            var listed: [DeadLetter] = []
            while true {
                let cursor = listed.last?.cursor
                let page = try await database.read("test") { try Jobs.deadLetters(after: cursor, limit: 2, in: $0) }
                listed += page
                if page.count < 2 { break }
            }
            #expect(Set(listed.map(\.id)).count == 5 && listed.count == 5)
            #expect(listed.first?.lastError == "no 5")
            #expect(listed.first?.kind == "mail.send" && listed.first?.failures == 1)

            let ids = listed.map(\.id)
            #expect(try await database.write("test") { try Jobs.retry(ids[0], in: $0) })
            #expect(try await database.write("test") { try Jobs.retry(ids[0], in: $0) } == false)
            #expect(try await database.write("test") { try Jobs.discard(ids[1], in: $0) })
            #expect(try await database.write("test") { try Jobs.discard(ids[1], in: $0) } == false)
            #expect(try await database.read("test") { try Jobs.deadLetters(limit: 10, in: $0) }.count == 3)
            let again = try #require(try await database.claim().first)
            #expect(again.id == ids[0] && again.attempt == 2 && again.failures == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `ended jobs are removed when their time is over, dead letters stay`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Jobs.migrations, clock: clock) { database in
            let done = Observations<String>()
            let handler = JobHandler.effect(Samples.kind) { job, _ in
                done.add(job.name)
                if job.name == "dead" { throw JobRefusal("no") }
            }
            let runner = database.startRunner(handler, clock: clock)
            try await database.enqueue(Samples.job("old", key: "k"), Samples.job("dead"))
            try await database.waitUntil { $0.map(\.state) == ["dead", "done"] }
            clock.advance(seconds: 80_000)
            try await database.enqueue(Samples.job("young"))
            try await database.waitUntil { $0.map(\.state) == ["dead", "done", "done"] }
            clock.advance(seconds: 6_500)
            try await database.waitUntil { $0.map(\.name) == ["dead", "young"] }
            try await database.enqueue(Samples.job("old", key: "k"))
            try await database.waitUntil { $0.map(\.name) == ["dead", "old", "young"] }
            await runner.shutDown()
        }
    }
}
