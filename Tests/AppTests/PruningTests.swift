import FoundationEssentials
import HTTPServer
import Logging
import Persistence
import Primitives
import TestSupport
import Testing

@testable import App
@testable import Jobs

@Suite struct PruningTests {
    @Test(arguments: TestEngine.available)
    func `one job removes all idempotency keys that are kept no longer`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Installation.migrations, clock: clock) { database in
            try await Self.add(2500, to: database)
            clock.advance(seconds: IdempotencyKeys.keptSeconds)
            try await Self.add(3, to: database)
            clock.advance(seconds: 1)
            let handler = try #require(
                Installation.jobHandlers(in: database).first { $0.kind.name == "http.prune_idempotency_keys" })
            guard case .effect(let run) = handler.work else {
                Issue.record("The job works in one transaction.")
                return
            }
            let job = Job(
                id: JobID(UUID(high: 1, low: 2)), kind: handler.kind.name, store: nil, key: nil, payload: [:],
                attempt: 1, failures: 0, maxAttempts: 20, enqueuedAt: clock.now(), requestID: nil)
            let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
            try await run(job, JobContext(clock: clock, logger: quiet, deadline: .latest))
            let left = try await database.read("test.count") { tx in
                try tx.first("SELECT COUNT(*) FROM idempotency_keys") { try $0[0] as Int }
            }
            #expect(left == 3)
        }
    }

    private static func add(_ count: Int, to database: any Database) async throws {
        let request = try IdempotentRequest(
            owner: UUID(high: 3, low: 4), key: "k", method: "POST", path: "/", body: [])
        try await database.write("test.keys") { tx in
            let owners: [OrderID] = (0..<count).map { _ in tx.newIdentifier() }
            for start in stride(from: 0, to: count, by: 500) {
                let rows = owners[start..<min(start + 500, count)].map {
                    [$0.sqlValue, $0.sqlValue, request.key.sqlValue, request.fingerprint.sqlValue, tx.now.sqlValue]
                }
                try tx.execute(
                    "INSERT INTO idempotency_keys (store_id, owner, key, fingerprint, created_at) VALUES \(rows: rows)")
            }
        }
    }
}
