public import Persistence
public import Primitives

/// Marks a payment as paid, once: of all that try, one gets the row. A payment that was given up may still be paid.
public struct SettlePayment: Sendable {
    private let store: StoreID
    private let payment: PaymentID
    private let session: String?
    private let intent: String?

    public init(store: StoreID, payment: PaymentID, session: String?, intent: String?) {
        self.store = store
        self.payment = payment
        self.session = session
        self.intent = intent
    }

    /// The payment; nil when it was paid before.
    public func run(in tx: borrowing Transaction) throws -> Payment? {
        try PaymentTable.move(payment, to: .paid, code: "", session: session, intent: intent, store: store, in: tx)
    }
}

/// Marks a pending payment as failed.
public struct FailPayment: Sendable {
    private let store: StoreID
    private let payment: PaymentID
    private let code: String

    /// - Parameter code: stable, lower-case words.
    public init(store: StoreID, payment: PaymentID, code: String) {
        self.store = store
        self.payment = payment
        self.code = code
    }

    /// The payment; nil when it was not pending any more.
    public func run(in tx: borrowing Transaction) throws -> Payment? {
        try PaymentTable.move(payment, to: .failed, code: code, session: nil, intent: nil, store: store, in: tx)
    }
}

/// Notes why the buyer's last try was declined, while the payment page is still open to them.
public struct NoteDecline: Sendable {
    private let store: StoreID
    private let payment: PaymentID
    private let code: String

    /// - Parameter code: the provider's.
    public init(store: StoreID, payment: PaymentID, code: String) {
        self.store = store
        self.payment = payment
        self.code = code
    }

    /// False when the payment was not pending any more.
    public func run(in tx: borrowing Transaction) throws -> Bool {
        try PaymentTable.note(code, on: payment, store: store, in: tx)
    }
}
