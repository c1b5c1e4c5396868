public import Persistence
public import Primitives

/// Writes down how a new order is to be paid.
public struct RecordPayment: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let method: PaymentMethod
    private let amount: Money

    public init(store: StoreID, order: OrderID, method: PaymentMethod, amount: Money) {
        self.store = store
        self.order = order
        self.method = method
        self.amount = amount
    }

    public func run(in tx: borrowing Transaction) throws -> Payment {
        let payment = Payment(
            id: tx.newIdentifier(), order: order, method: method, status: method.initialStatus, amount: amount,
            redirectURL: nil)
        try PaymentTable.insert(payment, store: store, in: tx)
        return payment
    }
}
