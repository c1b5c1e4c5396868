public import Persistence
public import Primitives

/// Work that is owed: enqueued in the transaction that causes it, done by a `JobRunner` later, at least once.
public enum Jobs {
    /// Enqueues jobs in the transaction that causes them. One deferred statement for up to 32 jobs.
    /// A job whose key is taken is left out silently.
    public static func enqueue(_ jobs: [NewJob], in transaction: borrowing Transaction) throws {
        var rest = jobs[...]
        while !rest.isEmpty {
            try transaction.execute(JobTable.insertion(of: rest.prefix(32), in: transaction))
            rest = rest.dropFirst(32)
        }
        if !jobs.isEmpty { transaction.wake(.jobs) }
    }

    /// The jobs that were given up, the newest first.
    /// - Parameters:
    ///   - store: only those that worked for this store; nil for all, the installation's own included.
    ///   - after: the last one of the page before.
    public static func deadLetters(
        of store: StoreID? = nil, after cursor: DeadLetter.Cursor? = nil, limit: Int,
        in transaction: borrowing Transaction
    ) throws -> [DeadLetter] {
        let place: SQL =
            if let cursor { "AND (ended_at, id) < (\(cursor.diedAt), \(cursor.id))" } else { "" }
        return try transaction.query(
            """
            SELECT id, kind, queue, store_id, payload, attempt, failures, last_error, ended_at FROM jobs
            WHERE state = 'dead' \(ownership(store)) \(place) ORDER BY ended_at DESC, id DESC LIMIT \(limit)
            """, DeadLetter.init(row:))
    }

    /// Gives a dead letter all its attempts again, at once.
    /// - Parameter store: whose it has to be; nil for any.
    /// - Returns: false when there is no such dead letter.
    public static func retry(_ job: JobID, of store: StoreID? = nil, in transaction: borrowing Transaction) throws
        -> Bool
    {
        let changes = try transaction.changes(
            """
            UPDATE jobs SET state = 'active', due_at = \(transaction.now), ended_at = 0, failures = 0
            WHERE id = \(job) AND state = 'dead' \(ownership(store))
            """)
        if changes > 0 { transaction.wake(.jobs) }
        return changes > 0
    }

    /// Gives a dead letter up for good; its key stays taken until it is pruned.
    /// - Parameter store: whose it has to be; nil for any.
    /// - Returns: false when there is no such dead letter.
    public static func discard(_ job: JobID, of store: StoreID? = nil, in transaction: borrowing Transaction) throws
        -> Bool
    {
        try transaction.changes(
            """
            UPDATE jobs SET state = 'discarded', ended_at = \(transaction.now)
            WHERE id = \(job) AND state = 'dead' \(ownership(store))
            """) > 0
    }

    /// The state of each queue that has jobs to do. Reads every job that is still to be done.
    /// - Parameter store: only the work for this store; nil for all, the installation's own included.
    public static func statistics(
        of store: StoreID? = nil, in transaction: borrowing Transaction
    ) throws -> JobStatistics {
        let queues = try transaction.later(
            """
            SELECT queue,
            CAST(SUM(CASE WHEN due_at <= \(transaction.now) THEN 1 ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_at > \(transaction.now) AND runner IS NULL THEN 1 ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_at > \(transaction.now) AND runner IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT),
            MIN(CASE WHEN due_at <= \(transaction.now) THEN due_at END)
            FROM jobs WHERE state = 'active' \(ownership(store)) GROUP BY queue ORDER BY queue
            """
        ) { row in
            QueueStatistics(
                queue: QueueName(try row[0]), runnable: try row[1], scheduled: try row[2], running: try row[3],
                oldestRunnableSince: try row[4])
        }
        let dead = try transaction.first(
            "SELECT COUNT(*) FROM jobs WHERE state = 'dead' \(ownership(store))"
        ) { try $0[0] as Int }
        return JobStatistics(queues: try queues.rows(), dead: dead ?? 0)
    }

    private static func ownership(_ store: StoreID?) -> SQL {
        if let store { "AND store_id = \(store)" } else { "" }
    }

    /// Due jobs that no handler of these kinds and queues takes: left for another build, or forgotten.
    /// Reads every job that is still to be done.
    public static func unhandled(
        kinds: [JobKind], in transaction: borrowing Transaction
    ) throws -> [UnhandledJobs] {
        try transaction.query(
            """
            SELECT kind, queue, COUNT(*) FROM jobs WHERE state = 'active' AND due_at <= \(transaction.now)
            AND (kind NOT IN \(list: Set(kinds.map(\.name)).sorted())
            OR queue NOT IN \(list: Set(kinds.map(\.queue.description)).sorted()))
            GROUP BY kind, queue ORDER BY kind, queue LIMIT 20
            """
        ) { UnhandledJobs(kind: try $0[0], queue: QueueName(try $0[1]), count: try $0[2]) }
    }
}

/// Due jobs of one kind that nobody takes.
public struct UnhandledJobs: Hashable, Sendable {
    public let kind: String
    public let queue: QueueName
    public let count: Int
}

/// A job that was given up.
public struct DeadLetter: Hashable, Sendable {
    /// Where a page ends.
    public struct Cursor: Hashable, Sendable {
        public let diedAt: Instant
        public let id: JobID

        public init(diedAt: Instant, id: JobID) {
            self.diedAt = diedAt
            self.id = id
        }
    }

    public let id: JobID
    public let kind: String
    public let queue: QueueName
    public let store: StoreID?
    /// As stored; it may be the reason and need not be JSON.
    public let payload: String
    /// How often it was claimed.
    public let attempt: Int
    public let failures: Int
    /// At most 500 characters.
    public let lastError: String?
    public let diedAt: Instant

    public var cursor: Cursor { Cursor(diedAt: diedAt, id: id) }

    init(row: Row) throws {
        id = try row[0]
        kind = try row[1]
        queue = QueueName(try row[2])
        store = try row[3]
        payload = try row[4]
        attempt = try row[5]
        failures = try row[6]
        lastError = try row[7]
        diedAt = try row[8]
    }
}

/// The work that is owed.
public struct JobStatistics: Hashable, Sendable {
    public let queues: [QueueStatistics]
    /// Dead letters.
    public let dead: Int

    /// Since when the job that waits longest could run; nil when none waits.
    public var oldestRunnableSince: Instant? { queues.compactMap(\.oldestRunnableSince).min() }
}

/// The work that is owed in one queue.
public struct QueueStatistics: Hashable, Sendable {
    public let queue: QueueName
    /// Due now, those whose lease ran out included.
    public let runnable: Int
    /// Due later.
    public let scheduled: Int
    /// Under a lease.
    public let running: Int
    public let oldestRunnableSince: Instant?
}

extension Topic {
    /// Jobs were enqueued.
    public static let jobs = Topic("jobs")
}
