import Logging
import Persistence
import Primitives
import Synchronization

/// Writing ends, keeping leases, the cron, and draining.
extension RunnerDesk {
    /// Ends written in one transaction.
    private static let settlementBatch = 500

    // MARK: Ends

    func settleLoop() async {
        for await _ in settleBell.rings {
            while !Task.isCancelled {
                let batch = state.withLock { Array($0.settlements.prefix(Self.settlementBatch)) }
                guard !batch.isEmpty else { break }
                do {
                    try await settle(batch)
                } catch is CancellationError {
                    return
                } catch {
                    // The jobs are still held and their leases prolonged meanwhile.
                    log(.warning, "the ends of jobs could not be written", ["error": "\(ErrorSummary(error))"])
                    do {
                        try await runner.clock.sleep(until: now.adding(seconds: runner.settings.pollSeconds))
                    } catch {
                        return
                    }
                }
            }
        }
    }

    private func settle(_ batch: [Settlement]) async throws {
        let held = try await heldAfterWriting(batch)
        state.withLock { state in
            state.settlements.removeFirst(batch.count)
            state.workload.settled(batch.lazy.map { Held(id: $0.id, attempt: $0.attempt) })
        }
        for settlement in batch where !held.contains(settlement.id) {
            reportRefusal(of: Held(id: settlement.id, attempt: settlement.attempt), kind: nil)
        }
        claimBell.ring()
        drainBell.ring()
    }

    /// - Returns: the jobs whose ends were accepted.
    private func heldAfterWriting(_ batch: [Settlement]) async throws -> Set<JobID> {
        let now = now
        do {
            return try await runner.database.write("jobs.settle") { transaction in
                try JobTable.settle(batch, at: now, in: transaction)
            }
        } catch  where batch.count > 1 && Self.mayBeOneJobsFault(error) {
            var held: Set<JobID> = []
            for settlement in batch { held.formUnion(try await heldAfterWriting([settlement])) }
            return held
        } catch  where batch.count == 1 && Self.mayBeOneJobsFault(error) {
            // Nothing that can be written: the lease runs out and counts as a failure.
            log(
                .error, "the end of a job cannot be written",
                ["job": "\(batch[0].id)", "error": "\(ErrorSummary(error))"])
            return [batch[0].id]
        }
    }

    // MARK: Leases and the cron

    func keepLoop() async {
        for await _ in keepBell.rings {
            for keep in [keepLeases, fireCron, reportUnhandled] {
                do {
                    try await keep()
                } catch is CancellationError {
                    return
                } catch {
                    log(.warning, "keeping leases and the cron failed", ["error": "\(ErrorSummary(error))"])
                }
            }
        }
    }

    private func keepLeases() async throws {
        let moment = now
        let leases = state.withLock { $0.workload.heartbeats(at: moment) }
        guard !leases.isEmpty else { return }
        let until = moment.adding(seconds: runner.settings.leaseSeconds)
        let held = try await runner.database.write("jobs.heartbeat") { transaction in
            try JobTable.extend(leases, until: until, in: transaction)
        }
        let cancelled = state.withLock { state in
            state.workload.extended(leases.lazy.filter { held.contains($0.id) }, until: until)
            return state.workload.lost(leases.lazy.filter { !held.contains($0.id) })
        }
        cancel(cancelled)
    }

    private func fireCron() async throws {
        let (due, isDraining) = state.withLock { ($0.cron.due(at: now), $0.workload.isDraining) }
        guard !isDraining else { return }
        for (entry, tick) in due {
            _ = try await runner.database.write("jobs.cron") { transaction in
                try entry.fire(tick, in: transaction)
            }
            state.withLock { $0.cron.done(entry, tick) }
        }
    }

    private func reportUnhandled() async throws {
        let now = now
        let isTime = state.withLock { state in
            if let reportedAt = state.unhandledReportedAt, now.seconds(since: reportedAt) < 60 { return false }
            state.unhandledReportedAt = now
            return true
        }
        guard isTime else { return }
        let kinds = runner.handlers.values.map(\.kind)
        for jobs in try await runner.database.read("jobs.unhandled", { try Jobs.unhandled(kinds: kinds, in: $0) }) {
            log(
                .warning, "jobs are due that this build does not handle",
                ["kind": "\(jobs.kind)", "queue": "\(jobs.queue)", "count": "\(jobs.count)"])
        }
    }

    // MARK: Draining

    /// Called from the handler of the graceful shutdown.
    func drain() {
        giveBack(state.withLock { $0.workload.drain() })
        drainBell.ring()
        drainStart.ring()
    }

    /// Makes jobs that were not started, or not finished, runnable at once.
    func giveBack(_ leases: [Held]) {
        guard !leases.isEmpty else { return }
        let now = now
        state.withLock { state in
            state.settlements += leases.map {
                Settlement(id: $0.id, attempt: $0.attempt, outcome: .release(until: now))
            }
        }
        settleBell.ring()
    }

    func waitUntilDrained() async {
        for await _ in drainBell.rings {
            let isDrained = state.withLock { state in
                state.workload.isDraining && (state.isGivenUp || (state.workload.isEmpty && state.settlements.isEmpty))
            }
            if isDrained { return }
        }
    }

    /// Waits for a drain to begin and lets it take no longer than it may.
    func endDrain() async {
        for await _ in drainStart.rings {
            do {
                try await runner.clock.sleep(until: now.adding(seconds: runner.settings.drainSeconds))
                let abandoned = state.withLock { $0.workload.abandon() }
                giveBack(abandoned.leases)
                cancel(abandoned.assignments)
                drainBell.ring()
                // The database may be away: then the leases have to run out.
                try await runner.clock.sleep(until: now.adding(seconds: 5))
            } catch {
                return
            }
            state.withLock { $0.isGivenUp = true }
            drainBell.ring()
        }
    }
}
