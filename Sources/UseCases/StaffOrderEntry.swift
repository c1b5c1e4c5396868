import Catalog
import Inventory
import Jobs
import Ledger
public import Orders
public import Payments
public import Persistence
public import Primitives
public import Stores

/// Enters an order on a merchant's word: its own prices, its own moment, lines that need not be in the catalogue.
public struct StaffOrderEntry: Sendable {
    /// A line as staff name it.
    public struct Line: Sendable {
        public var variant: VariantID?
        public var sku: String?
        public var title: String?
        public var quantity: Int
        /// The catalogue's price when nil; then the line must name a variant.
        public var unitPrice: Money?

        public init(variant: VariantID?, sku: String?, title: String?, quantity: Int, unitPrice: Money?) {
            self.variant = variant
            self.sku = sku
            self.title = title
            self.quantity = quantity
            self.unitPrice = unitPrice
        }
    }

    public var lines: [Line]
    public var placedAt: Instant?
    public var externalID: String?
    public var contact: Contact
    public var tags: [String]
    public var method: PaymentMethod
    /// What it is in; nil for the store's own.
    public var currency: Currency?
    /// Whose it is, and whose prices count where a line has none; nil for anybody.
    public var customer: CustomerID?
    private let store: Store
    private let number: Int
    private let actor: Actor
    private let requestID: String?

    public init(
        store: Store, lines: [Line], placedAt: Instant?, externalID: String?, contact: Contact, tags: [String],
        method: PaymentMethod, currency: Currency? = nil, customer: CustomerID? = nil, number: Int, actor: Actor,
        requestID: String?
    ) {
        self.store = store
        self.lines = lines
        self.placedAt = placedAt
        self.externalID = externalID
        self.contact = contact
        self.tags = tags
        self.method = method
        self.currency = currency
        self.customer = customer
        self.number = number
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `validation.failed` with the lines at fault, `stock.insufficient`, `order.external_id_taken`.
    public func run(in tx: borrowing Transaction) throws -> Order {
        if let placedAt, placedAt > tx.now.adding(seconds: 300) {
            throw Problem.validation("/placed_at", "range", "An order cannot have been placed in the future.")
        }
        let priced = try pricedLines(in: tx)
        var order = Order(
            id: tx.newIdentifier(), store: store.id, number: number, externalID: externalID,
            paymentMethod: method.rawValue,
            lines: priced.map(OrderLine.init),
            totals: try Totals(lines: priced, shipping: .zero(currency ?? store.currency)), contact: contact,
            deliveryMethod: DeliveryMethod.standard.id, delivery: OrderDelivery(title: DeliveryMethod.standard.title),
            tags: tags, placedAt: placedAt ?? tx.now, createdAt: tx.now)
        let payment = try RecordPayment(
            store: store.id, order: order.id, method: method, amount: order.totals.total
        ).run(in: tx)
        let postings = try OrderBooks.postings(placing: order, paidBy: payment)
        order.paymentStatus = status(Balances(postings), of: order)
        let taken = try ReserveStock(
            store: store.id, order: order.id,
            claims: priced.compactMap { line in
                line.variant.map { StockClaim(line: line.id, variant: $0, quantity: line.quantity) }
            }, keepsSafety: false
        ).submit(in: tx)
        let pending = try RecordOrder(
            order, customer: customer, actor: actor, requestID: requestID
        ).submit(in: tx)
        try RecordPostings(store: store.id, order: order.id, postings).submit(in: tx)
        try pending.requireUnique(in: tx)
        let stock = try taken.reservation(in: tx)
        try OrderPlacement.requireNone(stock.shortages, for: priced)
        try stock.hold(until: nil, in: tx)
        try Jobs.enqueue(stock.reviewJobs(requestID: requestID), in: tx)
        return order
    }

    /// What the merchant says is settled is paid, even when it costs nothing.
    private func status(_ balances: Balances, of order: Order) -> PaymentStatus {
        if method == .paidElsewhere, order.totals.total.amount == 0 { return .paid }
        return OrderBooks.status(balances, total: order.totals.total, isCanceled: false)
    }

    private func pricedLines(in tx: borrowing Transaction) throws -> [PricedLine] {
        let currency = currency ?? store.currency
        let byID = try Catalog.sellableVariants(lines.compactMap(\.variant), of: store.id, in: tx)
        // SKUs are told apart by their bytes, as the database does: Swift's strings are equal when they read the same.
        let skus = Set(lines.filter { $0.variant == nil }.compactMap { $0.sku.map { Array($0.utf8) } })
        let bySKU = try Catalog.sellableVariants(
            skus: skus.map { String(decoding: $0, as: UTF8.self) }, of: store.id, in: tx)
        let found = (try byID.rows(), try bySKU.rows())
        let pricing = try CheckoutPricing(
            of: (found.0 + found.1).map(\.id), in: currency, for: customer, store: store, book: nil, in: tx)
        let prices = try pricing.prices(of: found.0 + found.1, in: tx)
        let variantsByID = Dictionary(
            prices.variants.prefix(found.0.count).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let variantsBySKU = Dictionary(
            grouping: prices.variants.dropFirst(found.0.count), by: { Array($0.sku.utf8) })
        var errors: [Problem.FieldError] = []
        var priced: [PricedLine] = []
        for (index, line) in lines.enumerated() {
            let pointer = "/lines/\(index)"
            do throws(LineFault) {
                let variant = try Self.variant(of: line, byID: variantsByID, bySKU: variantsBySKU)
                let price = try Self.unitPrice(of: line, variant: variant, in: currency, isSold: prices.isSold)
                priced.append(
                    try Self.priced(line, as: tx.newIdentifier(), variant: variant, unitPrice: price))
            } catch {
                errors.append(.init(pointer: pointer + error.pointer, code: error.code, detail: error.detail))
            }
        }
        guard errors.isEmpty else { throw Self.problem(errors) }
        return priced
    }

    /// Amounts beyond the limits have a code of their own, as they have where a single amount is read.
    private static func problem(_ errors: [Problem.FieldError]) -> Problem {
        var problem = Problem.validation(Array(errors.prefix(100)))
        if errors.allSatisfy({ $0.code == "money.out_of_range" }) { problem.code = "money.out_of_range" }
        return problem
    }

    private struct LineFault: Error {
        let pointer: String
        let code: String
        let detail: String
    }

    /// Nil for a line that only has a title, or a SKU that the catalogue does not know.
    private static func variant(
        of line: Line, byID: [VariantID: SellableVariant], bySKU: [[UInt8]: [SellableVariant]]
    ) throws(LineFault) -> SellableVariant? {
        if let id = line.variant {
            guard let variant = byID[id] else {
                throw LineFault(pointer: "/variant_id", code: "unknown", detail: "There is no such variant.")
            }
            return variant
        }
        let found = line.sku.flatMap { bySKU[Array($0.utf8)] } ?? []
        if found.count > 1 {
            throw LineFault(
                pointer: "/sku", code: "ambiguous", detail: "Several variants have this SKU; give the variant_id.")
        }
        if found.isEmpty, (line.title ?? "").isEmpty {
            throw LineFault(
                pointer: line.sku == nil ? "" : "/sku", code: line.sku == nil ? "required" : "unknown",
                detail: "A line needs a variant_id, a known sku, or a title.")
        }
        return found.first
    }

    /// - Parameter isSold: whether the store sells in the currency, so that its variants have prices in it.
    private static func unitPrice(
        of line: Line, variant: SellableVariant?, in currency: Currency, isSold: Bool
    ) throws(LineFault) -> Money {
        guard let price = line.unitPrice else {
            // ignored: the catalogue keeps no price beyond the limits
            guard isSold, let variant, let price = try? Money(variant.priceMinorUnits, currency) else {
                let detail =
                    isSold
                    ? "A line without a variant needs a price."
                    : "The store does not sell in \(currency): a line needs a price."
                throw LineFault(pointer: "/unit_price", code: "required", detail: detail)
            }
            return price
        }
        guard price.currency == currency else {
            throw LineFault(
                pointer: "/unit_price/currency", code: "currency_mismatch",
                detail: "The order is in \(currency).")
        }
        guard price.amount >= 0 else {
            throw LineFault(pointer: "/unit_price/amount", code: "range", detail: "A price is not negative.")
        }
        return price
    }

    private static func priced(
        _ line: Line, as id: LineID, variant: SellableVariant?, unitPrice: Money
    ) throws(LineFault) -> PricedLine {
        do throws(Problem) {
            return try PricedLine(
                id: id, variant: variant?.id, sku: variant?.sku ?? line.sku ?? "",
                title: line.title ?? variant?.title ?? "", quantity: line.quantity, unitPrice: unitPrice)
        } catch {
            throw LineFault(pointer: "/unit_price/amount", code: error.code, detail: error.detail)
        }
    }
}
