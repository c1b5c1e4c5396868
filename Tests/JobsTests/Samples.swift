import FoundationEssentials
import Jobs
import Logging
import Persistence
import Primitives
import TestSupport

@testable import Jobs

enum Samples {
    static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    static let kind = JobKind("mail.send", maxAttempts: 3)
    static let other = JobKind("stock.count")
    static let runner = UUID(high: 1, low: 1)
    /// A table that handlers write to, beside the jobs.
    static let migrations =
        Jobs.migrations + [
            Migration(91, "marks", ["CREATE TABLE marks ( name TEXT NOT NULL PRIMARY KEY, by TEXT NOT NULL )"])
        ]

    static func job(_ name: String, _ kind: JobKind = kind, key: String? = nil, runAt: Instant? = nil) -> NewJob {
        NewJob(kind, key: key, payload: ["name": .string(name)], runAt: runAt)
    }
}

/// A row of `jobs`, as far as tests look at it.
struct Stored: Hashable {
    var name: String
    var state: String
    var attempt: Int
    var failures: Int
    var isRunning: Bool
    var dueIn: Double
    var error: String?
}

extension Database {
    func enqueue(_ jobs: NewJob...) async throws {
        try await write("test.enqueue") { try Jobs.enqueue(jobs, in: $0) }
    }

    /// Every job, in the order of their names.
    func stored() async throws -> [Stored] {
        try await read("test.stored") { transaction in
            let now = transaction.now
            return try transaction.query(
                """
                SELECT payload, state, attempt, failures, CASE WHEN runner IS NULL THEN 0 ELSE 1 END, due_at,
                last_error FROM jobs WHERE queue <> 'maintenance'
                """
            ) { row in
                let payload: String = try row[0]
                let due: Instant = try row[5]
                return Stored(
                    name: (try? JSON(parsing: payload))?["name"]?.string ?? payload, state: try row[1],
                    attempt: try row[2], failures: try row[3], isRunning: try row[4] == 1,
                    dueIn: due.seconds(since: now), error: try row[6])
            }.sorted { $0.name < $1.name }
        }
    }

    func claim(
        _ limit: Int = 10, kinds: [JobKind] = [Samples.kind, Samples.other], leaseSeconds: Double = 60
    ) async throws -> [ClaimedJob] {
        try await write("test.claim") { transaction in
            try JobTable.claim(
                ClaimRequest(queue: .standard, limit: limit), kinds: kinds.map(\.name), runner: Samples.runner,
                at: transaction.now, until: transaction.now.adding(seconds: leaseSeconds), in: transaction
            ).rows().sorted { $0.id < $1.id }
        }
    }

    func settle(_ job: ClaimedJob, _ outcome: Outcome) async throws -> Bool {
        try await write("test.settle") { transaction in
            try JobTable.settle(
                [Settlement(id: job.id, attempt: job.attempt, outcome: outcome)], at: transaction.now, in: transaction
            ).contains(job.id)
        }
    }

    func marks() async throws -> [String] {
        try await read("test.marks") { try $0.query("SELECT name FROM marks ORDER BY name") { try $0[0] } }
    }
}

extension ClaimedJob {
    var name: String { (try? JSON(parsing: payload))?["name"]?.string ?? "" }
}

extension Job {
    var name: String { payload["name"]?.string ?? "" }
}

/// A runner that was started; the test says how it ends.
struct RunningDesk {
    let desk: RunnerDesk
    let task: Task<Void, Never>

    /// Ends as a service group's graceful shutdown does.
    func shutDown() async {
        desk.drain()
        await task.value
    }

    /// Ends as a crash does.
    func abandon() async {
        task.cancel()
        await task.value
    }
}

extension Database {
    func startRunner(
        _ handlers: JobHandler..., queues: [QueueSettings] = [], cron: [CronEntry] = [], clock: any Clock
    ) -> RunningDesk {
        var settings = JobRunnerSettings()
        settings.gatherSeconds = 0
        let desk = RunnerDesk(
            JobRunner(
                database: self, handlers: handlers, queues: queues, cron: cron, settings: settings, clock: clock,
                logger: Samples.quiet))
        return RunningDesk(desk: desk, task: Task { await desk.run() })
    }

    /// Waits, by looking again after each commit, until the jobs are as they should be.
    func waitUntil(_ isRight: ([Stored]) -> Bool) async throws {
        while !isRight(try await stored()) { await Task.yield() }
    }
}
