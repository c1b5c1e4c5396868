import Persistence
import Primitives

/// The SQL of `messages`.
enum MessageTable {
    private static let columns: SQL = """
        id, store_id, order_id, kind, dedupe_key, recipient, subject, text_part, html_part, status, attempts, error, \
        message_id, created_at, sent_at
        """

    /// False when the store has a message with this dedupe key.
    static func insert(_ message: Message, in tx: borrowing Transaction) throws -> Bool {
        try tx.changes(
            """
            INSERT INTO messages (store_id, id, order_id, kind, dedupe_key, recipient, subject, text_part, html_part,
                status, attempts, error, message_id, created_at, updated_at, sent_at)
            VALUES (\(message.store), \(message.id), \(message.order), \(message.kind), \(message.dedupeKey),
                \(message.recipient.description), \(message.subject), \(message.text), \(message.html),
                \(message.status.rawValue), \(message.attempts), \(message.error), \(message.messageID),
                \(message.createdAt), \(message.createdAt), \(message.sentAt))
            ON CONFLICT (store_id, dedupe_key) DO NOTHING
            """) > 0
    }

    static func find(dedupeKey: String, store: StoreID, in tx: borrowing Transaction) throws -> Message? {
        try find("dedupe_key = \(dedupeKey)", store: store, in: tx)
    }

    static func find(_ condition: SQL, store: StoreID, in tx: borrowing Transaction) throws -> Message? {
        try tx.first("SELECT \(columns) FROM messages WHERE store_id = \(store) AND \(condition)", read)
    }

    static func page(
        _ filter: MessageFilter, store: StoreID, after: MessageID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [Message] {
        var conditions: [SQL] = ["store_id = \(store)"]
        if let order = filter.order { conditions.append("order_id = \(order)") }
        if let status = filter.status { conditions.append("status = \(status.rawValue)") }
        if let after { conditions.append("id < \(after)") }
        return try tx.query(
            """
            SELECT \(columns) FROM messages WHERE \(.joined(conditions, by: " AND "))
            ORDER BY id DESC LIMIT \(limit)
            """, read)
    }

    /// Only what is pending can be settled, so that of two who tried one writes the outcome.
    static func settle(
        _ id: MessageID, store: StoreID, as status: MessageStatus, error: String, in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.changes(
            """
            UPDATE messages SET status = \(status.rawValue), attempts = attempts + 1, error = \(error),
                updated_at = \(tx.now), sent_at = \(status == .sent ? tx.now : nil)
            WHERE store_id = \(store) AND id = \(id) AND status = 'pending'
            """) > 0
    }

    static func health(in tx: borrowing Transaction) throws -> MailHealth {
        let last = try tx.later(
            "SELECT status, error FROM messages WHERE status <> 'pending' ORDER BY updated_at DESC LIMIT 1"
        ) { (try status($0[0]), try $0[1] as String) }
        let oldest = try tx.later(
            "SELECT created_at FROM messages WHERE status = 'pending' ORDER BY created_at LIMIT 1"
        ) { try $0[0] as Instant }
        let settled = try last.rows().first
        return MailHealth(
            last: settled?.0, lastError: settled?.1 ?? "", oldestPendingSince: try oldest.rows().first)
    }

    private static func read(_ row: Row) throws -> Message {
        let address: String = try row[5]
        guard let recipient = EmailAddress(address) else {
            throw DatabaseError.decoding("a message has a recipient that is no address")
        }
        return Message(
            id: try row[0], store: try row[1], order: try row[2], kind: try row[3], dedupeKey: try row[4],
            recipient: recipient, subject: try row[6], text: try row[7], html: try row[8], status: try status(row[9]),
            attempts: try row[10], error: try row[11], messageID: try row[12], createdAt: try row[13],
            sentAt: try row[14])
    }

    private static func status(_ text: String) throws -> MessageStatus {
        guard let status = MessageStatus(rawValue: text) else {
            throw DatabaseError.decoding("a message has the unknown status \(text)")
        }
        return status
    }
}
