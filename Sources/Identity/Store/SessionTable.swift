import Persistence
import Primitives

/// The SQL of `sessions`.
enum SessionTable {
    static func insert(_ session: Session, digest: [UInt8], in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO sessions (store_id, id, digest, account_id, created_at, last_seen_at, expires_at, revoked_at)
            VALUES (\(session.store), \(session.id), \(digest), \(session.account), \(session.createdAt),
                \(session.lastSeenAt), \(session.expiresAt), NULL)
            """)
    }

    static func find(digest: [UInt8], in tx: borrowing Transaction) throws -> Session? {
        try tx.first(
            """
            SELECT s.store_id, s.id, s.account_id, a.role, s.created_at, s.last_seen_at, s.expires_at
            FROM sessions s JOIN accounts a ON a.store_id = s.store_id AND a.id = s.account_id
            WHERE s.digest = \(digest) AND s.revoked_at IS NULL
            """
        ) { row in
            let role: String = try row[3]
            guard let role = AccountRole(rawValue: role) else {
                throw DatabaseError.decoding("an account has the unknown role \(role)")
            }
            return Session(
                store: try row[0], id: try row[1], account: try row[2], role: role, createdAt: try row[4],
                lastSeenAt: try row[5], expiresAt: try row[6])
        }
    }

    static func touch(_ id: SessionID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            "UPDATE sessions SET last_seen_at = \(tx.now) WHERE store_id = \(store) AND id = \(id)")
    }

    /// The account that was signed in; nil when the session had ended.
    static func revoke(_ id: SessionID, store: StoreID, in tx: borrowing Transaction) throws -> AccountID? {
        try tx.first(
            """
            UPDATE sessions SET revoked_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) AND revoked_at IS NULL RETURNING account_id
            """
        ) { try $0[0] as AccountID }
    }

    static func prune(before moment: Instant, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM sessions WHERE expires_at < \(moment)")
    }
}
