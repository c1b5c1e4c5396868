public import Catalog
public import Orders
public import Persistence
public import Primitives
public import Stores

/// A checkout as its buyer sees it: today's prices, and what they add up to.
public struct CheckoutQuote: Hashable, Sendable {
    public let checkout: Checkout
    public let lines: [PricedLine]
    public let totals: Totals
    public let deliveryMethods: [DeliveryMethod]

    /// Prices a checkout.
    /// - Throws: `variant.unavailable` with the lines that cannot be sold, `delivery_method.unavailable`,
    ///   `money.out_of_range`.
    public init(_ checkout: Checkout, variants: [SellableVariant], currency: Currency) throws(Problem) {
        let byID = Dictionary(variants.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var errors: [Problem.FieldError] = []
        var lines: [PricedLine] = []
        for (index, line) in checkout.lines.enumerated() {
            guard let variant = byID[line.variant], variant.isPublished else {
                errors.append(
                    .init(
                        pointer: "/lines/\(index)/variant_id", code: "unavailable",
                        detail: "This variant is not for sale."))
                continue
            }
            lines.append(
                try PricedLine(
                    id: line.id, variant: variant.id, sku: variant.sku, title: variant.title, quantity: line.quantity,
                    unitPrice: Money(variant.priceMinorUnits, currency)))
        }
        guard errors.isEmpty else {
            throw Problem(
                .conflict, "variant.unavailable", "Some of the lines are not for sale.",
                errors: Array(errors.prefix(100)))
        }
        try self.init(checkout, lines: lines)
        self.needsShipping = checkout.lines.contains { byID[$0.variant]?.requiresShipping == true }
    }

    private init(_ checkout: Checkout, lines: [PricedLine]) throws(Problem) {
        self.checkout = checkout
        self.lines = lines
        deliveryMethods = [.standard]
        let chosen = checkout.deliveryMethod ?? DeliveryMethod.standard.id
        guard let delivery = deliveryMethods.first(where: { $0.id == chosen }) else {
            throw .validation("/delivery_method", "unavailable", "There is no such delivery method.")
        }
        guard let currency = lines.first?.unitPrice.currency else {
            throw Problem(.invalid, "checkout.empty", "A checkout needs at least one line.")
        }
        self.delivery = delivery
        totals = try Totals(lines: lines, delivery: delivery, currency: currency)
    }

    /// The method that applies: the chosen one, or the only one.
    public let delivery: DeliveryMethod
    /// Whether anything in it has to be sent somewhere.
    public private(set) var needsShipping = true

    /// Prices a checkout with today's catalogue.
    public static func load(_ checkout: Checkout, store: Store, in tx: borrowing Transaction) throws -> CheckoutQuote {
        let variants = try Catalog.sellableVariants(checkout.lines.map(\.variant), of: store.id, in: tx).rows()
        return try CheckoutQuote(checkout, variants: variants, currency: store.currency)
    }
}
