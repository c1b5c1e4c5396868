public import Jobs
import Orders
import Payments
import Persistence
import Primitives

/// Ends what nobody paid in time: closes the provider's page first, for it may have been paid on it a moment ago, then
/// cancels the order, which releases its stock.
public struct PaymentExpiry: Sendable {
    /// Closes an order's payment pages, and cancels the order when its time is over.
    public static let expiring = JobKind("payments.expire_unpaid", queue: "payments", maxAttempts: 40)

    private let desk: PaymentDesk

    public init(_ desk: PaymentDesk) {
        self.desk = desk
    }

    /// The job that an order owes that is paid on a page of its own.
    static func job(order: OrderID, store: StoreID, at moment: Instant, requestID: String?) -> NewJob {
        NewJob(
            expiring, store: store, key: order.description, payload: ["order_id": JSON(order)], runAt: moment,
            requestID: requestID)
    }

    /// The job that a canceled order owes whose payment page may be open.
    static func closingJob(order: OrderID, store: StoreID, at moment: Instant, requestID: String?) -> NewJob {
        NewJob(
            expiring, store: store, key: "\(order):canceled", payload: ["order_id": JSON(order)], runAt: moment,
            requestID: requestID)
    }

    /// Has an order's payment pages closed soon, once for each payment that makes them needless.
    static func close(
        _ order: OrderID, store: StoreID, because payment: PaymentID, _ requestID: String?,
        in tx: borrowing Transaction
    ) throws {
        try Jobs.enqueue(
            [
                NewJob(
                    expiring, store: store, key: "\(order):\(payment)", payload: ["order_id": JSON(order)],
                    requestID: requestID)
            ], in: tx)
    }

    /// Works on the job.
    /// - Throws: `JobRetry` while the provider cannot be asked or the money is on its way.
    public func run(_ job: Job) async throws {
        guard let store = job.store, let order = job.payload["order_id"]?.identifier(IdentifierKinds.Order.self) else {
            throw JobRefusal("The payload names no order.")
        }
        let payments = try await desk.database.read("payments.of_order") { tx in
            try Payments.payments(of: order, store: store, in: tx)
        }
        for payment in payments where payment.status != .paid {
            guard let session = payment.session else { continue }
            let report = try await closed(session, of: payment, store: store, job: job)
            if report.state == .processing, payment.status == .pending {
                throw JobRetry(after: 900, reason: "The buyer has paid and the provider waits for the money.")
            }
        }
        let requestID = job.requestID
        try await desk.database.write("payments.expire") { tx in
            try Self.expire(order, store: store, requestID: requestID, in: tx)
        }
    }

    /// Closes the page and applies what the provider says became of it.
    private func closed(
        _ session: String, of payment: Payment, store: StoreID, job: Job
    ) async throws -> PaymentReport {
        guard let access = try await desk.connections.access(for: store, connection: payment.connection) else {
            throw JobRetry(after: 300, reason: "The store's connection to the provider cannot be used.")
        }
        do {
            let report = try await access.provider.expire(
                session: session, with: access.credentials, requestID: job.requestID)
            try await desk.apply(report, of: access.connection, requestID: job.requestID)
            return report
        } catch let fault as ProviderFault {
            guard case .unreachable = fault else {
                // What the provider does not know cannot be paid.
                return PaymentReport(
                    .expired, payment: payment.id, store: store, session: session, intent: nil, amount: nil)
            }
            throw JobRetry(after: 30, reason: "The provider cannot be asked: \(fault.code).")
        }
    }

    /// Cancels an order that is still unpaid when its time is over. An order of which something was delivered is left
    /// to its merchant.
    private static func expire(
        _ order: OrderID, store: StoreID, requestID: String?, in tx: borrowing Transaction
    ) throws {
        guard let order = try Orders.lockedOrder(order, of: store, in: tx), order.status == .open,
            order.paymentStatus == .pending
        else { return }
        let payments = try Payments.payments(of: order.id, store: store, in: tx)
        guard let last = payments.last, last.method == .card, let end = last.expiresAt, tx.now >= end else { return }
        for payment in payments where payment.status == .pending {
            guard try FailPayment(store: store, payment: payment.id, code: "expired").run(in: tx) != nil else {
                continue
            }
            _ = try RecordOrderPayment(
                .expired, store: store, order: order.id, payment: payment.id, code: "expired", actor: .system,
                requestID: requestID
            ).run(in: tx)
        }
        guard order.lines.allSatisfy({ $0.fulfilledQuantity == 0 }) else { return }
        _ = try OrderCancellation(
            store: store, order: order.id, reason: "payment_expired", restocks: true, actor: .system,
            requestID: requestID
        ).run(in: tx)
    }
}
