public import Catalog
public import Orders
public import Persistence
public import Pricing
public import Primitives
public import Stores

/// A checkout as its buyer sees it: today's prices, and what they add up to.
public struct CheckoutQuote: Hashable, Sendable {
    public let checkout: Checkout
    public let lines: [PricedLine]
    public let totals: Totals
    /// How it can be delivered, how it cannot, and what was chosen.
    public let delivery: DeliveryQuote
    /// Whether anything in it has to be sent somewhere.
    public let needsShipping: Bool
    /// The lines that cannot be bought any more; they count as nothing in the totals.
    public let unavailable: [Problem.FieldError]

    /// Prices a checkout.
    /// - Parameter settings: how the store delivers; nil while it was told nothing.
    /// - Throws: `money.out_of_range`.
    public init(
        _ checkout: Checkout, variants: [SellableVariant], settings: DeliverySettings?, at now: Instant,
        currency: Currency
    ) throws(Problem) {
        let byID = Dictionary(variants.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var unavailable: [Problem.FieldError] = []
        var lines: [PricedLine] = []
        var basket = DeliveryBasket(weightGrams: 0, quantity: 0, valueMinorUnits: 0)
        for (index, line) in checkout.lines.enumerated() {
            let variant = byID[line.variant].flatMap { $0.isPublished ? $0 : nil }
            if variant == nil {
                unavailable.append(
                    .init(
                        pointer: "/lines/\(index)/variant_id", code: "unavailable",
                        detail: "This variant is not for sale."))
            }
            let priced = try PricedLine(
                id: line.id, variant: line.variant, sku: variant?.sku ?? "",
                title: variant?.title ?? "No longer available", quantity: line.quantity,
                unitPrice: Money(variant?.priceMinorUnits ?? 0, currency))
            lines.append(priced)
            guard let variant, variant.requiresShipping else { continue }
            basket.add(priced, weightGrams: variant.weightGrams)
        }
        let needsShipping = checkout.lines.contains { byID[$0.variant]?.requiresShipping == true }
        delivery = try DeliveryQuote(
            of: checkout, basket: basket, needsShipping: needsShipping, settings: settings, at: now)
        totals = try Totals(lines: lines, delivery: delivery.method ?? .undecided, currency: currency)
        self.checkout = checkout
        self.lines = lines
        self.unavailable = unavailable
        self.needsShipping = needsShipping
    }

    /// - Throws: `validation.failed` naming the lines that were just asked for and cannot be bought.
    public func requireAvailable() throws(Problem) {
        guard unavailable.isEmpty else { throw .validation(Array(unavailable.prefix(100))) }
    }

    /// - Throws: `variant.unavailable` naming the lines that can no longer be bought.
    func requireStillAvailable() throws(Problem) {
        guard unavailable.isEmpty else {
            throw Problem(
                .conflict, "variant.unavailable", "Some of the lines are no longer for sale.",
                errors: Array(unavailable.prefix(100)))
        }
    }

    /// Prices a checkout with today's catalogue, and says which windows have places left.
    public static func load(_ checkout: Checkout, store: Store, in tx: borrowing Transaction) throws -> CheckoutQuote {
        let variants = try Catalog.sellableVariants(checkout.lines.map(\.variant), of: store.id, in: tx)
        let settings = try Pricing.deliverySettings(of: store.id, in: tx)
        let quote = try CheckoutQuote(
            checkout, variants: try variants.rows(), settings: try settings.settings(), at: tx.now,
            currency: store.currency)
        return try quote.withWindows(of: store, in: tx)
    }

    private init(_ quote: CheckoutQuote, delivery: DeliveryQuote) {
        checkout = quote.checkout
        lines = quote.lines
        totals = quote.totals
        self.delivery = delivery
        needsShipping = quote.needsShipping
        unavailable = quote.unavailable
    }

    private func withWindows(of store: Store, in tx: borrowing Transaction) throws -> CheckoutQuote {
        CheckoutQuote(self, delivery: try delivery.withWindows(of: store.id, in: tx))
    }
}

extension DeliveryBasket {
    /// Saturates: more grams than that weigh as much in every table.
    fileprivate mutating func add(_ line: PricedLine, weightGrams grams: Int) {
        func capped(_ sum: (partialValue: Int64, overflow: Bool)) -> Int64 { sum.overflow ? .max : sum.partialValue }
        let weight = capped(Int64(grams).multipliedReportingOverflow(by: Int64(line.quantity)))
        weightGrams = capped(weightGrams.addingReportingOverflow(weight))
        quantity = capped(quantity.addingReportingOverflow(Int64(line.quantity)))
        valueMinorUnits = capped(valueMinorUnits.addingReportingOverflow(line.total.amount))
    }
}
