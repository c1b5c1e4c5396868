import Persistence
import Primitives

/// The SQL of `sign_in_links`.
enum SignInLinkTable {
    static func insert(
        digest: [UInt8], store: StoreID, account: AccountID, expiresAt: Instant, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO sign_in_links (digest, store_id, account_id, created_at, expires_at, used_at)
            VALUES (\(digest), \(store), \(account), \(tx.now), \(expiresAt), NULL)
            """)
    }

    /// Whose link it was; nil unless this use is the first and comes in time.
    static func use(
        digest: [UInt8], in tx: borrowing Transaction
    ) throws -> (store: StoreID, account: AccountID)? {
        try tx.first(
            """
            UPDATE sign_in_links SET used_at = \(tx.now)
            WHERE digest = \(digest) AND used_at IS NULL AND expires_at > \(tx.now)
            RETURNING store_id, account_id
            """
        ) { (store: try $0[0], account: try $0[1]) }
    }

    static func withdraw(digest: [UInt8], in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM sign_in_links WHERE digest = \(digest) AND used_at IS NULL")
    }

    /// Makes every other link of an account as good as used.
    static func spendAll(of account: AccountID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE sign_in_links SET used_at = \(tx.now)
            WHERE store_id = \(store) AND account_id = \(account) AND used_at IS NULL
            """)
    }

    static func isUsable(digest: [UInt8], in tx: borrowing Transaction) throws -> Bool {
        try tx.first(
            """
            SELECT 1 FROM sign_in_links
            WHERE digest = \(digest) AND used_at IS NULL AND expires_at > \(tx.now)
            """
        ) { try $0[0] as Int } != nil
    }

    static func countUsable(of account: AccountID, store: StoreID, in tx: borrowing Transaction) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) FROM sign_in_links WHERE store_id = \(store) AND account_id = \(account)
                AND used_at IS NULL AND expires_at > \(tx.now)
            """
        ) { try $0[0] as Int } ?? 0
    }

    static func prune(before moment: Instant, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM sign_in_links WHERE expires_at < \(moment)")
    }
}
