import GRDBSQLite
import Persistence
import Synchronization

/// Runs closures that write, several in one commit.
///
/// One thread uses it: the only worker of the writers' queue.
final class Writer {
    typealias Queue = WorkQueue<Work>

    private let connection: Connection
    private let settings: SQLiteSettings
    private let counters: Counters
    private let waiters: Waiters
    private var checkpointFrames = Writer.checkpointInterval
    /// Pages in the log from which on it is written back: 16 MB. Each time the disk is waited for twice.
    private static let checkpointInterval = 4000
    /// Pages from which on readers are waited for, so that the log can begin anew.
    private static let restartFrames = 16_000
    private static let attempts = 10
    /// How long the last commit took, nearly all of it waiting for the disk.
    private var commitNanoseconds: UInt64 = 0
    /// How many closures the last batch had.
    private var lastBatch = 0
    /// A batch collects for so many times as long as a commit takes.
    private static let commitsWorthCollecting: UInt64 = 8

    init(_ connection: Connection, _ settings: SQLiteSettings, counters: Counters, waiters: Waiters) {
        self.connection = connection
        self.settings = settings
        self.counters = counters
        self.waiters = waiters
    }

    /// Works the queue off until it is closed.
    func run(_ worker: Queue.Worker) {
        var held: Work?
        while true {
            let waiting = held.take() ?? worker.nextNow()
            guard let work = waiting ?? worker.next() else { return }
            if work.isExclusive {
                runAlone(work)
            } else {
                held = runBatch(from: work, isQueueing: waiting != nil, worker)
                checkpointIfDue()
            }
        }
    }

    /// A closure in the batch and what became of it.
    private struct Member {
        let work: Work
        var error: (any Error)?
        /// It ended the transaction for all, so it does not run again.
        var isExcluded = false
    }

    private enum Pass {
        case complete
        /// A member ended the transaction: the others have to run again.
        case lost
    }

    /// Runs closures until the batch is full or nobody waits, commits, and only then lets the results go.
    /// - Parameter isQueueing: the first closure had to wait for the batch before.
    /// - Returns: work that was taken from the queue and does not fit into a batch.
    private func runBatch(from first: Work, isQueueing: Bool, _ worker: Queue.Worker) -> Work? {
        var members: [Member] = []
        var held: Work?
        do throws(SQLiteFailure) {
            try retryingWhileBusy("BEGIN IMMEDIATE")
            var pass = collect(first, isQueueing: isQueueing, worker, into: &members, held: &held)
            while pass == .lost {
                try retryingWhileBusy("BEGIN IMMEDIATE")
                pass = runAgain(&members)
            }
        } catch {
            connection.rollback()
            let reason = error.code.error(message: error.message, isReader: false)
            if members.isEmpty { members.append(Member(work: first)) }
            finish(members, failure: reason)
            return held
        }
        commit(members)
        lastBatch = members.count
        return held
    }

    /// Where closures queue up, those who were answered by the last commit ask for the next thing in a moment: half a
    /// commit is spent on waiting for them, or they would form a second batch with a commit of its own.
    private func collect(
        _ first: Work, isQueueing: Bool, _ worker: Queue.Worker, into members: inout [Member], held: inout Work?
    ) -> Pass {
        let deadline = monotonicNanoseconds() + collectingNanoseconds
        var patience = Double(commitNanoseconds) / 2e9
        var next: Work? = first
        var pass = Pass.complete
        while let work = next {
            if work.isExclusive {
                held = work
                break
            }
            next = nil
            if work.isCancelled.load(ordering: .relaxed) {
                work.fail(CancellationError())
            } else {
                members.append(Member(work: work))
                pass = runMember(&members[members.count - 1])
            }
            let start = monotonicNanoseconds()
            guard pass == .complete, members.count < settings.batchLimit, start < deadline else { break }
            next = worker.nextNow()
            if next == nil, isQueueing || members.count < lastBatch {
                next = worker.next(withinSeconds: min(patience, Double(deadline - start) / 1e9))
                patience = max(0, patience - Double(monotonicNanoseconds() - start) / 1e9)
            }
        }
        return pass
    }

    /// The slower the disk, the more closures have to share a flush for the disk not to set the pace.
    private var collectingNanoseconds: UInt64 {
        let shortest = UInt64(settings.batchSeconds * 1e9)
        let longest = max(shortest, UInt64(settings.longestBatchSeconds * 1e9))
        return min(max(shortest, Self.commitsWorthCollecting * commitNanoseconds), longest)
    }

    private func runAgain(_ members: inout [Member]) -> Pass {
        for index in members.indices where !members[index].isExcluded {
            counters.retries.add(1, ordering: .relaxed)
            if runMember(&members[index]) == .lost { return .lost }
        }
        return .complete
    }

    /// Runs a closure in a savepoint, again after a conflict.
    private func runMember(_ member: inout Member) -> Pass {
        for attempt in 1...Self.attempts {
            member.error = nil
            do {
                try savepoint { try timed(member.work) { try member.work.run(on: connection) } }
                return .complete
            } catch {
                member.error = error
            }
            if !connection.isInTransaction || member.error is SQLiteFailure {
                connection.rollback()
                member.isExcluded = true
                member.error = seamError(member.error)
                return .lost
            }
            guard case .conflict? = member.error as? DatabaseError, attempt < Self.attempts else { break }
            counters.retries.add(1, ordering: .relaxed)
        }
        return .complete
    }

    /// - Throws: what the body throws, with the savepoint rolled back where SQLite has kept the transaction;
    ///   `SQLiteFailure` when the savepoint itself failed.
    private func savepoint(_ body: () throws -> Void) throws {
        try connection.control("SAVEPOINT closure")
        do {
            try body()
        } catch {
            guard connection.isInTransaction else { throw error }
            try connection.control("ROLLBACK TO closure")
            try connection.control("RELEASE closure")
            throw error
        }
        try connection.control("RELEASE closure")
    }

    private func seamError(_ error: (any Error)?) -> (any Error)? {
        guard let failure = error as? SQLiteFailure else { return error }
        return failure.code.error(message: failure.message, isReader: false)
    }

    /// Commits, or finds out why not. Errors that closures threw leave after the commit as well: they may rest on
    /// what other closures of the batch have done.
    private func commit(_ members: [Member]) {
        guard members.contains(where: { $0.error == nil }) else {
            connection.rollback()
            return finish(members, failure: nil)
        }
        do throws(SQLiteFailure) {
            let start = monotonicNanoseconds()
            try retryingWhileBusy("COMMIT")
            commitNanoseconds = monotonicNanoseconds() - start
            counters.flushes.add(1, ordering: .relaxed)
            finish(members, failure: nil)
        } catch {
            connection.rollback()
            if error.code.isInputOutput {
                // The log may hold the commit or not: the next process to open it would tell.
                finish(members, failure: .ambiguousCommit)
            } else if error.code.primary == SQLITE_CONSTRAINT, members.count > 1 {
                runSingly(members)
            } else {
                finish(members, failure: error.code.error(message: error.message, isReader: false))
            }
        }
    }

    /// A constraint failed at the commit and nobody can say whose: each closure gets a commit of its own.
    private func runSingly(_ members: [Member]) {
        for member in members {
            var alone = [Member(work: member.work)]
            if member.isExcluded {
                finish([member], failure: nil)
                continue
            }
            do throws(SQLiteFailure) {
                try retryingWhileBusy("BEGIN IMMEDIATE")
                _ = runAgain(&alone)
                if connection.isInTransaction { commit(alone) } else { finish(alone, failure: nil) }
            } catch {
                finish(alone, failure: error.code.error(message: error.message, isReader: false))
            }
        }
    }

    /// Hands out the results. A `failure` is everybody's, except for those that were excluded with their own.
    private func finish(_ members: [Member], failure: DatabaseError?) {
        var topics: Set<Topic> = []
        var commits = 0
        for member in members where member.error == nil && failure == nil {
            commits += 1
            topics.formUnion(member.work.wakes.topics)
        }
        counters.commits.add(commits, ordering: .relaxed)
        for member in members {
            if let error = member.isExcluded ? member.error : failure ?? member.error {
                member.work.fail(error)
            } else {
                member.work.succeed()
            }
        }
        waiters.wake(topics)
    }

    private func runAlone(_ work: Work) {
        guard !work.isCancelled.load(ordering: .relaxed) else { return work.fail(CancellationError()) }
        do {
            try work.run(on: connection)
            if connection.isInTransaction { connection.rollback() }
            work.succeed()
        } catch {
            connection.rollback()
            work.fail(seamError(error) ?? error)
        }
    }

    private func retryingWhileBusy(_ statement: String) throws(SQLiteFailure) {
        for attempt in 1...Self.attempts {
            do {
                return try connection.control(statement)
            } catch {
                guard error.code.isBusy, attempt < Self.attempts else { throw error }
                counters.retries.add(1, ordering: .relaxed)
            }
        }
    }

    private func timed(_ work: Work, _ body: () throws -> Void) rethrows {
        let start = monotonicNanoseconds()
        defer { settings.reportIfSlow(work.name, since: start) }
        try body()
    }

    private func checkpointIfDue() {
        let frames = connection.logFrames
        // The log began anew.
        if frames < checkpointFrames - Self.checkpointInterval { checkpointFrames = Self.checkpointInterval }
        guard frames >= checkpointFrames else { return }
        var state = connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
        if state.frames >= Self.restartFrames { state = connection.checkpoint(SQLITE_CHECKPOINT_RESTART) }
        checkpointFrames = (state.done < state.frames ? state.frames : 0) + Self.checkpointInterval
    }
}
