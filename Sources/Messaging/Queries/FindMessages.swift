public import Persistence
public import Primitives

/// Which messages to list, newest first.
public struct MessageFilter: Sendable {
    public var order: OrderID?
    public var status: MessageStatus?

    public init(order: OrderID? = nil, status: MessageStatus? = nil) {
        self.order = order
        self.status = status
    }
}

/// How the sending of messages stands in the whole installation.
public struct MailHealth: Hashable, Sendable {
    /// What became of the last message that is not pending; nil when there is none.
    public let last: MessageStatus?
    /// Why, unless it was sent.
    public let lastError: String
    /// Since when the oldest pending one waits; nil when none does.
    public let oldestPendingSince: Instant?
}

extension Messaging {
    /// A message; nil when the store has none of that id.
    public static func message(_ id: MessageID, of store: StoreID, in tx: borrowing Transaction) throws -> Message? {
        try MessageTable.find("id = \(id)", store: store, in: tx)
    }

    /// The message with a dedupe key.
    public static func message(
        dedupeKey: String, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Message? {
        try MessageTable.find(dedupeKey: dedupeKey, store: store, in: tx)
    }

    /// A page of messages, the newest first.
    /// - Parameter after: the last one of the page before.
    public static func messages(
        _ filter: MessageFilter, of store: StoreID, after: MessageID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [Message] {
        try MessageTable.page(filter, store: store, after: after, limit: limit, in: tx)
    }

    /// How the sending stands.
    public static func health(in tx: borrowing Transaction) throws -> MailHealth {
        try MessageTable.health(in: tx)
    }
}
