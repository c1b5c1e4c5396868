import Persistence
import Primitives

/// The SQL of `tax_settings`.
enum TaxSettingsTable {
    // Orders read the settings, and a document of all members of the Union takes longer to parse than they take.
    private static let parsed = ParsedDocuments<TaxSettings>(capacity: 1000)

    static func find(_ store: StoreID, in tx: borrowing Transaction) throws -> Later<StoredTaxSettings> {
        try tx.later("SELECT version, document, updated_at FROM tax_settings WHERE store_id = \(store)") { row in
            let text: String = try row[1]
            let settings = try parsed.value(of: text, store: store) { text in
                guard let settings = TaxSettings(json: try JSON(parsing: text)) else {
                    throw DatabaseError.decoding("tax settings cannot be read")
                }
                return settings
            }
            return StoredTaxSettings(settings: settings, version: try row[0], updatedAt: try row[2])
        }
    }

    /// Whether the settings were of that version and are now the next; version 0 says that there were none.
    static func replace(
        _ settings: TaxSettings, version: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Bool {
        let document = settings.json.description
        if version == 0 {
            return try tx.changes(
                """
                INSERT INTO tax_settings (store_id, version, document, updated_at)
                VALUES (\(store), 1, \(document), \(tx.now)) ON CONFLICT (store_id) DO NOTHING
                """) == 1
        }
        return try tx.changes(
            """
            UPDATE tax_settings SET version = version + 1, document = \(document), updated_at = \(tx.now)
            WHERE store_id = \(store) AND version = \(version)
            """) == 1
    }

    /// The stores that have settings.
    static func stores(in tx: borrowing Transaction) throws -> [StoreID] {
        try tx.query("SELECT store_id FROM tax_settings ORDER BY store_id") { try $0[0] }
    }
}
