import Persistence
import Primitives

/// The SQL of `stores`, `api_keys` and `installation_secrets`.
enum StoreTable {
    static func insert(_ store: Store, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO stores (id, name, currency, country, created_at)
            VALUES (\(store.id), \(store.name), \(store.currency), \(store.country), \(store.createdAt))
            """)
    }

    static func find(_ id: StoreID, in tx: borrowing Transaction) throws -> Store? {
        try tx.first("SELECT id, name, currency, country, created_at FROM stores WHERE id = \(id)", read)
    }

    static func all(in tx: borrowing Transaction) throws -> [Store] {
        try tx.query("SELECT id, name, currency, country, created_at FROM stores ORDER BY id", read)
    }

    private static func read(_ row: Row) throws -> Store {
        Store(
            id: try row[0], name: try row[1], currency: try row[2], country: try row[3], createdAt: try row[4])
    }
}

enum APIKeyTable {
    static func insert(_ key: APIKey, digest: [UInt8], in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO api_keys (id, store_id, name, kind, digest, scopes, origins, created_at, revoked_at)
            VALUES (\(key.id), \(key.store), \(key.name), \(key.kind.rawValue), \(digest),
                \(key.scopes.sorted().joined(separator: " ")), \(key.origins.joined(separator: "\n")),
                \(key.createdAt), \(key.revokedAt))
            """)
    }

    static func find(digest: [UInt8], in tx: borrowing Transaction) throws -> APIKey? {
        try tx.first(
            """
            SELECT id, store_id, name, kind, scopes, origins, created_at, revoked_at
            FROM api_keys WHERE digest = \(digest)
            """, read)
    }

    static func all(of store: StoreID, in tx: borrowing Transaction) throws -> [APIKey] {
        try tx.query(
            """
            SELECT id, store_id, name, kind, scopes, origins, created_at, revoked_at
            FROM api_keys WHERE store_id = \(store) ORDER BY id
            """, read)
    }

    static func activeOrigins(in tx: borrowing Transaction) throws -> [String] {
        try tx.query(
            "SELECT origins FROM api_keys WHERE kind = 'publishable' AND revoked_at IS NULL"
        ) { try $0[0] as String }
    }

    static func revoke(_ id: APIKeyID, in tx: borrowing Transaction) throws -> Bool {
        try tx.changes(
            "UPDATE api_keys SET revoked_at = \(tx.now) WHERE id = \(id) AND revoked_at IS NULL") == 1
    }

    private static func read(_ row: Row) throws -> APIKey {
        let kind: String = try row[3]
        let scopes: String = try row[4]
        let origins: String = try row[5]
        return APIKey(
            id: try row[0], store: try row[1], name: try row[2], kind: kind == "secret" ? .secret : .publishable,
            scopes: Set(scopes.split(separator: " ").map(String.init)),
            origins: origins.split(separator: "\n").map(String.init), createdAt: try row[6], revokedAt: try row[7])
    }
}

enum InstallationSecretTable {
    static func findOrInsert(_ name: String, proposal: [UInt8], in tx: borrowing Transaction) throws -> [UInt8] {
        try tx.execute(
            """
            INSERT INTO installation_secrets (name, value) VALUES (\(name), \(proposal)) ON CONFLICT DO NOTHING
            """)
        guard let value = try find(name, in: tx) else {
            throw DatabaseError.decoding("the installation secret \(name) vanished")
        }
        return value
    }

    static func find(_ name: String, in tx: borrowing Transaction) throws -> [UInt8]? {
        try tx.first("SELECT value FROM installation_secrets WHERE name = \(name)") { try $0[0] as [UInt8] }
    }
}
