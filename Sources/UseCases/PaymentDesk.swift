public import Logging
public import Orders
public import Payments
public import Persistence
public import Primitives
public import Stores

/// Takes card payments: opens the provider's payment pages for orders, and asks what became of them.
///
/// The provider is called between transactions, never inside one. One process at a time opens a payment's page; when
/// it dies, the next takes over after the lease, and the provider gives the same page for the same payment.
public struct PaymentDesk: Sendable {
    let database: any Database
    let connections: ProviderConnections
    let logger: Logger

    public init(database: any Database, connections: ProviderConnections, logger: Logger) {
        self.database = database
        self.connections = connections
        self.logger = logger
    }

    /// Keeps what the settings say of the oldest store's account, when there is a store.
    public func prepare() async throws {
        try await connections.plantSeed()
    }

    /// Methods that buyers of the store may choose now: cash on delivery, and card when the store has a connection.
    public func methods(of store: StoreID) async throws -> [PaymentMethod] {
        do {
            let access = try await connections.access(for: store)
            return PaymentMethod.withoutProvider + (access == nil ? [] : [.card])
        } catch let fault as VaultFault {
            logger.error(
                "The credentials of a payment provider cannot be opened.",
                metadata: ["alert": "payment.credentials", "store": "\(store)", "fault": "\(fault)"])
            return PaymentMethod.withoutProvider
        }
    }

    /// After the order's commit: opens the provider's payment page. A provider that cannot be reached leaves the
    /// payment failed, which is no error.
    /// - Throws: `payment.in_progress` while another process opens it.
    public func begin(
        _ payment: Payment, of order: Order, store: Store, returnURL: String, requestID: String?
    ) async throws -> Payment {
        guard payment.needsSession else { return payment }
        var claimed = payment
        if !payment.isClaimed {
            let (taken, current) = try await database.write("payments.claim") { tx in
                (
                    try ClaimPayment(store: store.id, payment: payment.id).run(in: tx),
                    try Payments.payment(payment.id, store: store.id, in: tx)
                )
            }
            guard let taken else {
                guard let current else { throw Problem.notFound("payment") }
                guard current.needsSession else { return current }
                throw Problem(
                    .conflict, "payment.in_progress", "The payment page is being opened; ask again in a moment.",
                    retryAfterSeconds: 2)
            }
            claimed = taken
        }
        return try await open(claimed, of: order, store: store, returnURL: returnURL, requestID: requestID)
    }

    /// Another attempt while the reservation lives. A page that is still open is used again.
    /// - Throws: `not_found`, `payment.too_late` (gone) afterwards, `payment.not_needed` (conflict) when paid.
    public func again(
        order: OrderID, store: Store, method: PaymentMethod, returnURL: String, requestID: String?
    ) async throws -> Payment {
        let known = try await database.read("payments.order") { tx in
            try Orders.known([order], of: store.id, in: tx)
        }
        guard known.contains(order) else { throw Problem.notFound("order") }
        guard method == .card, try await methods(of: store.id).contains(.card) else {
            throw Problem(
                .invalid, "payment_method.unavailable", "This order can be paid by card only.",
                errors: [.init(pointer: "/payment_method", code: "unavailable", detail: "Choose another method.")])
        }
        // The buyer may have paid on the old page a moment ago.
        await lookUp(order: order, store: store.id, requestID: requestID)
        let attempt = try await database.write("payments.again") { tx in
            try PaymentAttempt(order: order, store: store.id).run(in: tx)
        }
        return try await begin(
            attempt.payment, of: attempt.order, store: store, returnURL: returnURL, requestID: requestID)
    }

    /// Asks the provider what became of the order's pending payment and applies the answer. At most 5 s.
    public func lookUp(order: OrderID, store: StoreID, requestID: String?) async {
        do {
            let payments = try await database.read("payments.pending") { tx in
                try Payments.payments(of: order, store: store, in: tx)
            }
            for payment in payments where payment.status == .pending {
                guard let session = payment.session,
                    let access = try await connections.access(for: store, connection: payment.connection)
                else { continue }
                let report = try await access.provider.lookUp(
                    session: session, with: access.credentials, requestID: requestID)
                try await apply(report, of: access.connection, requestID: requestID)
            }
        } catch {
            // Nothing is lost: the webhook tells the same.
            logger.warning(
                "A payment could not be looked up.", metadata: ["order": "\(order)", "error": "\(error)"])
        }
    }

    /// Applies what a provider said, and raises an alert where it does not fit.
    @discardableResult
    func apply(
        _ report: PaymentReport, of connection: ProviderConnection, requestID: String?
    ) async throws -> PaymentCapture.Outcome {
        let capture = PaymentCapture(report, store: connection.store, requestID: requestID)
        let outcome = try await database.write("payments.capture") { tx in try capture.run(in: tx) }
        log(outcome, report, connection: connection.id, store: connection.store)
        return outcome
    }

    /// Says in the log what somebody has to look at.
    func log(
        _ outcome: PaymentCapture.Outcome, _ report: PaymentReport, connection: ConnectionID, store: StoreID
    ) {
        guard let sentence = outcome.alert else { return }
        logger.error(
            "\(sentence)",
            metadata: [
                "alert": "payment.\(outcome.rawValue)", "store": "\(store)",
                "connection": "\(connection)", "payment": "\(report.payment.map(\.description) ?? "none")",
                "amount": "\(report.amount.map(\.description) ?? "none")",
            ])
    }

    private func open(
        _ payment: Payment, of order: Order, store: Store, returnURL: String, requestID: String?
    ) async throws -> Payment {
        let request = SessionRequest(
            store: store.id, payment: payment, orderName: order.name, lines: Self.lines(of: order),
            email: order.contact.email, returnURL: returnURL)
        do {
            guard let access = try await connections.access(for: store.id) else {
                throw ProviderFault.refused(code: "not_connected")
            }
            let session = try await access.provider.open(request, with: access.credentials, requestID: requestID)
            return try await keep(session, access.connection, payment, of: order, requestID: requestID)
        } catch let fault as ProviderFault {
            logger.warning(
                "A payment page could not be opened.",
                metadata: ["payment": "\(payment.id)", "code": "\(fault.code)"])
            return try await fail(payment, of: order, code: fault.code, requestID: requestID)
        }
    }

    private func keep(
        _ session: ProviderSession, _ connection: ProviderConnection, _ payment: Payment, of order: Order,
        requestID: String?
    ) async throws -> Payment {
        try await database.write("payments.opened") { tx in
            guard let locked = try Orders.lockedOrder(order.id, of: order.store, in: tx) else {
                throw Problem.notFound("order")
            }
            let opened = try RecordSession(
                store: order.store, payment: payment.id, connection: connection.id, session: session
            ).run(in: tx)
            guard locked.status != .canceled else {
                // Canceled while the page was being opened: close it again.
                try PaymentExpiry.close(order.id, store: order.store, because: payment.id, requestID, in: tx)
                return opened
            }
            _ = try RecordOrderPayment(
                .started, store: order.store, order: order.id, payment: payment.id, actor: .buyer,
                requestID: requestID
            ).run(in: tx)
            return opened
        }
    }

    private func fail(
        _ payment: Payment, of order: Order, code: String, requestID: String?
    ) async throws -> Payment {
        try await database.write("payments.failed") { tx in
            _ = try Orders.lockedOrder(order.id, of: order.store, in: tx)
            let failed = try FailPayment(store: order.store, payment: payment.id, code: code).run(in: tx)
            if failed != nil {
                _ = try RecordOrderPayment(
                    .failed, store: order.store, order: order.id, payment: payment.id, code: code, actor: .system,
                    requestID: requestID
                ).run(in: tx)
            }
            guard let now = try Payments.payment(payment.id, store: order.store, in: tx) else {
                throw Problem.notFound("payment")
            }
            return now
        }
    }

    /// The order's lines and its delivery; one line for all of it where these are not what it costs.
    private static func lines(of order: Order) -> [SessionRequest.Line] {
        var lines = order.lines.map { line in
            SessionRequest.Line(
                title: line.title.isEmpty ? line.sku : line.title, quantity: line.quantity, unitPrice: line.unitPrice)
        }
        let totals = order.totals
        if totals.shipping.amount > 0 {
            lines.append(SessionRequest.Line(title: "Delivery", quantity: 1, unitPrice: totals.shipping))
        }
        let isWhole = totals.discount.amount == 0 && (totals.taxesIncluded || totals.tax.amount == 0)
        if isWhole, !lines.contains(where: { $0.title.isEmpty }) { return lines }
        return [SessionRequest.Line(title: "Order \(order.name)", quantity: 1, unitPrice: totals.total)]
    }
}

/// Decides which payment an order is paid with when its buyer tries again: the one that is pending, or a new one.
struct PaymentAttempt: Sendable {
    let order: OrderID
    let store: StoreID

    /// - Throws: `not_found`, `payment.too_late`, `payment.not_needed`.
    func run(in tx: borrowing Transaction) throws -> (order: Order, payment: Payment) {
        guard let order = try Orders.lockedOrder(order, of: store, in: tx) else { throw Problem.notFound("order") }
        let payments = try Payments.payments(of: order.id, store: store, in: tx)
        guard order.paymentStatus != .paid, let last = payments.last, last.method == .card else {
            throw Problem(.conflict, "payment.not_needed", "Order \(order.name) needs no payment by card.")
        }
        // Every attempt has the deadline of the first: until then the stock is kept.
        guard order.status == .open, let expiresAt = last.expiresAt, tx.now < expiresAt else {
            throw Problem(
                .gone, "payment.too_late", "The time to pay for order \(order.name) is over; order anew.")
        }
        if last.status == .pending { return (order, last) }
        let payment = try RecordPayment(
            store: store, order: order.id, method: .card, amount: order.totals.total, expiresAt: expiresAt
        ).run(in: tx)
        return (order, payment)
    }
}
