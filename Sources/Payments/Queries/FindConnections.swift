public import Persistence
public import Primitives

extension Payments {
    /// A connection by its id, which a webhook's address names: it tells the store.
    public static func connection(_ id: ConnectionID, in tx: borrowing Transaction) throws -> ProviderConnection? {
        try ConnectionTable.find(id, in: tx)
    }

    /// The connections of a store, oldest first.
    public static func connections(
        of store: StoreID, in tx: borrowing Transaction
    ) throws -> [ProviderConnection] {
        try ConnectionTable.ofStore(store, in: tx)
    }

    /// An event, locked until the transaction ends.
    public static func event(
        _ id: String, connection: ConnectionID, store: StoreID, in tx: borrowing Transaction
    ) throws -> ProviderEvent? {
        try ProviderEventTable.find(id, connection: connection, store: store, in: tx)
    }

    /// The newest events that arrived over a store's connections, the newest first.
    public static func receivedEvents(
        of store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [ReceivedEvent] {
        let received = try ConnectionTable.ofStore(store, in: tx).map { connection in
            try ProviderEventTable.newest(limit, of: connection.id, store: store, in: tx)
        }
        return Array(received.joined().sorted { $0.receivedAt > $1.receivedAt }.prefix(limit))
    }

    /// What arrived over each connection of the installation.
    public static func traffic(in tx: borrowing Transaction) throws -> [WebhookTraffic] {
        try ConnectionTable.all(in: tx).map { connection in
            WebhookTraffic(
                connection: connection,
                newestAt: try ProviderEventTable.newest(of: connection.id, store: connection.store, in: tx))
        }
    }

    /// Events that nothing was done about yet, and when the oldest of them arrived.
    public static func unprocessedEvents(
        in tx: borrowing Transaction
    ) throws -> (count: Int, oldestAt: Instant?) {
        let (count, oldest) = try ProviderEventTable.unprocessed(in: tx)
        return (count, oldest)
    }
}
