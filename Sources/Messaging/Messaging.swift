public import Persistence

/// Messages to customers: what was sent to whom, and what became of it.
public enum Messaging {
    public static let migrations: [Migration] = [
        Migration(
            750, "messages",
            [
                """
                CREATE TABLE messages (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    order_id UUID,
                    kind TEXT NOT NULL,
                    dedupe_key TEXT NOT NULL,
                    recipient TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    text_part TEXT NOT NULL,
                    html_part TEXT NOT NULL,
                    status TEXT NOT NULL CHECK (status IN ('pending', 'sent', 'failed', 'not_sent')),
                    attempts BIGINT NOT NULL CHECK (attempts >= 0),
                    error TEXT NOT NULL,
                    message_id TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    sent_at BIGINT,
                    PRIMARY KEY (store_id, id),
                    CONSTRAINT messages_sent_at CHECK ((status = 'sent') = (sent_at IS NOT NULL))
                )
                """,
                "CREATE UNIQUE INDEX messages_by_dedupe_key ON messages (store_id, dedupe_key)",
                "CREATE INDEX messages_by_order ON messages (store_id, order_id, id) WHERE order_id IS NOT NULL",
                "CREATE INDEX messages_pending ON messages (created_at) WHERE status = 'pending'",
                "CREATE INDEX messages_settled ON messages (updated_at) WHERE status <> 'pending'",
            ])
    ]

    /// Seconds after which a message that still waits is a sign of trouble.
    public static let longestWaitSeconds = 900.0
}
