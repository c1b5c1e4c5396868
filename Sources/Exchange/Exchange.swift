public import Jobs
public import Persistence
import Primitives
public import Readiness

/// What comes in and goes out as files: the files of imports, how far they were read, and the reports about them. What
/// is in them is done by use cases.
public enum Exchange {
    public static let migrations: [Migration] = [
        Migration(
            800, "imports",
            [
                """
                CREATE TABLE imports (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    kind TEXT NOT NULL,
                    file_name TEXT NOT NULL,
                    dry_run BOOLEAN NOT NULL,
                    state TEXT NOT NULL,
                    bytes BIGINT NOT NULL,
                    header TEXT NOT NULL,
                    place_offset BIGINT NOT NULL,
                    place_line BIGINT NOT NULL,
                    row_count BIGINT NOT NULL,
                    created_count BIGINT NOT NULL,
                    updated_count BIGINT NOT NULL,
                    unchanged_count BIGINT NOT NULL,
                    refused_count BIGINT NOT NULL,
                    problem_count BIGINT NOT NULL,
                    failure TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    moved_at BIGINT NOT NULL,
                    finished_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE INDEX imports_by_movement ON imports (state, moved_at)",
                // A megabyte a row: on SQLite not in the order of the key, which would move them about.
                .on(
                    .sqlite,
                    """
                    CREATE TABLE import_parts (
                        store_id UUID NOT NULL, import_id UUID NOT NULL, number BIGINT NOT NULL,
                        size BIGINT NOT NULL, content BYTES NOT NULL,
                        PRIMARY KEY (store_id, import_id, number)
                    ) STRICT
                    """),
                .on(
                    .postgres,
                    """
                    CREATE TABLE import_parts (
                        store_id UUID NOT NULL, import_id UUID NOT NULL, number BIGINT NOT NULL,
                        size BIGINT NOT NULL, content BYTES NOT NULL,
                        PRIMARY KEY (store_id, import_id, number)
                    )
                    """),
                """
                CREATE TABLE import_problems (
                    store_id UUID NOT NULL,
                    import_id UUID NOT NULL,
                    number BIGINT NOT NULL,
                    line BIGINT NOT NULL,
                    column_name TEXT NOT NULL,
                    code TEXT NOT NULL,
                    detail TEXT NOT NULL,
                    severity TEXT NOT NULL,
                    PRIMARY KEY (store_id, import_id, number)
                )
                """,
            ])
    ]

    /// The longest part, in bytes.
    public static let longestPart = 1 << 20
    /// The most parts of a file.
    public static let mostParts = 4000
    /// Entries that a report keeps; those beyond are counted.
    public static let mostProblems = 10_000
    /// An import that did not come further for so long is stuck, in seconds.
    public static let stuckSeconds = 600.0
    /// How long an import is kept once it has ended or nothing more came for it, in days.
    static let keptDays = 30

    /// What is done for this domain's jobs.
    public static func jobHandlers(in database: any Database) -> [JobHandler] {
        [.inBatches(pruning, of: 8, in: database, "exchange.prune") { limit, tx in try prune(limit: limit, in: tx) }]
    }

    static let pruning = JobKind("exchange.prune", queue: .maintenance, timeoutSeconds: 600)

    /// What the clock causes.
    public static let cron: [CronEntry] = [
        CronEntry("exchange.prune", .daily(hour: 3, minute: 10)) { _ in NewJob(pruning) }
    ]

    /// What this domain knows of an installation's readiness.
    public static let checks: [CheckPart] = [
        CheckPart("JOB-02") { context in
            let since = context.clock.now().adding(seconds: -stuckSeconds)
            let stuck = try await context.database.read("readiness.imports") { tx in
                try ImportTable.running(unmovedSince: since, in: tx)
            }
            return Finding(
                stuck == 0 ? .pass : .fail,
                stuck == 0
                    ? "No import is stuck."
                    : "\(stuck) import(s) have not come further for \(Int(stuckSeconds / 60)) minutes: is a process"
                        + " running that works on jobs?",
                measured: [Measure("stuck_imports", stuck)], threshold: [Measure("stuck_imports", 0)])
        }
    ]
}
