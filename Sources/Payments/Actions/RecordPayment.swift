public import Persistence
public import Primitives

/// Writes down how an order is to be paid.
public struct RecordPayment: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let method: PaymentMethod
    private let amount: Money
    private let expiresAt: Instant?
    private let status: PaymentState

    /// - Parameters:
    ///   - status: where it stands already; nil for where payments by this method begin.
    ///   - expiresAt: when it is given up; nil when never.
    public init(
        store: StoreID, order: OrderID, method: PaymentMethod, amount: Money, status: PaymentState? = nil,
        expiresAt: Instant? = nil
    ) {
        self.status = status ?? method.initialStatus
        self.store = store
        self.order = order
        self.method = method
        self.amount = amount
        self.expiresAt = expiresAt
    }

    /// A payment that needs a provider belongs to whoever records it until the lease ends, so that opening its page
    /// needs no transaction before.
    public func run(in tx: borrowing Transaction) throws -> Payment {
        let isClaimed = method == .card
        let payment = Payment(
            id: tx.newIdentifier(), order: order, method: method, status: status, amount: amount,
            redirectURL: nil, connection: nil, session: nil, intent: nil, failureCode: "", expiresAt: expiresAt,
            createdAt: tx.now, isClaimed: isClaimed)
        try PaymentTable.insert(
            payment, leasedUntil: isClaimed ? tx.now.adding(seconds: Payment.leaseSeconds) : nil, store: store, in: tx)
        return payment
    }
}
