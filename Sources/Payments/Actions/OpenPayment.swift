public import Persistence
public import Primitives

/// Takes the right to open a payment's page: one process has it at a time, and loses it when its lease ends.
public struct ClaimPayment: Sendable {
    private let store: StoreID
    private let payment: PaymentID

    public init(store: StoreID, payment: PaymentID) {
        self.store = store
        self.payment = payment
    }

    /// The payment, claimed; nil when another process has it, its page is open, or it is over.
    public func run(in tx: borrowing Transaction) throws -> Payment? {
        var claimed = try PaymentTable.claim(
            payment, store: store, until: tx.now.adding(seconds: Payment.leaseSeconds), in: tx)
        claimed?.isClaimed = true
        return claimed
    }
}

/// Keeps what the provider opened for a payment.
public struct RecordSession: Sendable {
    private let store: StoreID
    private let payment: PaymentID
    private let connection: ConnectionID
    private let session: ProviderSession

    public init(store: StoreID, payment: PaymentID, connection: ConnectionID, session: ProviderSession) {
        self.store = store
        self.payment = payment
        self.connection = connection
        self.session = session
    }

    /// The payment as it is then, which may be over by now.
    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws -> Payment {
        let changed = try PaymentTable.recordSession(session, of: payment, connection: connection, store: store, in: tx)
        guard let changed else { throw Problem.notFound("payment") }
        return changed
    }
}
