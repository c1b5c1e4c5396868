public import Primitives

/// What became of a message.
public enum MessageStatus: String, Sendable, CaseIterable {
    /// Not handed over yet; `error` says why not when that was tried.
    case pending
    /// A mail server has taken it.
    case sent
    /// A mail server will not take it.
    case failed
    /// Nobody tried: `error` says why.
    case notSent = "not_sent"

    public static let transitions = TransitionTable<MessageStatus>(
        initial: [.pending, .notSent],
        targets: [.pending: [.sent, .failed], .sent: [], .failed: [], .notSent: []])
}

/// Something that was, or is to be, told to a customer.
public struct Message: Hashable, Sendable {
    public let id: MessageID
    public let store: StoreID
    public let order: OrderID?
    /// Lower-case words, such as `order_received`.
    public let kind: String
    /// Of all messages of a store, one has it.
    public let dedupeKey: String
    public let recipient: EmailAddress
    public let subject: String
    public let text: String
    public let html: String
    public let status: MessageStatus
    /// How often it was tried.
    public let attempts: Int
    /// Why it has not been sent; empty when there is nothing to say.
    public let error: String
    /// The mail's Message-ID with its angle brackets; empty when there was no server.
    public let messageID: String
    public let createdAt: Instant
    public let sentAt: Instant?

    init(
        id: MessageID, store: StoreID, order: OrderID?, kind: String, dedupeKey: String, recipient: EmailAddress,
        subject: String, text: String, html: String, status: MessageStatus, attempts: Int, error: String,
        messageID: String, createdAt: Instant, sentAt: Instant?
    ) {
        self.id = id
        self.store = store
        self.order = order
        self.kind = kind
        self.dedupeKey = dedupeKey
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.html = html
        self.status = status
        self.attempts = attempts
        self.error = error
        self.messageID = messageID
        self.createdAt = createdAt
        self.sentAt = sentAt
    }
}

/// A message before it is written down.
public struct MessageDraft: Hashable, Sendable {
    public let kind: String
    public let dedupeKey: String
    public let order: OrderID?
    public let recipient: EmailAddress
    public let subject: HeaderText
    public let text: String
    public let html: String

    /// - Parameter dedupeKey: such as `order_received:ord_…`.
    public init(
        kind: String, dedupeKey: String, order: OrderID?, recipient: EmailAddress, subject: HeaderText, text: String,
        html: String
    ) {
        self.kind = kind
        self.dedupeKey = dedupeKey
        self.order = order
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.html = html
    }
}
