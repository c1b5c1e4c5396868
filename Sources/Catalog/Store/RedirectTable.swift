import FoundationEssentials
import Persistence
import Primitives

/// The SQL of `handle_redirects`.
enum RedirectTable {
    /// From now on the handle leads to what had it.
    static func add(
        _ handle: String, to target: UUID, _ kind: RedirectKind, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO handle_redirects (store_id, kind, handle, target_id, created_at)
            VALUES (\(store), \(kind.rawValue), \(handle), \(target), \(tx.now))
            ON CONFLICT (store_id, kind, handle) DO UPDATE SET target_id = excluded.target_id,
                created_at = excluded.created_at
            """)
    }

    /// The handle is somebody's again and leads nowhere else.
    static func clear(
        _ handles: [String], _ kind: RedirectKind, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            DELETE FROM handle_redirects
            WHERE store_id = \(store) AND kind = \(kind.rawValue) AND handle IN \(list: handles)
            """)
    }

    /// Nothing leads to what is gone.
    static func clear(to target: UUID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM handle_redirects WHERE store_id = \(store) AND target_id = \(target)")
    }

    static func target(
        of handle: String, _ kind: RedirectKind, store: StoreID, in tx: borrowing Transaction
    ) throws -> UUID? {
        try tx.first(
            """
            SELECT target_id FROM handle_redirects
            WHERE store_id = \(store) AND kind = \(kind.rawValue) AND handle = \(handle)
            """
        ) { try $0[0] }
    }
}
