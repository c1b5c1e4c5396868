public import Catalog
import Inventory
import Jobs
import Ledger
public import Orders
public import Payments
public import Persistence
public import Pricing
public import Primitives
public import Stores

/// Turns a checkout into an order: exactly one, whatever is retried, duplicated or raced.
///
/// In this order, because each step guards the next: the checkout's row changes hands once; stock is taken by the
/// statement that checks it; prices are today's and are compared with what the buyer agreed to; then everything is
/// written that the order owes. The statements travel in three batches, the last with the commit.
public struct OrderPlacement: Sendable {
    /// What the placing of an order yields.
    public struct Placed: Sendable {
        public let order: Order
        public let payment: Payment
        /// Whether the checkout had been completed before; then this is the order it became.
        public let isRepeated: Bool
    }

    private let store: Store
    private let checkout: CheckoutID
    private let method: PaymentMethod
    private let offered: [PaymentMethod]
    private let expectedTotal: Money?
    private let book: PriceBook?
    private let number: Int
    private let knownDelivery: DeliverySettings?
    private let requestID: String?

    /// - Parameters:
    ///   - offered: the methods that the store's buyers may choose from (`PaymentDesk.methods`).
    ///   - expectedTotal: what the buyer was shown; nil to accept whatever it is.
    ///   - book: what the process knows of the store's prices, at most a moment old; nil to ask for it.
    ///   - number: taken from the process's block of order numbers.
    ///   - knownDelivery: the store's settings as a cache has them; read anew where they are another version.
    public init(
        store: Store, checkout: CheckoutID, method: PaymentMethod,
        offered: [PaymentMethod] = PaymentMethod.withoutProvider, expectedTotal: Money?, book: PriceBook? = nil,
        number: Int, knownDelivery: DeliverySettings? = nil, requestID: String?
    ) {
        self.store = store
        self.checkout = checkout
        self.method = method
        self.offered = offered
        self.expectedTotal = expectedTotal
        self.book = book
        self.number = number
        self.knownDelivery = knownDelivery
        self.requestID = requestID
    }

    /// The first batch: takes the checkout. Submit before anything is waited for.
    public func begin(in tx: borrowing Transaction) throws -> Begun {
        let order: OrderID = tx.newIdentifier()
        return Begun(
            order: order,
            taken: try CompleteCheckout(store: store.id, id: checkout, order: order).submit(in: tx))
    }

    /// The checkout on its way.
    public struct Begun {
        let order: OrderID
        let taken: Later<Checkout>
    }

    /// The rest.
    /// - Throws: `not_found`, `checkout.expired`, `checkout.changed`, `stock.insufficient`, `variant.unavailable`,
    ///   `payment_method.unavailable`, `validation.failed`.
    public func run(_ begun: Begun, in tx: borrowing Transaction) throws -> Placed {
        guard let checkout = try begun.taken.rows().first else { return try repeated(in: tx) }
        guard offered.contains(method) else {
            throw Problem(
                .invalid, "payment_method.unavailable", "This store does not take \(method.rawValue).",
                errors: [.init(pointer: "/payment_method", code: "unavailable", detail: "Choose another method.")])
        }
        let variants = checkout.lines.map(\.variant)
        let pricing = try CheckoutPricing(of: checkout, store: store, book: book, in: tx)
        let sellable = try Catalog.sellableVariants(variants, of: store.id, in: tx)
        let taxes = try Pricing.laterTaxSettings(of: store.id, in: tx)
        let taken = try ReserveStock(
            store: store.id, order: begun.order,
            claims: checkout.lines.map { StockClaim(line: $0.id, variant: $0.variant, quantity: $0.quantity) }
        ).submit(in: tx)
        let settings = try Pricing.deliverySettings(of: store.id, known: knownDelivery, in: tx)
        let place = try wantedWindow(of: checkout).map {
            try BookWindow(store: store.id, order: begun.order, key: $0).submit(in: tx)
        }
        let quote = try CheckoutQuote(
            checkout, prices: try pricing.prices(of: sellable.rows(), in: tx), store: store,
            delivery: try settings.settings(), taxes: try taxes.rows().first?.settings ?? .none, at: tx.now)
        try quote.requireStillAvailable()
        try requireAgreement(quote)
        let stock = try taken.reservation(in: tx)
        try Self.requireNone(stock.shortages, for: quote.lines)
        if let place { try place.settle(quote.delivery.window, in: tx) }

        // What is to be paid on a page of its own is kept for so long; the rest is kept until it is delivered.
        let expiresAt = method == .card ? tx.now.adding(seconds: Payment.lifetimeSeconds) : nil
        var order = order(begun.order, from: quote, at: tx.now)
        try requireOwed(order)
        let payment = try RecordPayment(
            store: store.id, order: order.id, method: method, amount: order.totals.total, expiresAt: expiresAt
        ).run(in: tx)
        let postings = try OrderBooks.postings(placing: order, paidBy: payment)
        order.paymentStatus = OrderBooks.status(Balances(postings), total: order.totals.total, isCanceled: false)
        try stock.hold(until: expiresAt, in: tx)
        _ = try RecordOrder(
            order, customer: checkout.customer, actor: .buyer, requestID: requestID
        ).submit(in: tx)
        try RecordPostings(store: store.id, order: order.id, postings).submit(in: tx)
        var owed = stock.reviewJobs(requestID: requestID)
        if let expiresAt {
            owed.append(PaymentExpiry.job(order: order.id, store: store.id, at: expiresAt, requestID: requestID))
        }
        owed += OrderMails.receivedJobs(order, requestID: requestID)
        try Jobs.enqueue(owed, in: tx)
        return Placed(order: order, payment: payment, isRepeated: false)
    }

    /// The window to take a place in: not one that was chosen for a method that is not chosen any more.
    private func wantedWindow(of checkout: Checkout) -> WindowKey? {
        guard let key = checkout.deliveryWindow.flatMap({ WindowKey($0) }),
            checkout.deliveryMethod == nil || checkout.deliveryMethod == key.method
        else { return nil }
        return key
    }

    private func order(_ id: OrderID, from quote: CheckoutQuote, at now: Instant) -> Order {
        Order(
            id: id, store: store.id, number: number, checkout: checkout, paymentMethod: method.rawValue,
            lines: quote.lines.map(OrderLine.init), totals: quote.totals, taxes: quote.taxes,
            contact: quote.checkout.contact, deliveryMethod: quote.delivery.offer?.id ?? "",
            delivery: quote.delivery.agreement, placedAt: now, createdAt: now)
    }

    /// A payment page for nothing cannot be opened, nor one for what no card can be charged.
    private func requireOwed(_ order: Order) throws(Problem) {
        let total = order.totals.total
        guard !method.takes(total) else { return }
        throw Problem(
            .invalid, "payment_method.unavailable",
            total.amount == 0
                ? "Nothing is owed for this order: there is nothing to pay by card."
                : "Cards cannot be charged \(total): it has more decimals than they know.",
            errors: [.init(pointer: "/payment_method", code: "unavailable", detail: "Choose another method.")])
    }

    private func requireAgreement(_ quote: CheckoutQuote) throws(Problem) {
        let contact = quote.checkout.contact
        var errors: [Problem.FieldError] = []
        if contact.email == nil, contact.phone == nil {
            errors.append(
                .init(
                    pointer: "/email", code: "required",
                    detail: "The checkout needs an e-mail address or a phone number."))
        }
        let lacksAddress = quote.needsShipping && contact.shippingAddress == nil && !quote.delivery.isPickup
        if lacksAddress {
            errors.append(
                .init(pointer: "/shipping_address", code: "required", detail: "The checkout needs a shipping address."))
        }
        if quote.lacksRegion {
            errors.append(
                .init(
                    pointer: "/shipping_address/region", code: "required",
                    detail: "Taxes depend on the state or region here: the address needs it."))
        }
        // A method that depends on the address is chosen, or refused, when the address is there.
        errors += quote.delivery.faults.filter { $0.code != "address_needed" || !lacksAddress }
        if quote.delivery.faults.isEmpty { try requireExpected(quote.totals.total) }
        guard errors.isEmpty else { throw .validation(errors) }
    }

    private func requireExpected(_ total: Money) throws(Problem) {
        guard let expectedTotal, expectedTotal != total else { return }
        throw Problem(
            .conflict, "checkout.changed",
            "The total is now \(total), not \(expectedTotal): show it to the buyer and ask again.",
            errors: [.init(pointer: "/expected_total", code: "changed", detail: "Now \(total).")])
    }

    private func repeated(in tx: borrowing Transaction) throws -> Placed {
        guard let checkout = try Orders.checkout(checkout, of: store.id, in: tx) else {
            throw Problem.notFound("checkout")
        }
        guard let id = checkout.order else {
            throw Problem(.gone, "checkout.expired", "This checkout has expired; start a new one.")
        }
        guard let order = try Orders.order(id, of: store.id, in: tx),
            let payment = try Payments.payments(of: id, store: store.id, in: tx).last
        else { throw Problem.notFound("order") }
        return Placed(order: order, payment: payment, isRepeated: true)
    }

    /// - Throws: `stock.insufficient` with the lines concerned and what is available.
    static func requireNone(_ shortages: [StockShortage], for lines: [PricedLine]) throws(Problem) {
        guard !shortages.isEmpty else { return }
        var errors: [Problem.FieldError] = []
        for (index, line) in lines.enumerated() {
            guard let short = shortages.first(where: { $0.variant == line.variant }) else { continue }
            errors.append(
                .init(
                    pointer: "/lines/\(index)/quantity", code: "insufficient",
                    detail: short.available == 0 ? "Sold out." : "Only \(short.available) left.",
                    available: short.available))
        }
        throw Problem(
            .conflict, "stock.insufficient", "There is not enough stock for this order.",
            errors: Array(errors.prefix(100)))
    }
}
