import FoundationEssentials
import Persistence
import Primitives

/// A job under a lease, its payload not read yet: one that cannot be read must not harm the others.
struct ClaimedJob: Hashable, Sendable {
    let id: JobID
    let kind: String
    let store: StoreID?
    let key: String?
    let payload: String
    let attempt: Int
    let failures: Int
    let maxAttempts: Int
    let enqueuedAt: Instant
    let requestID: String?

    /// - Throws: `UnreadablePayload`.
    func read() throws(UnreadablePayload) -> Job {
        let json: JSON
        do {
            json = try JSON(parsing: payload)
        } catch {
            throw UnreadablePayload(error: error)
        }
        return Job(
            id: id, kind: kind, store: store, key: key, payload: json, attempt: attempt, failures: failures,
            maxAttempts: maxAttempts, enqueuedAt: enqueuedAt, requestID: requestID)
    }
}

/// A lease by its fence.
struct Held: Hashable, Sendable {
    let id: JobID
    let attempt: Int
}

/// The statements of runners. Who writes under a lease names the job's attempt and that it has a runner, which only
/// an active job has: who lost the lease changes nothing. The state is not named, or PostgreSQL would rather read the
/// whole index of active jobs than go by the key.
extension JobTable {
    /// Takes jobs under a lease.
    static func claim(
        _ request: ClaimRequest, kinds: [String], runner: UUID, at now: Instant, until lease: Instant,
        in transaction: borrowing Transaction
    ) throws -> Later<ClaimedJob> {
        let statement = claimStatement(
            request, kinds: kinds, runner: runner, at: now, until: lease, in: transaction)
        return try transaction.later(statement) { row in
            ClaimedJob(
                id: try row[0], kind: try row[1], store: try row[2], key: try row[3], payload: try row[4],
                attempt: try row[5], failures: try row[6], maxAttempts: try row[7], enqueuedAt: try row[8],
                requestID: try row[9])
        }
    }

    /// A job that still has a runner when it is due was lost by it: it has failed once more.
    static func claimStatement(
        _ request: ClaimRequest, kinds: [String], runner: UUID, at now: Instant, until lease: Instant,
        in transaction: borrowing Transaction
    ) -> SQL {
        """
        WITH due AS (
        SELECT id FROM jobs WHERE state = 'active' AND queue = \(request.queue.description) AND due_at <= \(now)
        AND kind IN \(list: kinds) ORDER BY due_at, id LIMIT \(request.limit)\(transaction.forUpdateSkippingLocked))
        UPDATE jobs SET attempt = attempt + 1, due_at = \(lease),
        failures = failures + CASE WHEN runner IS NULL THEN 0 ELSE 1 END, runner = \(runner)
        WHERE \(isAmong("SELECT id FROM due", in: transaction))
        RETURNING id, kind, store_id, key, payload, attempt, failures, max_attempts, enqueued_at, request_id
        """
    }

    /// Prolongs leases.
    /// - Returns: those that are still held.
    static func extend(
        _ leases: [Held], until lease: Instant, in transaction: borrowing Transaction
    ) throws -> Set<JobID> {
        try forEachAttempt(leases, in: transaction) { attempt, ids in
            """
            UPDATE jobs SET due_at = \(lease)
            WHERE runner IS NOT NULL AND attempt = \(attempt) AND id IN \(list: ids) RETURNING id
            """
        }
    }

    /// Finishes jobs.
    /// - Returns: those whose lease was still held; the others are somebody else's now.
    static func finish(
        _ leases: [Held], at now: Instant, in transaction: borrowing Transaction
    ) throws -> Set<JobID> {
        try forEachAttempt(leases, in: transaction) { attempt, ids in
            """
            UPDATE jobs SET state = 'done', ended_at = \(now), runner = NULL
            WHERE runner IS NOT NULL AND attempt = \(attempt) AND id IN \(list: ids) RETURNING id
            """
        }
    }

    /// Writes how attempts ended.
    /// - Returns: those whose lease was still held.
    static func settle(
        _ settlements: [Settlement], at now: Instant, in transaction: borrowing Transaction
    ) throws -> Set<JobID> {
        var finished: [Held] = []
        var releases: [Instant: [Held]] = [:]
        var others: [Later<JobID>] = []
        for settlement in settlements {
            let held = Held(id: settlement.id, attempt: settlement.attempt)
            switch settlement.outcome {
            case .finish: finished.append(held)
            case .release(let moment): releases[moment, default: []].append(held)
            case .postpone(let moment, let error):
                let change: SQL = "due_at = \(moment), last_error = \(error.description), failures = failures + 1"
                others.append(try transaction.later(fenced(change, held)) { try $0[0] })
            case .bury(let error):
                let change: SQL = """
                    state = 'dead', ended_at = \(now), last_error = \(error.description), failures = failures + 1
                    """
                others.append(try transaction.later(fenced(change, held)) { try $0[0] })
            }
        }
        var held = try finish(finished, at: now, in: transaction)
        for (moment, leases) in releases {
            held.formUnion(
                try forEachAttempt(leases, in: transaction) { attempt, ids in
                    """
                    UPDATE jobs SET due_at = \(moment), runner = NULL
                    WHERE runner IS NOT NULL AND attempt = \(attempt) AND id IN \(list: ids)
                    RETURNING id
                    """
                })
        }
        if !releases.isEmpty { transaction.wake(.jobs) }
        for later in others { held.formUnion(try later.rows()) }
        return held
    }

    /// Deletes jobs that ended before a moment.
    /// - Returns: how many.
    static func prune(endedBefore moment: Instant, limit: Int, in transaction: borrowing Transaction) throws -> Int {
        try transaction.changes(pruneStatement(endedBefore: moment, limit: limit, in: transaction))
    }

    static func pruneStatement(
        endedBefore moment: Instant, limit: Int, in transaction: borrowing Transaction
    ) -> SQL {
        let ended: SQL = """
            SELECT id FROM jobs WHERE state IN ('done', 'discarded') AND ended_at < \(moment)
            ORDER BY ended_at, id LIMIT \(limit)
            """
        return "DELETE FROM jobs WHERE \(isAmong(ended, in: transaction))"
    }

    /// With ANY, PostgreSQL's planner goes by the key however many rows it expects from the query.
    private static func isAmong(_ query: SQL, in transaction: borrowing Transaction) -> SQL {
        transaction.engine == .postgres ? "id = ANY(ARRAY(\(query)))" : "id IN (\(query))"
    }

    private static func fenced(_ change: SQL, _ held: Held) -> SQL {
        """
        UPDATE jobs SET runner = NULL, \(change)
        WHERE id = \(held.id) AND attempt = \(held.attempt) AND runner IS NOT NULL RETURNING id
        """
    }

    /// Runs one statement for each attempt number among the leases, all in one round trip. Most are first attempts.
    private static func forEachAttempt(
        _ leases: [Held], in transaction: borrowing Transaction, _ statement: (Int, ArraySlice<JobID>) -> SQL
    ) throws -> Set<JobID> {
        var pending: [Later<JobID>] = []
        // Sorted by attempt and id, so that two who lock the same rows lock them in one order.
        for (attempt, held) in Dictionary(grouping: leases, by: \.attempt).sorted(by: { $0.key < $1.key }) {
            var ids = held.map(\.id).sorted()[...]
            while !ids.isEmpty {
                pending.append(try transaction.later(statement(attempt, ids.prefix(256))) { try $0[0] })
                ids = ids.dropFirst(256)
            }
        }
        var held: Set<JobID> = []
        for later in pending { held.formUnion(try later.rows()) }
        return held
    }
}
