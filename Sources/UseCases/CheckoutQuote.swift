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

    /// The method that applies: the chosen one, or the only one.
    public let delivery: DeliveryMethod
    /// Whether anything in it has to be sent somewhere.
    public let needsShipping: Bool
    /// The lines that cannot be bought any more; they count as nothing in the totals.
    public let unavailable: [Problem.FieldError]

    /// Prices a checkout.
    /// - Throws: `validation.failed` for a delivery method that does not exist, `money.out_of_range`.
    public init(_ checkout: Checkout, variants: [SellableVariant], currency: Currency) throws(Problem) {
        let byID = Dictionary(variants.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var unavailable: [Problem.FieldError] = []
        var lines: [PricedLine] = []
        for (index, line) in checkout.lines.enumerated() {
            let variant = byID[line.variant].flatMap { $0.isPublished ? $0 : nil }
            if variant == nil {
                unavailable.append(
                    .init(
                        pointer: "/lines/\(index)/variant_id", code: "unavailable",
                        detail: "This variant is not for sale."))
            }
            lines.append(
                try PricedLine(
                    id: line.id, variant: line.variant, sku: variant?.sku ?? "",
                    title: variant?.title ?? "No longer available", quantity: line.quantity,
                    unitPrice: Money(variant?.priceMinorUnits ?? 0, currency)))
        }
        let methods = [DeliveryMethod.standard]
        let chosen = checkout.deliveryMethod ?? DeliveryMethod.standard.id
        guard let delivery = methods.first(where: { $0.id == chosen }) else {
            throw .validation("/delivery_method", "unavailable", "There is no such delivery method.")
        }
        self.checkout = checkout
        self.lines = lines
        self.delivery = delivery
        self.unavailable = unavailable
        deliveryMethods = methods
        needsShipping = checkout.lines.contains { byID[$0.variant]?.requiresShipping == true }
        totals = try Totals(lines: lines, delivery: delivery, currency: currency)
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

    /// Prices a checkout with today's catalogue.
    public static func load(_ checkout: Checkout, store: Store, in tx: borrowing Transaction) throws -> CheckoutQuote {
        let variants = try Catalog.sellableVariants(checkout.lines.map(\.variant), of: store.id, in: tx).rows()
        return try CheckoutQuote(checkout, variants: variants, currency: store.currency)
    }
}
