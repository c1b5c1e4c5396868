import Inventory
import Jobs
import Ledger
import Orders
public import Payments
public import Persistence
public import Primitives

/// Acts upon what a provider says of a payment, told by a webhook or when asked: the one way in which an order paid by
/// card becomes paid.
///
/// What is said may be late, doubled, out of order, of another store or wrong. So nothing follows from the order of
/// arrival: the payment's state machine decides, under the lock of the order, and what does not fit changes nothing.
public struct PaymentCapture: Sendable {
    /// What followed.
    public enum Outcome: String, Sendable, CaseIterable {
        case paid
        /// The money is there and was not expected any more: it has to be given back.
        case paidAfterCancellation = "paid_after_cancellation"
        /// Another payment had paid the order before: one of them has to be given back.
        case paidTwice = "paid_twice"
        case declined, failed, expired
        /// Nothing has to follow: it is still under way, or was told before.
        case nothing
        /// None of ours: another program uses the same account.
        case foreign
        case unknownPayment = "unknown_payment"
        case wrongStore = "wrong_store"
        case wrongSession = "wrong_session"
        case wrongAmount = "wrong_amount"

        /// What somebody has to look at; nil when all is well.
        public var alert: String? {
            switch self {
            case .paidAfterCancellation: "A canceled order was paid: give the money back."
            case .paidTwice: "An order was paid twice: give one payment back."
            case .unknownPayment: "A provider reports a payment that does not exist."
            case .wrongStore: "A provider reports a payment of another store."
            case .wrongSession: "A provider reports a payment under another payment page than it was opened with."
            case .wrongAmount: "A provider reports another amount than was asked for."
            case .paid, .declined, .failed, .expired, .nothing, .foreign: nil
            }
        }
    }

    private let report: PaymentReport
    private let store: StoreID
    private let requestID: String?

    /// - Parameter store: whose connection said it.
    public init(_ report: PaymentReport, store: StoreID, requestID: String?) {
        self.report = report
        self.store = store
        self.requestID = requestID
    }

    public func run(in tx: borrowing Transaction) throws -> Outcome {
        guard let id = report.payment, let claimed = report.store else { return .foreign }
        guard claimed == store else { return .wrongStore }
        guard let payment = try Payments.payment(id, store: store, in: tx), payment.method == .card,
            let order = try Orders.lockedOrder(payment.order, of: store, in: tx)
        else { return .unknownPayment }
        // Read again under the order's lock.
        guard let payment = try Payments.payment(id, store: store, locks: true, in: tx) else { return .unknownPayment }
        if let session = report.session, let known = payment.session, session != known { return .wrongSession }
        switch report.state {
        case .open, .processing: return .nothing
        case .paid: return try capture(payment, of: order, in: tx)
        case .declined(let code): return try decline(payment, code: code, in: tx)
        case .failed(let code): return try end(payment, code: code, as: .failed, in: tx)
        case .expired: return try end(payment, code: "expired", as: .expired, in: tx)
        }
    }

    /// Payment, books, stock, order, mail: the payment's row decides that it happens once.
    private func capture(_ payment: Payment, of order: Order, in tx: borrowing Transaction) throws -> Outcome {
        guard report.amount == payment.amount else { return .wrongAmount }
        let settled = try SettlePayment(
            store: store, payment: payment.id, session: report.session, intent: report.intent
        ).run(in: tx)
        guard settled != nil else { return .nothing }
        try RecordPostings(
            store: store, order: order.id, [.captured(payment.id, amount: payment.amount)]
        ).submit(in: tx)
        let balances = try Ledger.balances(of: order.id, store: store, in: tx)
        let wasPaid = order.paymentStatus == .paid
        let status = OrderBooks.status(
            balances, total: order.totals.total, isCanceled: order.status == .canceled)
        let paid = try RecordOrderPayment(
            .paid, store: store, order: order.id, payment: payment.id, amount: payment.amount, status: status,
            actor: .system, requestID: requestID
        ).run(in: tx)
        if order.status == .canceled { return .paidAfterCancellation }
        try KeepStock(store: store, order: order.id).run(in: tx)
        if wasPaid { return .paidTwice }
        try closeOthers(of: order.id, than: payment.id, in: tx)
        try OrderMails.paid(paid, requestID: requestID, in: tx)
        return .paid
    }

    /// Another page on which the buyer could pay once more.
    private func closeOthers(of order: OrderID, than paid: PaymentID, in tx: borrowing Transaction) throws {
        let others = try Payments.payments(of: order, store: store, in: tx).filter {
            $0.id != paid && $0.status == .pending
        }
        guard !others.isEmpty else { return }
        for other in others {
            _ = try FailPayment(store: store, payment: other.id, code: "superseded").run(in: tx)
        }
        try PaymentExpiry.close(order, store: store, because: paid, requestID, in: tx)
    }

    /// The page is still open and the buyer may try again; it is told on the timeline unless the payment is over.
    private func decline(_ payment: Payment, code: String, in tx: borrowing Transaction) throws -> Outcome {
        guard try NoteDecline(store: store, payment: payment.id, code: code).run(in: tx) else { return .nothing }
        try note(.failed, payment, code: code, in: tx)
        return .declined
    }

    private func end(
        _ payment: Payment, code: String, as outcome: Outcome, in tx: borrowing Transaction
    ) throws -> Outcome {
        guard payment.status == .pending,
            try FailPayment(store: store, payment: payment.id, code: code).run(in: tx) != nil
        else { return .nothing }
        try note(outcome == .expired ? .expired : .failed, payment, code: code, in: tx)
        return outcome
    }

    private func note(
        _ step: RecordOrderPayment.Step, _ payment: Payment, code: String, in tx: borrowing Transaction
    ) throws {
        _ = try RecordOrderPayment(
            step, store: store, order: payment.order, payment: payment.id, code: code, actor: .system,
            requestID: requestID
        ).run(in: tx)
    }
}
