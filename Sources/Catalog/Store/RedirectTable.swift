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

    static func page(
        after: RedirectPlace?, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [HandleRedirect] {
        let rest: SQL = after.map { "AND (r.kind, r.handle) > (\($0.kind.rawValue), \($0.handle))" } ?? ""
        return try tx.query(
            """
            SELECT r.kind, r.handle, COALESCE(p.handle, c.handle, k.handle), r.created_at FROM handle_redirects r
            LEFT JOIN products p ON r.kind = 'product' AND p.store_id = r.store_id AND p.id = r.target_id
            LEFT JOIN categories c ON r.kind = 'category' AND c.store_id = r.store_id AND c.id = r.target_id
            LEFT JOIN collections k ON r.kind = 'collection' AND k.store_id = r.store_id AND k.id = r.target_id
            WHERE r.store_id = \(store) \(rest) ORDER BY r.kind, r.handle LIMIT \(limit)
            """
        ) { row in
            let kind: String = try row[0]
            guard let kind = RedirectKind(rawValue: kind) else {
                throw DatabaseError.decoding("a redirect has the unknown kind \(kind)")
            }
            return HandleRedirect(kind: kind, handle: try row[1], target: try row[2], createdAt: try row[3])
        }
    }

    /// What it led to; nil when there was none.
    static func remove(
        _ handle: String, _ kind: RedirectKind, store: StoreID, in tx: borrowing Transaction
    ) throws -> UUID? {
        try tx.first(
            """
            DELETE FROM handle_redirects WHERE store_id = \(store) AND kind = \(kind.rawValue)
                AND handle = \(handle) RETURNING target_id
            """
        ) { try $0[0] }
    }
}
