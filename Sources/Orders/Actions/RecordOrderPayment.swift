import EventLog
public import Persistence
public import Primitives

/// Writes down what happened to an order's payment: an event of the order, and its payment status where that changes.
/// What the status is follows from the ledger, which is another domain's.
public struct RecordOrderPayment: Sendable {
    /// What happened.
    public enum Step: String, Sendable, CaseIterable {
        /// The buyer was given a page to pay on.
        case started = "payment.started"
        case failed = "payment.failed"
        case expired = "payment.expired"
        case paid = "order.paid"
    }

    private let change: OrderChange
    private let step: Step
    private let payment: PaymentID
    private let code: String?
    private let amount: Money?
    private let status: PaymentStatus?

    /// - Parameters:
    ///   - code: why it failed.
    ///   - amount: what was paid.
    ///   - status: what the order's payment status is from now on; nil when it stays.
    public init(
        _ step: Step, store: StoreID, order: OrderID, payment: PaymentID, code: String? = nil, amount: Money? = nil,
        status: PaymentStatus? = nil, actor: Actor, requestID: String?
    ) {
        change = OrderChange(store: store, order: order, actor: actor, requestID: requestID)
        self.step = step
        self.payment = payment
        self.code = code
        self.amount = amount
        self.status = status
    }

    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws -> Order {
        try change.run(EventType(rawValue: step.rawValue), in: tx) { order in
            if let status { order.paymentStatus = status }
            let isDelivered = order.lines.allSatisfy { $0.openQuantity == 0 }
            if isDelivered, order.paymentStatus == .paid, order.status == .open { order.status = .completed }
            var data: JSONObject = ["order_id": JSON(order.id), "payment_id": JSON(payment)]
            if let code { data["code"] = .string(code) }
            if let amount { data["amount"] = JSON(amount) }
            return data
        }
    }
}
