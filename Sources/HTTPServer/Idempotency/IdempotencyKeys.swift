import FoundationEssentials
public import Persistence
public import Primitives

/// Keys under which a change is made once however often it is asked for.
///
/// Draft: Brandur Leach, "Implementing Stripe-like Idempotency Keys in Postgres"; IETF draft
/// idempotency-key-header-07. The key is written in the transaction that makes the change, so a twin waits for its end
/// and then replays; only success is kept.
public enum IdempotencyKeys {
    /// How long an answer is kept.
    public static let keptSeconds: Double = 72 * 3600

    /// The table of keys.
    public static let migrations: [Migration] = [
        Migration(
            30, "idempotency keys",
            [
                """
                CREATE TABLE idempotency_keys (
                    store_id UUID NOT NULL, owner UUID NOT NULL, key TEXT NOT NULL, fingerprint BYTES NOT NULL,
                    status BIGINT , body BYTES , resource UUID , created_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, owner, key)
                )
                """,
                "CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)",
            ]),
        Migration(
            31, "idempotency keys in the order of their making",
            [
                // An answer is just so long that PostgreSQL would compress it; for three days that is not worth it.
                .on(.postgres, "ALTER TABLE idempotency_keys SET (toast_tuple_target = 8160)"),
                .on(.sqlite, "DROP INDEX idempotency_keys_created_at"),
                .on(.sqlite, "ALTER TABLE idempotency_keys RENAME TO idempotency_keys_by_key"),
                // Callers' keys are random and an answer fills half a page.
                .on(
                    .sqlite,
                    """
                    CREATE TABLE idempotency_keys (
                        store_id UUID NOT NULL, owner UUID NOT NULL, key TEXT NOT NULL, fingerprint BYTES NOT NULL,
                        status BIGINT , body BYTES , resource UUID , created_at BIGINT NOT NULL,
                        PRIMARY KEY (store_id, owner, key)
                    ) STRICT
                    """),
                .on(.sqlite, "INSERT INTO idempotency_keys SELECT * FROM idempotency_keys_by_key ORDER BY created_at"),
                .on(.sqlite, "DROP TABLE idempotency_keys_by_key"),
                .on(.sqlite, "CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)"),
            ]),
    ]

    /// Claims the key. The statement travels with the next one that is waited for; read `earlierAnswer()` after that.
    public static func claim(
        _ request: IdempotentRequest, store: StoreID, in tx: borrowing Transaction
    ) throws -> IdempotencyClaim {
        let inserted = try tx.later(
            """
            INSERT INTO idempotency_keys (store_id, owner, key, fingerprint, created_at)
            VALUES (\(store), \(request.owner), \(request.key), \(request.fingerprint), \(tx.now))
            ON CONFLICT DO NOTHING RETURNING 1
            """
        ) { row in try row[0] as Int }
        return IdempotencyClaim(request: request, store: store, inserted: inserted)
    }

    /// Makes a change once under its key; every time where the caller sent none.
    /// - Parameter make: makes the change and says what is answered.
    /// - Returns: the answer, now made or kept from before.
    /// - Throws: what `make` and `IdempotencyClaim.earlierAnswer` throw.
    public static func once(
        _ request: IdempotentRequest?, store: StoreID, in tx: borrowing Transaction,
        make: (borrowing Transaction) throws -> StoredAnswer
    ) throws -> StoredAnswer {
        guard let request else { return try make(tx) }
        let claim = try claim(request, store: store, in: tx)
        if let earlier = try claim.earlierAnswer(in: tx) { return earlier }
        return try claim.keep(make(tx), in: tx)
    }

    /// Keeps the answer of a change that took several transactions, in the last of them.
    /// - Returns: the answer.
    public static func keep(
        _ answer: StoredAnswer, under request: IdempotentRequest, store: StoreID, in tx: borrowing Transaction
    ) throws -> StoredAnswer {
        try tx.execute(
            """
            UPDATE idempotency_keys SET status = \(answer.status), body = \(answer.keptBody),
                resource = \(answer.resource)
            WHERE store_id = \(store) AND owner = \(request.owner) AND key = \(request.key)
            """)
        return answer
    }

    /// Frees a key whose request was refused: nothing but success is kept.
    public static func release(
        _ request: IdempotentRequest, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            DELETE FROM idempotency_keys WHERE store_id = \(store) AND owner = \(request.owner)
                AND key = \(request.key) AND fingerprint = \(request.fingerprint) AND status IS NULL
            """)
    }

    /// Deletes keys made before a moment.
    /// - Returns: how many were deleted; `limit` when there may be more.
    public static func prune(before moment: Instant, limit: Int, in tx: borrowing Transaction) throws -> Int {
        try tx.changes(
            """
            DELETE FROM idempotency_keys WHERE (store_id, owner, key) IN (
                SELECT store_id, owner, key FROM idempotency_keys
                WHERE created_at < \(moment) ORDER BY created_at LIMIT \(limit)
            )
            """)
    }
}

/// A claim to a key within a transaction.
public struct IdempotencyClaim {
    fileprivate struct Kept {
        let fingerprint: [UInt8]
        let status: Int?
        let body: [UInt8]?
        let resource: UUID?
    }

    private let request: IdempotentRequest
    private let store: StoreID
    private let inserted: Later<Int>

    fileprivate init(request: IdempotentRequest, store: StoreID, inserted: Later<Int>) {
        self.request = request
        self.store = store
        self.inserted = inserted
    }

    /// What was answered under the key before; nil when the change has to be made now.
    /// - Throws: `idempotency_key.reused` when something else was asked under the key, `idempotency_key.in_progress`
    ///   when another request holds it.
    public func earlierAnswer(in tx: borrowing Transaction) throws -> StoredAnswer? {
        switch try standing(in: tx) {
        case .fresh: return nil
        case .answered(let answer): return answer
        case .unanswered: throw Self.inProgress
        }
    }

    /// How far the change under the key has come, for changes that take several transactions: who finds it unanswered
    /// goes on where it stopped, under a lease that belongs to what is changed.
    /// - Throws: `idempotency_key.reused`.
    public func standing(in tx: borrowing Transaction) throws -> IdempotencyStanding {
        guard try inserted.rows().isEmpty else { return .fresh }
        let kept = try tx.first(
            """
            SELECT fingerprint, status, body, resource FROM idempotency_keys
            WHERE store_id = \(store) AND owner = \(request.owner) AND key = \(request.key)
            """
        ) { row in Kept(fingerprint: try row[0], status: try row[1], body: try row[2], resource: try row[3]) }
        guard let kept else {
            // Pruned between the two statements: the key is free again for the next attempt.
            throw Self.inProgress
        }
        guard kept.fingerprint == request.fingerprint else {
            throw Problem(
                .invalid, "idempotency_key.reused", "This Idempotency-Key was used for another request.",
                errors: [
                    Problem.FieldError(
                        pointer: "Idempotency-Key", code: "reused", detail: "Another request was sent with this key.")
                ])
        }
        guard let status = kept.status, let body = kept.body else { return .unanswered }
        return .answered(StoredAnswer(replaying: body, status: status, resource: kept.resource))
    }

    /// Keeps the answer with the key; the statement travels with the commit.
    /// - Returns: the answer.
    public func keep(_ answer: StoredAnswer, in tx: borrowing Transaction) throws -> StoredAnswer {
        try IdempotencyKeys.keep(answer, under: request, store: store, in: tx)
    }

    /// Another request holds the key.
    public static let inProgress = Problem(
        .conflict, "idempotency_key.in_progress", "A request with this Idempotency-Key is under way.",
        retryAfterSeconds: 1)
}

/// How far the change under a key has come.
public enum IdempotencyStanding: Hashable, Sendable {
    /// Nobody asked before: it has to be made now.
    case fresh
    /// It was asked for and not answered: it is under way, or was interrupted.
    case unanswered
    case answered(StoredAnswer)
}
