import Foundation
import Jobs
import Logging
import Persistence
import PersistencePostgres
import PersistenceSQLite
import Primitives
import Synchronization

/// Enqueues jobs, 500 to a transaction, while a runner works on them; prints how long it took until the last was done.
struct JobLoad {
    private let url: String
    private let count: Int
    private static let batch = 500
    private static let enqueuers = 4
    private static let kind = JobKind("bench.count")

    init(_ arguments: [String]) throws {
        guard arguments.count == 3, let count = Int(arguments[2]), count > 0, count % Self.batch == 0 else {
            throw BenchReference.Usage()
        }
        url = arguments[1]
        self.count = count
    }

    func run() async throws {
        let database: any Database =
            if url.hasPrefix("sqlite:") {
                try SQLiteDatabase.open(SQLiteSettings(path: String(url.dropFirst("sqlite:".count))))
            } else {
                try PostgresDatabase(PostgresSettings(url: url))
            }
        _ = try await database.migrate(Jobs.migrations)
        let finished = Finished(expected: count)
        var logger = Logger(label: "bench-reference")
        logger.logLevel = .warning
        let handler = JobHandler.transactional(Self.kind) { _, _ in finished.add() }
        let runner = JobRunner(database: database, handlers: [handler], logger: logger)
        let working = Task { try await runner.run() }

        let clock = ContinuousClock()
        let started = clock.now
        try await enqueue(in: database)
        let enqueued = clock.now - started
        await finished.wait()
        while try await done(in: database) < count { try await Task.sleep(for: .milliseconds(5)) }
        let elapsed = clock.now - started
        working.cancel()
        print(#"{"jobs": \#(count), "seconds": \#(elapsed / .seconds(1)), "enqueued": \#(enqueued / .seconds(1))}"#)
    }

    private func enqueue(in database: any Database) async throws {
        let batches = count / Self.batch
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<Self.enqueuers {
                group.addTask {
                    for batch in stride(from: part, to: batches, by: Self.enqueuers) {
                        let jobs = (0..<Self.batch).map { number in
                            NewJob(Self.kind, payload: .object(["number": .integer(Int64(batch * Self.batch + number))]))
                        }
                        try await database.write("bench.enqueue") { tx in try Jobs.enqueue(jobs, in: tx) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func done(in database: any Database) async throws -> Int {
        try await database.read("bench.done") { tx in
            try tx.first("SELECT COUNT(*) FROM jobs WHERE kind = \(Self.kind.name) AND state = 'done'") { try $0[0] } ?? 0
        }
    }
}

/// Counts what the handler has seen; the database has the last word on what is done.
private final class Finished: Sendable {
    private let count = Atomic(0)
    private let expected: Int

    init(expected: Int) {
        self.expected = expected
    }

    func add() {
        count.add(1, ordering: .relaxed)
    }

    func wait() async {
        while count.load(ordering: .relaxed) < expected {
            do { try await Task.sleep(for: .milliseconds(2)) } catch { return }
        }
    }
}
