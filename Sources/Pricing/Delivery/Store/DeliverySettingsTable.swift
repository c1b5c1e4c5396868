import Persistence
import Primitives

/// The SQL of `delivery_settings`.
enum DeliverySettingsTable {
    /// The row's document comes only when its version is another than the known one.
    static func find(
        store: StoreID, known: Int, in tx: borrowing Transaction
    ) throws -> Later<(version: Int, document: String)> {
        try tx.later(
            """
            SELECT version, CASE WHEN version = \(known) THEN '' ELSE document END
            FROM delivery_settings WHERE store_id = \(store)
            """
        ) { (version: try $0[0], document: try $0[1]) }
    }

    /// Nil when the stored version is another than the expected one; 0 is expected where there is none.
    static func save(
        _ document: String, expecting version: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Int? {
        if version == 0 {
            return try tx.first(
                """
                INSERT INTO delivery_settings (store_id, version, document, updated_at)
                VALUES (\(store), 1, \(document), \(tx.now)) ON CONFLICT (store_id) DO NOTHING RETURNING version
                """
            ) { try $0[0] }
        }
        return try tx.first(
            """
            UPDATE delivery_settings SET version = version + 1, document = \(document), updated_at = \(tx.now)
            WHERE store_id = \(store) AND version = \(version) RETURNING version
            """
        ) { try $0[0] }
    }
}
