public import Persistence
public import Primitives

/// Writes a message down before anybody tries to send it, once for each dedupe key of a store.
public struct RecordMessage: Sendable {
    private let store: StoreID
    private let draft: MessageDraft
    private let sender: EmailAddress?
    private let reason: String

    /// A message that is to be sent.
    public init(store: StoreID, _ draft: MessageDraft, from sender: EmailAddress) {
        self.store = store
        self.draft = draft
        self.sender = sender
        reason = ""
    }

    /// A message that nobody will send.
    public init(store: StoreID, _ draft: MessageDraft, notSentBecause reason: String) {
        self.store = store
        self.draft = draft
        sender = nil
        self.reason = reason
    }

    /// The message as it is now; when there is one with this key already, that one.
    public func run(in tx: borrowing Transaction) throws -> Message {
        let id: MessageID = tx.newIdentifier()
        let message = Message(
            id: id, store: store, order: draft.order, kind: draft.kind, dedupeKey: draft.dedupeKey,
            recipient: draft.recipient, subject: draft.subject.description, text: draft.text, html: draft.html,
            status: sender == nil ? .notSent : .pending, attempts: 0, error: reason,
            messageID: sender.map { MailMessageID(id, sender: $0).description } ?? "", createdAt: tx.now, sentAt: nil)
        if try MessageTable.insert(message, in: tx) { return message }
        guard let earlier = try MessageTable.find(dedupeKey: draft.dedupeKey, store: store, in: tx) else {
            // Only a message that was removed meanwhile could be missing, and none ever is.
            throw DatabaseError.conflict
        }
        return earlier
    }
}

/// Writes down what became of an attempt to send a pending message.
public struct SettleMessage: Sendable {
    /// How the attempt ended.
    public enum Outcome: Hashable, Sendable {
        case sent
        case failed(reason: String)
        /// Still pending: it will be tried again.
        case delayed(reason: String)
    }

    private let store: StoreID
    private let message: MessageID
    private let outcome: Outcome

    public init(store: StoreID, message: MessageID, outcome: Outcome) {
        self.store = store
        self.message = message
        self.outcome = outcome
    }

    /// - Returns: false when the message was not pending any more; then nothing has changed.
    public func run(in tx: borrowing Transaction) throws -> Bool {
        switch outcome {
        case .sent: try MessageTable.settle(message, store: store, as: .sent, error: "", in: tx)
        case .failed(let reason): try MessageTable.settle(message, store: store, as: .failed, error: reason, in: tx)
        case .delayed(let reason): try MessageTable.settle(message, store: store, as: .pending, error: reason, in: tx)
        }
    }
}
