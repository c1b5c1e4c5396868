import Persistence
import Primitives
import TestSupport
import Testing

@testable import Jobs

@Suite struct FailureTests {
    @Test(arguments: [
        (1, 5.0), (2, 10), (3, 20), (4, 40), (8, 640), (10, 2560), (11, 3600), (20, 3600), (1000, 3600),
    ])
    func `the wait doubles with each failure, up to an hour`(failures: Int, seconds: Double) {
        #expect(Backoff().ceilingSeconds(afterFailures: failures) == seconds)
    }

    @Test func `the wait is anywhere below its ceiling`() {
        var random = SeededRandom(seed: 7)
        let waits = (0..<1000).map { _ in Backoff().seconds(afterFailures: 4, using: &random) }
        #expect(waits.allSatisfy { (0...40).contains($0) })
        #expect(waits.min() ?? 99 < 2 && waits.max() ?? 0 > 38)
        let mean = waits.reduce(0, +) / 1000
        #expect((18...22).contains(mean))
    }

    struct Secretive: Error {
        let password = "hunter2"
    }

    enum Provider: Error {
        case refused(key: String)
        case away
    }

    static func outcome(of error: any Error, failuresBefore: Int = 0, maxAttempts: Int = 20) -> Outcome {
        var random = SeededRandom(seed: 1)
        return FailurePolicy(backoff: Backoff(firstSeconds: 0)).outcome(
            of: error, failuresBefore: failuresBefore, maxAttempts: maxAttempts, at: .ofTests, using: &random)
    }

    @Test func `what an error means for its job`() {
        func sentence(_ text: String) -> ErrorSummary { ErrorSummary(sentence: text) }
        func until(_ seconds: Double) -> Instant { Instant.ofTests.adding(seconds: seconds) }
        let retry = JobRetry(after: 90, reason: "429")
        let table: [(any Error, Int, Outcome)] = [
            (Provider.away, 0, .postpone(until: until(0), error: sentence("JobsTests.FailureTests.Provider.away"))),
            (Provider.away, 19, .bury(error: sentence("JobsTests.FailureTests.Provider.away"))),
            (Provider.away, 25, .bury(error: sentence("JobsTests.FailureTests.Provider.away"))),
            (retry, 0, .postpone(until: until(90), error: sentence("429"))),
            (retry, 19, .bury(error: sentence("429"))),
            (JobRetry(after: -5, reason: "x"), 0, .postpone(until: until(0), error: sentence("x"))),
            (JobRetry(after: .infinity, reason: "x"), 0, .postpone(until: until(0), error: sentence("x"))),
            (JobRetry(after: 1e12, reason: "x"), 0, .postpone(until: until(604_800), error: sentence("x"))),
            (JobRefusal("no such address"), 0, .bury(error: sentence("no such address"))),
            (DatabaseError.unavailable("postgres://u:p@h"), 19, .release(until: until(5))),
            (DatabaseError.queueFull, 0, .release(until: until(5))),
            (
                DatabaseError.constraint(.unique, name: "orders_pkey"), 0,
                .postpone(until: until(0), error: sentence("database: unique constraint orders_pkey"))
            ),
            (JobTimeout(seconds: 30), 0, .postpone(until: until(0), error: sentence("It took longer than 30 s."))),
        ]
        for (error, failures, expected) in table {
            #expect(Self.outcome(of: error, failuresBefore: failures) == expected)
        }
    }

    @Test func `an error's values are kept nowhere`() {
        #expect(ErrorSummary(Secretive()).description == "JobsTests.FailureTests.Secretive")
        #expect(ErrorSummary(Provider.refused(key: "sk_1")).description == "JobsTests.FailureTests.Provider.refused")
        #expect(ErrorSummary(DatabaseError.unavailable("postgres://u:p@h")).description == "database: unavailable")
        let damaged = DatabaseError.unavailable("SQLite reports: malformed geheim (SQLite 11)")
        #expect(ErrorSummary(damaged).description == "database: unavailable, SQLite 11")
        #expect(damaged.isDamage)
        let full = DatabaseError.unavailable("no space for geheim (SQLSTATE 53100)")
        #expect(ErrorSummary(full).description == "database: unavailable, SQLSTATE 53100")
        #expect(!full.isDamage)
        for other in ["(geheim)", "(SQLite geheim)", "(SQLSTATE 531001)", "no (SQLite 11) geheim"] {
            #expect(DatabaseError.unavailable(other).engineCode == nil, "\(other)")
        }
        #expect(ErrorSummary(Problem(.conflict, "a.b", "Say.")).description == "a.b: Say.")
    }
}
