import Persistence
import Primitives

/// The SQL of `provider_connections`.
enum ConnectionTable {
    private static let columns: SQL = "id, store_id, provider, name, sealed, key_id"

    /// The row that is there keeps its id.
    static func insert(_ connection: ProviderConnection, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO provider_connections (store_id, id, provider, name, sealed, key_id, created_at, updated_at)
            VALUES (\(connection.store), \(connection.id), \(connection.provider), \(connection.name),
                \(connection.sealed.bytes), \(connection.sealed.keyID), \(tx.now), \(tx.now))
            ON CONFLICT DO NOTHING
            """)
    }

    static func update(_ connection: ProviderConnection, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE provider_connections SET sealed = \(connection.sealed.bytes), key_id = \(connection.sealed.keyID),
                updated_at = \(tx.now)
            WHERE store_id = \(connection.store) AND id = \(connection.id)
            """)
    }

    static func find(_ id: ConnectionID, in tx: borrowing Transaction) throws -> ProviderConnection? {
        try tx.first("SELECT \(columns) FROM provider_connections WHERE id = \(id)", read)
    }

    static func find(
        _ provider: String, name: String, store: StoreID, in tx: borrowing Transaction
    ) throws -> ProviderConnection? {
        try tx.first(
            """
            SELECT \(columns) FROM provider_connections
            WHERE store_id = \(store) AND provider = \(provider) AND name = \(name)
            """, read)
    }

    static func ofStore(_ store: StoreID, in tx: borrowing Transaction) throws -> [ProviderConnection] {
        try tx.query("SELECT \(columns) FROM provider_connections WHERE store_id = \(store) ORDER BY id", read)
    }

    static func all(in tx: borrowing Transaction) throws -> [ProviderConnection] {
        try tx.query("SELECT \(columns) FROM provider_connections ORDER BY store_id, id", read)
    }

    private static func read(_ row: Row) throws -> ProviderConnection {
        ProviderConnection(
            id: try row[0], store: try row[1], provider: try row[2], name: try row[3],
            sealed: Sealed(keyID: try row[5], bytes: try row[4]))
    }
}
