import Logging
import Persistence
import Primitives
import Synchronization

/// How the call of a handler ended for one job.
enum WorkEnd {
    case succeeded
    case failed(any Error)
    /// Its end was written with its effect, or was refused because the lease was somebody else's by then.
    case written(isAccepted: Bool)
}

extension RunnerDesk {
    /// Runs a handler, and hands on how it ended for each job.
    func perform(_ assignment: Assignment) async {
        let ends = await ends(of: assignment)
        let now = now
        var refused: [ClaimedJob] = []
        var failures: [(ClaimedJob, Settlement)] = []
        state.withLock { state in
            state.tasks[assignment.number] = nil
            guard let isTimedOut = state.workload.ended(assignment.number, at: now) else {
                // It was abandoned in a drain: its jobs were given back.
                return
            }
            for (job, end) in zip(assignment.jobs, ends) {
                switch end {
                case .written(let isAccepted):
                    state.workload.settled(CollectionOfOne(job.held))
                    if !isAccepted { refused.append(job) }
                case .succeeded:
                    state.settlements.append(Settlement(id: job.id, attempt: job.attempt, outcome: .finish))
                case .failed(let error):
                    let settlement = settlement(of: job, failedWith: error, isTimedOut: isTimedOut, at: now)
                    state.settlements.append(settlement)
                    failures.append((job, settlement))
                }
            }
        }
        for job in refused { reportRefusal(of: job.held, kind: job.kind) }
        for (job, settlement) in failures { reportFailure(of: job, settlement.outcome) }
        startReady()
        settleBell.ring()
        claimBell.ring()
        drainBell.ring()
    }

    private func settlement(
        of job: ClaimedJob, failedWith error: any Error, isTimedOut: Bool, at now: Instant
    ) -> Settlement {
        let kind = runner.handlers[job.kind]?.kind
        let policy = FailurePolicy(backoff: kind?.backoff ?? Backoff())
        var random = SystemRandomNumberGenerator()
        let cause: any Error = isTimedOut ? JobTimeout(seconds: kind?.timeoutSeconds ?? 0) : error
        let outcome = policy.outcome(
            of: cause, failuresBefore: job.failures, maxAttempts: job.maxAttempts, at: now, using: &random)
        return Settlement(id: job.id, attempt: job.attempt, outcome: outcome)
    }

    /// In the order of the assignment's jobs.
    private func ends(of assignment: Assignment) async -> [WorkEnd] {
        guard let handler = runner.handlers[assignment.kind] else { return [] }
        switch handler.work {
        case .effect(let run):
            guard let claimed = assignment.jobs.first else { return [] }
            do {
                let job = try claimed.readIfAlive()
                try await run(job, context(for: job, deadline: assignment.deadline))
                return [.succeeded]
            } catch {
                return [.failed(error)]
            }
        case .transactional(let run):
            return await ends(ofTransactional: assignment.jobs, run)
        }
    }

    private func ends(
        ofTransactional claimed: [ClaimedJob], _ run: @escaping @Sendable (Job, borrowing Transaction) throws -> Void
    ) async -> [WorkEnd] {
        var ends: [JobID: WorkEnd] = [:]
        var jobs: [Job] = []
        for job in claimed {
            do { jobs.append(try job.readIfAlive()) } catch { ends[job.id] = .failed(error) }
        }
        do {
            for (id, end) in try await work(on: jobs, run) { ends[id] = end }
        } catch  where jobs.count > 1 && Self.mayBeOneJobsFault(error) {
            // One of them failed and took the others' changes along: each on its own now.
            for job in jobs {
                do {
                    for (id, end) in try await work(on: [job], run) { ends[id] = end }
                } catch {
                    ends[job.id] = .failed(error)
                }
            }
        } catch {
            for job in jobs { ends[job.id] = .failed(error) }
        }
        return claimed.map { ends[$0.id] ?? .failed(CancellationError()) }
    }

    /// Finishes jobs and runs their handler in one transaction. The fence comes first: it holds the jobs' rows from
    /// then on, and a job that is no longer ours has no effect.
    private func work(
        on jobs: [Job], _ run: @escaping @Sendable (Job, borrowing Transaction) throws -> Void
    ) async throws -> [(JobID, WorkEnd)] {
        guard !jobs.isEmpty else { return [] }
        let now = now
        let held = try await runner.database.write("jobs.work") { transaction in
            let leases = jobs.map { Held(id: $0.id, attempt: $0.attempt) }
            let held = try JobTable.finish(leases, at: now, in: transaction)
            for job in jobs where held.contains(job.id) { try run(job, transaction) }
            return held
        }
        return jobs.map { ($0.id, .written(isAccepted: held.contains($0.id))) }
    }

    /// Whether a transaction for several jobs may succeed for each of the others.
    static func mayBeOneJobsFault(_ error: any Error) -> Bool {
        switch error {
        case is CancellationError, DatabaseError.queueFull, DatabaseError.unavailable, DatabaseError.conflict,
            DatabaseError.ambiguousCommit:
            false
        default: true
        }
    }

    private func context(for job: Job, deadline: Instant) -> JobContext {
        var logger = runner.logger
        logger[metadataKey: "job"] = "\(job.id)"
        logger[metadataKey: "kind"] = "\(job.kind)"
        if let request = job.requestID { logger[metadataKey: "request_id"] = "\(request)" }
        return JobContext(clock: runner.clock, logger: logger, deadline: deadline)
    }

    private func reportFailure(of job: ClaimedJob, _ outcome: Outcome) {
        var metadata: Logger.Metadata = [
            "job": "\(job.id)", "kind": "\(job.kind)", "attempt": "\(job.attempt)", "failures": "\(job.failures + 1)",
        ]
        if let request = job.requestID { metadata["request_id"] = "\(request)" }
        switch outcome {
        case .finish: break
        case .release(let moment):
            log(.warning, "a job could not be run and was given back", metadata.merging(["until": "\(moment)"]) { $1 })
        case .postpone(let moment, let error):
            metadata["error"] = "\(error)"
            metadata["until"] = "\(moment)"
            log(.warning, "a job failed and will be tried again", metadata)
        case .bury(let error):
            metadata["error"] = "\(error)"
            log(.error, "a job was given up and is a dead letter now", metadata)
        }
    }

    func reportRefusal(of held: Held, kind: String?) {
        var metadata: Logger.Metadata = ["job": "\(held.id)", "attempt": "\(held.attempt)"]
        if let kind { metadata["kind"] = "\(kind)" }
        log(.warning, "the end of a job came late and was refused: its lease had run out", metadata)
    }
}

extension ClaimedJob {
    /// The job, unless it has died as often as it may fail.
    fileprivate func readIfAlive() throws -> Job {
        guard failures < maxAttempts else { throw JobLost(times: failures) }
        return try read()
    }
}
