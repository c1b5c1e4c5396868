/// The engines behind the seam.
public enum Engine: String, Sendable, CaseIterable {
    case sqlite
    case postgres
}

/// Something that waiters are woken for, such as new jobs.
public struct Topic: Hashable, Sendable {
    /// Lower-case letters and underscores.
    public let name: String

    public init(_ name: String) {
        self.name = name
    }
}

/// A database: short transactions as synchronous closures, run on threads of the engine's own.
public protocol Database: Sendable {
    var engine: Engine { get }

    /// Runs a closure in a transaction and commits; returns only after the commit is durable.
    ///
    /// The closure runs again after a conflict (deadlock, serialisation failure, busy) or a connection lost before
    /// the commit, at most 10 times. A task that is cancelled while it waits is skipped.
    /// - Parameter name: the action, for statistics and the slow log.
    /// - Throws: what the closure throws (the transaction is rolled back), `DatabaseError`, `CancellationError`.
    func write<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value

    /// Runs a closure in a read-only transaction, on another connection than writes.
    func read<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value

    /// Runs statements outside the retrying machinery under the migration lock, one transaction a migration.
    /// - Returns: the migrations applied now, in order.
    /// - Throws: `MigrationError` when one that was applied has another checksum now, or is unknown.
    func migrate(_ migrations: [Migration]) async throws -> [Migration]

    /// The migrations applied so far.
    func appliedMigrations() async throws -> [AppliedMigration]

    /// A stream that yields after each commit that woke `topic`, in this process or another; bursts are coalesced.
    /// It may miss some (a connection lost): poll as well.
    func wakes(for topic: Topic) -> AsyncStream<Void>

    /// What the engine says of its own settings and integrity, for the readiness checks.
    func inspect() async throws -> [EngineFact]

    /// Counters and gauges of the queue and the transactions.
    func statistics() -> DatabaseStatistics

    /// Finishes what is under way and closes the connections.
    func close() async
}

/// One fact that an engine reports about itself.
public struct EngineFact: Hashable, Sendable {
    /// Such as `synchronous`.
    public let name: String
    /// What was read.
    public let value: String
    /// What it has to be; nil when the fact is information only.
    public let expected: String?
    public let isAcceptable: Bool
    /// False when the engine could not find out; then the value says why.
    public let isKnown: Bool

    public init(name: String, value: String, expected: String?, isAcceptable: Bool, isKnown: Bool = true) {
        self.name = name
        self.value = value
        self.expected = expected
        self.isAcceptable = isAcceptable
        self.isKnown = isKnown
    }
}

/// Counters since the start, and gauges.
public struct DatabaseStatistics: Hashable, Sendable {
    /// Transactions committed.
    public var commits = 0
    /// Closures run again after a conflict.
    public var retries = 0
    /// Closures refused because the queue was full.
    public var refusals = 0
    /// Closures waiting now.
    public var waiting = 0
    /// Durable commits of the engine; lower than `commits` where it commits in groups.
    public var flushes = 0
    /// The longest wait in the queue so far, in seconds.
    public var longestWaitSeconds = 0.0

    public init() {}
}
