public import Jobs
public import Persistence

/// Accounts of those who run a store, the one-time links by which they sign in, and their sessions.
///
/// Links and sessions are secrets of 160 random bits; the database knows their digests only.
public enum Identity {
    public static let migrations: [Migration] = [
        Migration(
            110, "accounts, sign-in links and sessions",
            [
                """
                CREATE TABLE accounts (
                    store_id UUID NOT NULL REFERENCES stores (id),
                    id UUID NOT NULL,
                    email TEXT NOT NULL,
                    name TEXT NOT NULL,
                    role TEXT NOT NULL CHECK (role IN ('owner')),
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE UNIQUE INDEX accounts_email ON accounts (store_id, email) WHERE email <> ''",
                "CREATE INDEX accounts_by_email ON accounts (email) WHERE email <> ''",
                """
                CREATE TABLE sign_in_links (
                    digest BYTES NOT NULL PRIMARY KEY,
                    store_id UUID NOT NULL,
                    account_id UUID NOT NULL,
                    created_at BIGINT NOT NULL,
                    expires_at BIGINT NOT NULL,
                    used_at BIGINT,
                    FOREIGN KEY (store_id, account_id) REFERENCES accounts (store_id, id)
                )
                """,
                "CREATE INDEX sign_in_links_by_expiry ON sign_in_links (expires_at)",
                "CREATE INDEX sign_in_links_by_account ON sign_in_links (store_id, account_id, expires_at)",
                """
                CREATE TABLE sessions (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    digest BYTES NOT NULL UNIQUE,
                    account_id UUID NOT NULL,
                    created_at BIGINT NOT NULL,
                    last_seen_at BIGINT NOT NULL,
                    expires_at BIGINT NOT NULL,
                    revoked_at BIGINT,
                    PRIMARY KEY (store_id, id),
                    FOREIGN KEY (store_id, account_id) REFERENCES accounts (store_id, id)
                )
                """,
                "CREATE INDEX sessions_by_expiry ON sessions (expires_at)",
            ])
    ]

    /// Removes links and sessions that nobody can use any more.
    public static let pruning = JobKind("identity.prune", queue: .maintenance)

    /// What is done for this domain's jobs.
    public static let jobHandlers: [JobHandler] = [.transactional(pruning) { _, tx in try prune(in: tx) }]

    /// What this domain does by the clock.
    public static let cron: [CronEntry] = [
        CronEntry("identity.prune", .every(seconds: 3600)) { _ in NewJob(pruning) }
    ]

    /// Seconds that a sign-in link can be used.
    public static let linkLifetimeSeconds: Double = 15 * 60
    /// Links of an account that can be used at one time; by e-mail no more are made.
    public static let mostLinks = 5
    /// Seconds that a session lasts at most.
    public static let sessionLifetimeSeconds: Double = 30 * 24 * 3600
    /// Seconds without a request after which a session ends.
    public static let sessionIdleSeconds: Double = 7 * 24 * 3600
    /// Seconds after which it is written down anew that a session is in use.
    public static let sessionNoteSeconds: Double = 3600
}
