public import Persistence
public import Primitives
import Synchronization

/// A PostgreSQL database: closures run on threads that own a connection each, writers and readers apart.
public final class PostgresDatabase: Database {
    public let engine = Engine.postgres

    let connector: Connector
    let directConnector: Connector
    let settings: PostgresSettings
    private let clock: any Clock
    private let writers: WorkQueue<Submission>
    private let readers: WorkQueue<Submission>
    private let cancellations: WorkQueue<Cancellation>
    private let counters = TransactionCounters()
    private let waiters = Waiters()
    private let notifications: Notifications

    /// Reads the settings; connects when the first closure comes.
    /// - Parameters:
    ///   - clock: what `Transaction.now` says.
    ///   - random: makes the source of a closure's identifiers, one for each closure; nil is the system's randomness.
    /// - Throws: `DatabaseError.unavailable` when a URL cannot be read.
    public init(
        _ settings: PostgresSettings, clock: any Clock = SystemClock(),
        random: (@Sendable () -> any RandomNumberGenerator)? = nil
    ) throws(DatabaseError) {
        let connector = try Connector(settings, url: settings.url)
        let directConnector = try Connector(settings, url: settings.directURL ?? settings.url)
        let notifications = Notifications(directConnector, waiters: waiters)
        let counters = counters
        let waiters = waiters
        let committed = { @Sendable (topics: Set<Topic>) in
            waiters.wake(topics)
            notifications.notify(topics)
        }
        func queue(_ role: Connector.Role, _ threads: Int) -> WorkQueue<Submission> {
            let connections = ConnectionCount()
            return WorkQueue(limit: settings.queueLimit, threads: max(1, threads)) { worker in
                ConnectionThread(
                    role: role, connector: connector, settings: settings, counters: counters,
                    connections: connections, random: random, committed: committed
                ).work(for: worker)
            }
        }
        writers = queue(.writer, settings.writers)
        readers = queue(.reader, settings.readers)
        cancellations = WorkQueue(limit: 4096, threads: 1) { worker in
            while let cancellation = worker.next() { cancellation.send() }
        }
        self.connector = connector
        self.directConnector = directConnector
        self.settings = settings
        self.clock = clock
        self.notifications = notifications
    }

    public func write<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value {
        try await submit(name, body, to: writers)
    }

    public func read<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value {
        try await submit(name, body, to: readers)
    }

    public func wakes(for topic: Topic) -> AsyncStream<Void> {
        notifications.listen(to: topic)
        return waiters.wakes(for: topic)
    }

    public func statistics() -> DatabaseStatistics {
        var statistics = DatabaseStatistics()
        writers.count(into: &statistics)
        readers.count(into: &statistics)
        statistics.commits = counters.commits.load(ordering: .relaxed)
        statistics.flushes = statistics.commits
        statistics.retries = counters.retries.load(ordering: .relaxed)
        return statistics
    }

    public func close() async {
        await writers.close()
        await readers.close()
        await cancellations.close()
        await notifications.close()
        waiters.finish()
    }

    private func submit<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value,
        to queue: WorkQueue<Submission>
    ) async throws -> Value {
        let submission = TypedSubmission(name: name, now: clock.now(), body: body)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submission.expect(continuation)
                if submission.isCancelled { return submission.fail(CancellationError()) }
                do {
                    try queue.submit(submission)
                } catch {
                    submission.fail(error)
                }
            }
        } onCancel: {
            cancel(submission, in: queue)
        }
    }

    private func cancel(_ submission: Submission, in queue: WorkQueue<Submission>) {
        if let interrupter = submission.cancel() {
            do {
                try cancellations.submit(Cancellation(submission, interrupter))
            } catch {
                // The closure still ends before its next statement; only the running one is not cut short.
            }
        } else if queue.withdraw(submission) {
            submission.fail(CancellationError())
        }
    }
}

/// A request to the server to end what a submission runs; it takes a connection of its own, so a thread of its own.
private final class Cancellation: Sendable {
    private let submission: Submission
    private let interrupter: Interrupter

    init(_ submission: Submission, _ interrupter: Interrupter) {
        self.submission = submission
        self.interrupter = interrupter
    }

    func send() {
        interrupter.interrupt(submission)
    }
}
