import Persistence
import Primitives

/// The SQL of `provider_events`.
enum ProviderEventTable {
    /// Whether it is new.
    static func insert(
        _ head: ProviderEventHead, payload: [UInt8], connection: ProviderConnection, in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.changes(
            """
            INSERT INTO provider_events (store_id, connection_id, event_id, provider, type, payload, received_at,
                outcome)
            VALUES (\(connection.store), \(connection.id), \(head.id), \(connection.provider), \(head.type),
                \(payload), \(tx.now), '')
            ON CONFLICT DO NOTHING
            """) == 1
    }

    static func find(
        _ event: String, connection: ConnectionID, store: StoreID, in tx: borrowing Transaction
    ) throws -> ProviderEvent? {
        try tx.first(
            """
            SELECT event_id, provider, type, payload, received_at, processed_at, outcome FROM provider_events
            WHERE store_id = \(store) AND connection_id = \(connection) AND event_id = \(event)\(tx.forUpdate)
            """
        ) { row in
            ProviderEvent(
                id: try row[0], provider: try row[1], type: try row[2], payload: try row[3], receivedAt: try row[4],
                processedAt: try row[5], outcome: try row[6])
        }
    }

    static func settle(
        _ event: String, outcome: String, connection: ConnectionID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE provider_events SET processed_at = \(tx.now), outcome = \(outcome)
            WHERE store_id = \(store) AND connection_id = \(connection) AND event_id = \(event)
                AND processed_at IS NULL
            """)
    }

    static func newest(
        of connection: ConnectionID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Instant? {
        try tx.first(
            """
            SELECT received_at FROM provider_events WHERE store_id = \(store) AND connection_id = \(connection)
            ORDER BY received_at DESC LIMIT 1
            """
        ) { try $0[0] }
    }

    static func newest(
        _ limit: Int, of connection: ConnectionID, store: StoreID, in tx: borrowing Transaction
    ) throws -> [ReceivedEvent] {
        try tx.query(
            """
            SELECT event_id, provider, type, received_at, processed_at, outcome FROM provider_events
            WHERE store_id = \(store) AND connection_id = \(connection) ORDER BY received_at DESC LIMIT \(limit)
            """
        ) { row in
            ReceivedEvent(
                id: try row[0], provider: try row[1], type: try row[2], receivedAt: try row[3],
                processedAt: try row[4], outcome: try row[5])
        }
    }

    static func unprocessed(in tx: borrowing Transaction) throws -> (count: Int, oldest: Instant?) {
        try tx.first(
            "SELECT COUNT(*), MIN(received_at) FROM provider_events WHERE processed_at IS NULL"
        ) { (count: try $0[0], oldest: try $0[1]) } ?? (0, nil)
    }

    static func prune(before moment: Instant, limit: Int, in tx: borrowing Transaction) throws -> Int {
        try tx.changes(
            """
            DELETE FROM provider_events WHERE (store_id, connection_id, event_id) IN (
                SELECT store_id, connection_id, event_id FROM provider_events
                WHERE received_at < \(moment) AND processed_at IS NOT NULL LIMIT \(limit)
            )
            """)
    }
}
