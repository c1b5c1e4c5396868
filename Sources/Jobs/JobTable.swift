public import Persistence
import Primitives

extension Jobs {
    /// The jobs' tables.
    ///
    /// `due_at` of an active job is when it may be claimed: the moment it was wished for, the end of its backoff, or
    /// while a runner has it the end of the lease. So one narrow index finds new, retried and orphaned jobs alike,
    /// and holds nothing that is finished.
    public static let migrations: [Migration] = [
        Migration(
            20, "jobs",
            [
                """
                CREATE TABLE jobs (
                id UUID NOT NULL PRIMARY KEY,
                kind TEXT NOT NULL,
                queue TEXT NOT NULL,
                store_id UUID,
                key TEXT,
                payload TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('active', 'done', 'dead', 'discarded')),
                due_at BIGINT NOT NULL,
                attempt BIGINT NOT NULL,
                failures BIGINT NOT NULL,
                max_attempts BIGINT NOT NULL,
                runner UUID,
                last_error TEXT,
                enqueued_at BIGINT NOT NULL,
                ended_at BIGINT NOT NULL,
                request_id TEXT,
                CHECK (runner IS NULL OR state = 'active') )
                """,
                "CREATE INDEX jobs_due ON jobs (queue, due_at, id) WHERE state = 'active'",
                "CREATE UNIQUE INDEX jobs_key ON jobs (kind, key) WHERE key IS NOT NULL",
                "CREATE INDEX jobs_dead ON jobs (ended_at, id) WHERE state = 'dead'",
                "CREATE INDEX jobs_ended ON jobs (ended_at, id) WHERE state IN ('done', 'discarded')",
                // Each job leaves two dead rows behind: vacuum before they pile up in front of the claims.
                .on(
                    .postgres,
                    """
                    ALTER TABLE jobs SET
                    (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000)
                    """),
                """
                CREATE TABLE cron_ticks (
                name TEXT NOT NULL PRIMARY KEY,
                tick BIGINT NOT NULL )
                """,
            ])
    ]
}

/// Rows of `jobs`.
enum JobTable {
    static func insertion(of jobs: ArraySlice<NewJob>, in transaction: borrowing Transaction) -> SQL {
        var rows: [[SQLValue]] = []
        rows.reserveCapacity(jobs.count)
        for job in jobs {
            let id: JobID = transaction.newIdentifier()
            rows.append([
                id.sqlValue, .text(job.kind.name), .text(job.kind.queue.description), job.store.sqlValue,
                job.key.sqlValue, .text(job.payload.description), .text("active"),
                (job.runAt ?? transaction.now).sqlValue, .integer(0), .integer(0),
                .integer(Int64(job.kind.maxAttempts)), transaction.now.sqlValue, .integer(0), job.requestID.sqlValue,
            ])
        }
        return """
            INSERT INTO jobs (id, kind, queue, store_id, key, payload, state, due_at, attempt, failures, \
            max_attempts, enqueued_at, ended_at, request_id) VALUES \(rows: rows) ON CONFLICT DO NOTHING
            """
    }
}
