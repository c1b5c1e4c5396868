import Exchange
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
            try await Self.run("http.prune_idempotency_keys", in: database, clock: clock)
            let left = try await database.read("test.count") { tx in
                try tx.first("SELECT COUNT(*) FROM idempotency_keys") { try $0[0] as Int }
            }
            #expect(left == 3)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the file of an import goes when it has ended, however it ended`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Installation.migrations, clock: clock) { database in
            let store = StoreID(UUID(high: 1, low: 1))
            var imports: [ImportID] = []
            for parts in [1, 19, 3, 10] {
                let id = try await database.write("test.import") { tx in
                    let id = try OpenImport(
                        store: store, kind: .products, fileName: "a.csv", isDryRun: false, actor: .system
                    ).run(in: tx).id
                    for number in 1...parts {
                        try KeepPart(store: store, id: id, number: number, content: [1, 2]).run(in: tx)
                    }
                    return id
                }
                imports.append(id)
            }
            for end in [
                FinishImport(store: store, id: imports[0]),
                FinishImport(store: store, id: imports[1], failure: "It is none."),
                .canceling(imports[2], of: store),
            ] {
                _ = try await database.write("test.finish") { tx in try end.run(in: tx) }
            }
            let owed = try await database.read("test.jobs") { tx in
                try tx.first("SELECT COUNT(*) FROM jobs WHERE kind = 'exchange.prune'") { try $0[0] as Int }
            }
            #expect(owed == 3)
            try await Self.run("exchange.prune", in: database, clock: clock)
            let (left, reports) = try await database.read("test.parts") { [imports] tx in
                (
                    try imports.map { try Exchange.parts(of: $0, store: store, in: tx).count },
                    try imports.filter { try Exchange.find($0, of: store, in: tx) != nil }
                )
            }
            #expect(left == [0, 0, 0, 10])
            #expect(reports == imports)
        }
    }

    private static func run(_ name: String, in database: any Database, clock: ManualClock) async throws {
        let handler = try #require(Installation.jobHandlers(in: database).first { $0.kind.name == name })
        guard case .effect(let run) = handler.work else {
            Issue.record("The job works in one transaction.")
            return
        }
        let job = Job(
            id: JobID(UUID(high: 1, low: 2)), kind: name, store: nil, key: nil, payload: [:], attempt: 1, failures: 0,
            maxAttempts: 20, enqueuedAt: clock.now(), requestID: nil)
        let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        try await run(job, JobContext(clock: clock, logger: quiet, deadline: .latest))
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
