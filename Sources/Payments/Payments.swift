public import Persistence

/// What is owed for an order and how it is to be paid; the store's connections to providers and what these tell.
public enum Payments {
    public static let migrations: [Migration] = [
        Migration(
            500, "payments",
            [
                """
                CREATE TABLE payments (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    order_id UUID NOT NULL,
                    method TEXT NOT NULL,
                    status TEXT NOT NULL CHECK (status IN ('pending', 'paid', 'failed', 'voided')),
                    amount BIGINT NOT NULL CHECK (amount >= 0),
                    currency TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE INDEX payments_by_order ON payments (store_id, order_id, id)",
            ]),
        Migration(
            510, "payments at providers",
            [
                "ALTER TABLE payments ADD COLUMN connection_id UUID",
                "ALTER TABLE payments ADD COLUMN session TEXT",
                "ALTER TABLE payments ADD COLUMN intent TEXT",
                "ALTER TABLE payments ADD COLUMN redirect_url TEXT",
                "ALTER TABLE payments ADD COLUMN failure_code TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE payments ADD COLUMN expires_at BIGINT",
                "ALTER TABLE payments ADD COLUMN leased_until BIGINT",
            ]),
        Migration(520, "connections to payment providers", [connections, connectionsByID, connectionsByName]),
        Migration(530, "events of payment providers", [events, eventsByAge, eventsUnprocessed]),
    ]

    /// Seconds that a processed event is kept: longer than a provider sends one again.
    public static let eventRetentionSeconds: Double = 90 * 24 * 3600

    private static let connections: Migration.Statement = """
        CREATE TABLE provider_connections (
            store_id UUID NOT NULL,
            id UUID NOT NULL,
            provider TEXT NOT NULL,
            name TEXT NOT NULL,
            sealed BYTES NOT NULL,
            key_id TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (store_id, id)
        )
        """
    private static let connectionsByID: Migration.Statement =
        "CREATE UNIQUE INDEX provider_connections_id ON provider_connections (id)"
    private static let connectionsByName: Migration.Statement =
        "CREATE UNIQUE INDEX provider_connections_name ON provider_connections (store_id, provider, name)"

    private static let events: Migration.Statement = """
        CREATE TABLE provider_events (
            store_id UUID NOT NULL,
            connection_id UUID NOT NULL,
            event_id TEXT NOT NULL,
            provider TEXT NOT NULL,
            type TEXT NOT NULL,
            payload BYTES NOT NULL,
            received_at BIGINT NOT NULL,
            processed_at BIGINT,
            outcome TEXT NOT NULL,
            PRIMARY KEY (store_id, connection_id, event_id)
        )
        """
    private static let eventsByAge: Migration.Statement =
        "CREATE INDEX provider_events_by_age ON provider_events (store_id, connection_id, received_at)"
    private static let eventsUnprocessed: Migration.Statement =
        "CREATE INDEX provider_events_unprocessed ON provider_events (received_at) WHERE processed_at IS NULL"
}
