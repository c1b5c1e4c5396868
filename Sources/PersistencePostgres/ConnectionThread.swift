import Persistence
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a thread does that owns a connection: takes submissions and runs them, one after the other.
final class ConnectionThread {
    private let role: Connector.Role
    private let connector: Connector
    private let settings: PostgresSettings
    private let counters: TransactionCounters
    private let committed: (Set<Topic>) -> Void
    private let interrupter = Interrupter()
    private let random: () -> any RandomNumberGenerator
    private let wakes = WakeSet()
    private let connections: ConnectionCount
    private var connection: Connection? {
        didSet { connections.count.add((connection == nil ? 0 : 1) - (oldValue == nil ? 0 : 1), ordering: .relaxed) }
    }

    /// - Parameters:
    ///   - connections: of all threads at the same queue.
    ///   - random: makes the source of a closure's identifiers; nil is the system's, buffered.
    ///   - committed: told the topics to wake after a commit.
    init(
        role: Connector.Role, connector: Connector, settings: PostgresSettings, counters: TransactionCounters,
        connections: ConnectionCount, random: (() -> any RandomNumberGenerator)?,
        committed: @escaping (Set<Topic>) -> Void
    ) {
        self.role = role
        self.connector = connector
        self.settings = settings
        self.counters = counters
        self.connections = connections
        self.committed = committed
        let randomness = Randomness()
        self.random = random ?? { randomness }
    }

    /// Works until the queue is closed.
    func work(for worker: WorkQueue<Submission>.Worker) {
        while let submission = worker.next(idleSeconds: settings.idleConnectionSeconds, onIdle: { connection = nil }) {
            perform(submission, for: worker)
        }
        connection = nil
    }

    private func perform(_ submission: Submission, for worker: WorkQueue<Submission>.Worker) {
        guard submission.begin(with: interrupter) else { return submission.fail(CancellationError()) }
        let start = monotonicNanoseconds()
        let identifiers = IdentifierSequence(random: random())
        var attempts = Attempts(unavailableAfterSeconds: settings.unavailableAfterSeconds)
        while true {
            let decision: Attempts.Decision
            switch attempt(submission, identifiers, &attempts) {
            case .committed: return succeed(submission, started: start)
            case .threw(let error): decision = .fail(error)
            case .failed(.unreachable) where mayLeaveToOthers(submission):
                submission.suspend()
                worker.giveBack(submission)
                return pause(.random(in: 0.2...1))
            case .failed(let failure):
                decision = attempts.decide(
                    after: failure, isCancelled: submission.isCancelled, now: monotonicNanoseconds(),
                    jitter: .random(in: 0...1))
            }
            switch decision {
            case .fail(let error):
                submission.end()
                return submission.fail(error)
            case .again(let seconds): pause(seconds)
            case .reconnect(let seconds):
                connection = nil
                pause(seconds)
            }
            counters.retries.add(1, ordering: .relaxed)
        }
    }

    /// Whether other threads have a connection: the server may give no more of them, then those do the work.
    private func mayLeaveToOthers(_ submission: Submission) -> Bool {
        guard connections.count.load(ordering: .relaxed) > 0 else { return false }
        let now = monotonicNanoseconds()
        let since = submission.unreachableSince ?? now
        submission.unreachableSince = since
        return Double(now - since) / 1e9 < settings.unavailableAfterSeconds
    }

    private func succeed(_ submission: Submission, started: UInt64) {
        submission.end()
        submission.succeed()
        if role == .writer { counters.commits.add(1, ordering: .relaxed) }
        if !wakes.topics.isEmpty { committed(wakes.topics) }
        let seconds = Double(monotonicNanoseconds() - started) / 1e9
        if seconds > settings.slowTransactionSeconds {
            settings.onSlowTransaction?(submission.name.description, seconds)
        }
    }

    private enum Outcome {
        case committed
        case failed(Failure)
        /// The closure's own error.
        case threw(any Error)
    }

    private func attempt(
        _ submission: Submission, _ identifiers: IdentifierSequence, _ attempts: inout Attempts
    ) -> Outcome {
        let connection: Connection
        do {
            connection = try connected()
        } catch {
            return .failed(error)
        }
        attempts.connected()
        identifiers.rewind()
        wakes.removeAll()
        interrupter.arm(submission, cancelHandle: connection.cancelHandle)
        let session = PipelineSession(connection, isWriter: role == .writer) { submission.isCancelled }
        let outcome = run(submission, identifiers, in: session)
        let wasInterrupted = interrupter.disarm()
        if case .failed(.statementEnded) = outcome, !connection.hasEnded { return outcome }
        // A request to cancel that has not shown yet could meet the next transaction.
        if wasInterrupted || connection.hasEnded { self.connection = nil }
        return outcome
    }

    private func run(
        _ submission: Submission, _ identifiers: IdentifierSequence, in session: PipelineSession
    ) -> Outcome {
        let transaction = Transaction(
            engine: .postgres, now: submission.now, session: session, identifiers: identifiers, wakes: wakes)
        do {
            try submission.run(in: transaction)
            return .committed
        } catch {
            if let failure = session.failure, failure.isLoss { return .failed(failure) }
            do {
                try session.rollBack()
            } catch {
                // The server rolls back what a lost connection leaves.
                connection = nil
            }
            // What the closure made of a statement's error stands, unless running it again may go better.
            switch session.failure {
            case .conflict?, .stalePlan?, .cancelled?, .statementEnded?: return .failed(session.failure ?? .conflict)
            default: return .threw(error)
            }
        }
    }

    private func connected() throws(Failure) -> Connection {
        if let connection, connection.isAlive() { return connection }
        connection = nil
        do {
            let fresh = try Connection(connector, role: role, settings: settings)
            connection = fresh
            return fresh
        } catch .connectionLost(let reason) {
            throw .unreachable(reason)
        }
    }

    private func pause(_ seconds: Double) {
        if seconds > 0 { usleep(UInt32(min(seconds, 1) * 1_000_000)) }
    }
}

/// How many threads at a queue have a connection.
final class ConnectionCount: Sendable {
    let count = Atomic(0)
}

/// Counts over all threads of a database.
final class TransactionCounters: Sendable {
    let commits = Atomic(0)
    let retries = Atomic(0)
}
