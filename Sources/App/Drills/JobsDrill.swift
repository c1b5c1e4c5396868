import Jobs
import Persistence
import Primitives
import Readiness

/// The drill of JOB-02: two runners share slow jobs and a schedule, and one of them is asked to stop.
struct JobsDrill: Sendable {
    static let jobs = 40
    /// Far less than a lease: jobs whose runner stopped must not wait for its end.
    static let longestWaitSeconds = 20.0
    static let ticks = 3

    private let installation: Installation
    private let ledger = JobsDrillLedger()
    /// How long to wait for what has to happen; what is missing then is in the finding.
    private let patienceSeconds: Double

    private static let slow = JobKind("drill.slow", queue: "drill", timeoutSeconds: 120)
    private static let tick = JobKind("drill.tick", queue: "drill")

    init(_ installation: Installation, patienceSeconds: Double = 30) {
        self.installation = installation
        self.patienceSeconds = patienceSeconds
    }

    func run() async throws -> Finding {
        let database = installation.database
        try await database.write("drill.enqueue") { tx in
            try Jobs.enqueue((0..<Self.jobs).map { NewJob(Self.slow, payload: ["number": JSON($0)]) }, in: tx)
        }
        // The first takes long over each job, so that it stops with some unfinished; the second is quick.
        let first = runner("first", secondsEach: 300)
        let second = runner("second", secondsEach: 0.05)
        let clock = installation.clock
        let (stopping, stopped) = try await DrillGroup.run([second], of: installation) {
            let stopping = try await DrillGroup.run([first], of: installation) {
                try await ledger.wait(seconds: patienceSeconds) { $0.begun("first").count >= 2 }
                return clock.now()
            }
            let stopped = clock.now()
            try await ledger.wait(seconds: patienceSeconds) {
                $0.finished.count >= Self.jobs && $0.ticks.count >= Self.ticks
            }
            return (stopping, stopped)
        }
        return await finding(drainSeconds: stopped.seconds(since: stopping), since: stopped)
    }

    private func runner(_ name: String, secondsEach: Double) -> JobRunner {
        var settings = JobRunnerSettings()
        settings.drainSeconds = 0.2
        let ledger = ledger
        let clock = installation.clock
        return JobRunner(
            database: installation.database,
            handlers: [
                .effect(Self.slow) { job, _ in
                    await ledger.begin(job.id, by: name)
                    try await Task.sleep(for: .seconds(secondsEach))
                    await ledger.finish(job.id, at: clock.now())
                },
                .effect(Self.tick) { job, _ in await ledger.fire(job.key ?? "no key") },
            ], queues: [QueueSettings("drill", concurrency: 4)],
            cron: [CronEntry("drill.tick", .every(seconds: 1)) { _ in NewJob(Self.tick) }], settings: settings,
            clock: clock, logger: installation.logger)
    }

    private func finding(drainSeconds: Double, since stopped: Instant) async -> Finding {
        let entries = await ledger.entries
        let left = entries.begun("first").filter { entries.finishedBefore(stopped, $0) == false }
        let waited = left.compactMap { entries.finished[$0]?.at.seconds(since: stopped) }.max() ?? 0
        let twice = entries.finished.values.filter { $0.count > 1 }.count
        let ticksTwice = entries.ticks.values.filter { $0 > 1 }.count
        let measured = [
            Measure("drill_jobs", Self.jobs), Measure("drill_jobs_done", entries.finished.count),
            Measure("drill_jobs_done_twice", twice), Measure("drill_jobs_left_by_the_stopped", left.count),
            Measure("drill_seconds_until_they_were_done", waited.inTenths),
            Measure("drill_stop_seconds", drainSeconds.inTenths), Measure("drill_ticks", entries.ticks.count),
            Measure("drill_ticks_twice", ticksTwice),
        ]
        let sentence: String? =
            if entries.finished.count < Self.jobs {
                "In the drill \(Self.jobs - entries.finished.count) of \(Self.jobs) jobs were not done in time."
            } else if twice > 0 {
                "In the drill \(twice) jobs were done twice."
            } else if left.isEmpty {
                "In the drill the runner that stopped left nothing behind: the drill proved nothing."
            } else if waited >= Self.longestWaitSeconds {
                "In the drill a job waited \(waited.inTenths) s after its runner had stopped."
            } else if entries.ticks.count < Self.ticks || ticksTwice > 0 {
                "In the drill the schedule fired \(entries.ticks.count) ticks, \(ticksTwice) of them twice."
            } else {
                nil
            }
        return Finding(
            sentence == nil ? .pass : .fail,
            sentence ?? "In the drill the jobs of a runner that was stopped were done once by the other.",
            measured: measured,
            threshold: [
                Measure("drill_jobs_done", Self.jobs), Measure("drill_jobs_done_twice", 0),
                Measure("drill_seconds_until_they_were_done", "below \(Int(Self.longestWaitSeconds))"),
                Measure("drill_stop_seconds", "at most 30"), Measure("drill_ticks_twice", 0),
            ], level: .drilled)
    }
}

/// What the runners of the drill did.
private actor JobsDrillLedger {
    struct Entries: Sendable {
        var beginners: [JobID: Set<String>] = [:]
        var finished: [JobID: (count: Int, at: Instant)] = [:]
        /// By tick, how often it was done.
        var ticks: [String: Int] = [:]

        func begun(_ runner: String) -> [JobID] {
            beginners.filter { $0.value.contains(runner) }.map(\.key)
        }

        func finishedBefore(_ moment: Instant, _ job: JobID) -> Bool {
            finished[job].map { $0.at < moment } ?? false
        }
    }

    private(set) var entries = Entries()

    func begin(_ job: JobID, by runner: String) {
        entries.beginners[job, default: []].insert(runner)
    }

    func finish(_ job: JobID, at moment: Instant) {
        entries.finished[job] = ((entries.finished[job]?.count ?? 0) + 1, moment)
    }

    func fire(_ tick: String) {
        entries.ticks[tick, default: 0] += 1
    }

    /// Waits until it is so, or until the time is over.
    func wait(seconds: Double, until isSo: @Sendable (Entries) -> Bool) async throws {
        for _ in 0..<Int(seconds * 50) {
            if isSo(entries) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension Double {
    /// With one digit after the point.
    fileprivate var inTenths: String { "\((self * 10).rounded() / 10)" }
}
