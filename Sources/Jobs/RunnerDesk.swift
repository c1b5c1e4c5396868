import FoundationEssentials
import Logging
import Persistence
import Primitives
import Synchronization

/// A running `JobRunner`: asks its `Workload` what to do and does it.
///
/// Four loops: one claims, one writes the ends of attempts, one listens for wake-ups, one looks at the time and keeps
/// leases and the cron. Handlers run in tasks of their own, so that one that does not stop keeps nothing else.
final class RunnerDesk: Sendable {
    struct State {
        var workload: Workload
        var tasks: [Int: Task<Void, Never>] = [:]
        /// Ends of attempts to be written.
        var settlements: [Settlement] = []
        var cron: CronPlan
        var unhandledReportedAt: Instant?
        /// A drain took longer than it may.
        var isGivenUp = false
    }

    let runner: JobRunner
    /// Written to the rows it has under a lease.
    let id = UUID()
    let kinds: [String]
    // A Mutex makes the state safe to share; it is never held across an await or a database call.
    let state: Mutex<State>
    let claimBell = Bell()
    let settleBell = Bell()
    let keepBell = Bell()
    let drainStart = Bell()
    let drainBell = Bell()

    init(_ runner: JobRunner) {
        self.runner = runner
        kinds = runner.handlers.keys.sorted()
        state = Mutex(
            State(
                workload: Workload(queues: runner.queues, kinds: runner.handlers, settings: runner.settings),
                cron: CronPlan(runner.cron)))
    }

    var now: Instant { runner.clock.now() }

    /// Returns when it is drained, or when the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.claimLoop() }
            group.addTask { await self.settleLoop() }
            group.addTask { await self.keepLoop() }
            group.addTask { await self.wakeLoop() }
            group.addTask { await self.tickLoop() }
            group.addTask { await self.endDrain() }
            await waitUntilDrained()
            group.cancelAll()
        }
        for task in state.withLock({ Array($0.tasks.values) }) { task.cancel() }
    }

    private func wakeLoop() async {
        for await _ in runner.database.wakes(for: .jobs) {
            state.withLock { $0.workload.woken() }
            claimBell.ring()
        }
    }

    private func tickLoop() async {
        while !Task.isCancelled {
            // Read before looking: time that passes meanwhile brings the next look forward.
            let next = now.adding(seconds: runner.settings.pollSeconds)
            let cancelled = state.withLock { state in
                state.workload.woken()
                return state.workload.overdue(at: now)
            }
            cancel(cancelled)
            claimBell.ring()
            keepBell.ring()
            do { try await runner.clock.sleep(until: next) } catch { return }
        }
    }

    // MARK: Claiming

    private func claimLoop() async {
        for await _ in claimBell.rings {
            do {
                if try await claimAll(), runner.settings.gatherSeconds > 0 {
                    // A claim for each commit would cost more than the jobs: let some gather.
                    try await Task.sleep(for: .seconds(runner.settings.gatherSeconds))
                }
            } catch is CancellationError {
                return
            } catch {
                // The next wake-up or poll asks again.
                let isDamage = (error as? DatabaseError)?.isDamage ?? false
                log(
                    isDamage ? .error : .warning,
                    isDamage ? "the database is damaged: jobs could not be claimed" : "jobs could not be claimed",
                    ["error": "\(ErrorSummary(error))"])
            }
        }
    }

    /// Claims until nothing more is wanted or found.
    /// - Returns: whether the last claim found less than it asked for.
    private func claimAll() async throws -> Bool {
        while true {
            let requests = state.withLock { $0.workload.claims(at: now) }
            guard !requests.isEmpty else { return false }
            let wanted = requests.reduce(0) { $0 + $1.limit }
            if try await claim(requests) < wanted { return true }
        }
    }

    private func claim(_ requests: [ClaimRequest]) async throws -> Int {
        let moment = now
        let lease = moment.adding(seconds: runner.settings.leaseSeconds)
        let claimed = try await runner.database.write("jobs.claim") { [id, kinds] transaction in
            let claims = try requests.map { request in
                try JobTable.claim(
                    request, kinds: kinds, runner: id, at: moment, until: lease, in: transaction)
            }
            return try claims.map { try $0.rows().sorted { $0.id < $1.id } }
        }
        let unwanted = state.withLock { state in
            zip(claimed, requests).flatMap { state.workload.claimed($0, of: $1, until: lease, at: moment) }
        }
        giveBack(unwanted)
        startReady()
        return claimed.reduce(0) { $0 + $1.count }
    }

    /// Starts what is claimed and has a free handler.
    func startReady() {
        state.withLock { state in
            for assignment in state.workload.starts(at: now) {
                state.tasks[assignment.number] = Task { await self.perform(assignment) }
            }
        }
    }

    func cancel(_ assignments: Set<Int>) {
        guard !assignments.isEmpty else { return }
        for task in state.withLock({ state in assignments.compactMap { state.tasks[$0] } }) { task.cancel() }
    }

    func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata = [:]) {
        runner.logger.log(level: level, message, metadata: metadata)
    }
}

/// A signal for one waiter; rings that come while it is busy become one.
struct Bell: Sendable {
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func ring() {
        continuation.yield()
    }
}
