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
    public private(set) var delivery: DeliveryQuote
    /// Whether anything in it has to be sent somewhere.
    public let needsShipping: Bool
    /// The lines that cannot be bought any more; they count as nothing in the totals.
    public let unavailable: [Problem.FieldError]

    /// What is said of the taxes besides those of the lines.
    public let taxes: OrderTaxes
    /// Whether the taxes are those of the store's country, because the address is not known yet.
    public let isEstimate: Bool
    /// Whether taxes depend on the region, and the address has none.
    public let lacksRegion: Bool
    /// Whether a buyer with a tax number could owe the tax itself.
    public let offersReverseCharge: Bool

    private let taxSettings: TaxSettings
    private let home: String

    /// Whether a tax number of a business is of use when the goods go to a country.
    public func takesTaxNumber(in country: String) -> Bool {
        country != home && !delivery.isPickup
            && taxSettings.zone(of: TaxAddress(country: country))?.reverseCharge == true
    }

    /// Prices a checkout.
    /// - Parameter deliverySettings: how the store delivers; nil while it was told nothing.
    /// - Throws: `money.out_of_range`.
    public init(
        _ checkout: Checkout, prices: CheckoutPrices, store: Store, delivery deliverySettings: DeliverySettings?,
        taxes taxSettings: TaxSettings, at now: Instant
    ) throws(Problem) {
        let currency = prices.currency
        let byID = Dictionary(prices.variants.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let sellable = checkout.lines.map { line in byID[line.variant].flatMap { $0.isPublished ? $0 : nil } }
        let needsShipping = checkout.lines.contains { byID[$0.variant]?.requiresShipping == true }
        var basket = DeliveryBasket(weightGrams: 0, quantity: 0, valueMinorUnits: 0)
        for (line, variant) in zip(checkout.lines, sellable) {
            guard let variant, variant.requiresShipping else { continue }
            try basket.add(variant, quantity: line.quantity, currency: currency)
        }
        let delivery = try DeliveryQuote(
            of: checkout, basket: basket, needsShipping: needsShipping,
            settings: prices.delivery(deliverySettings), at: now)
        let taxes = try CheckoutTaxes(
            checkout, lines: zip(sellable, checkout.lines).map { ($0, $1.quantity) },
            delivery: Money((delivery.method ?? .undecided).priceMinorUnits, currency),
            pickup: delivery.isPickup ? delivery.offer?.location : nil, store: store, settings: taxSettings)
        var unavailable: [Problem.FieldError] = []
        var lines: [PricedLine] = []
        for (index, line) in checkout.lines.enumerated() {
            let (variant, taxed) = (sellable[index], taxes.taxed.lines[index])
            if variant == nil {
                unavailable.append(
                    .init(
                        pointer: "/lines/\(index)/variant_id", code: "unavailable",
                        detail: prices.isSold
                            ? "This variant is not for sale." : "The store does not sell in \(currency) any more."))
            }
            lines.append(
                try PricedLine(
                    id: line.id, variant: line.variant, sku: variant?.sku ?? "",
                    title: variant?.title ?? "No longer available", quantity: line.quantity,
                    unitPrice: taxed.unitPrice, discount: taxed.discount, taxLines: taxed.taxes.map(TaxLine.init)))
        }
        self.checkout = checkout
        self.taxSettings = taxSettings
        home = store.country
        self.lines = lines
        self.delivery = delivery
        self.needsShipping = needsShipping
        self.unavailable = unavailable
        self.taxes = taxes.record(of: checkout)
        let address = checkout.contact.shippingAddress
        lacksRegion =
            !delivery.isPickup && address?.region.isEmpty == true
            && taxSettings.dependsOnRegion(in: address?.country ?? "")
        isEstimate = lacksRegion || taxes.isEstimate && !delivery.isPickup
        offersReverseCharge = taxes.taxed.offersReverseCharge
        totals = try Totals(
            lines: lines, shipping: taxes.taxed.delivery, shippingTaxes: self.taxes.shipping,
            taxesIncluded: taxes.taxed.taxesIncluded)
    }

    /// The taxes of the lines and the delivery, one for each title and rate.
    public var taxLines: [TaxLine] { (lines.flatMap(\.taxLines) + taxes.shipping).summed }

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

    /// Prices a checkout with today's catalogue, in its currency, and says which windows have places left.
    /// - Parameter book: what the process knows of the store's prices; read anew where it is another version.
    public static func load(
        _ checkout: Checkout, store: Store, book: PriceBook? = nil, in tx: borrowing Transaction
    ) throws -> CheckoutQuote {
        let pricing = try CheckoutPricing(of: checkout, store: store, book: book, in: tx)
        let variants = try Catalog.sellableVariants(checkout.lines.map(\.variant), of: store.id, in: tx)
        let delivery = try Pricing.deliverySettings(of: store.id, in: tx)
        let taxes = try Pricing.laterTaxSettings(of: store.id, in: tx)
        let prices = try pricing.prices(of: variants.rows(), in: tx)
        var quote = try CheckoutQuote(
            checkout, prices: prices, store: store, delivery: try delivery.settings(),
            taxes: try taxes.rows().first?.settings ?? .none, at: tx.now)
        quote.delivery = try quote.delivery.withWindows(of: store.id, in: tx)
        return quote
    }
}

extension DeliveryBasket {
    /// Weights saturate: more grams than that weigh as much in every table.
    /// - Throws: `money.out_of_range`.
    fileprivate mutating func add(
        _ variant: SellableVariant, quantity units: Int, currency: Currency
    ) throws(Problem) {
        func capped(_ sum: (partialValue: Int64, overflow: Bool)) -> Int64 { sum.overflow ? .max : sum.partialValue }
        let weight = capped(Int64(variant.weightGrams).multipliedReportingOverflow(by: Int64(units)))
        weightGrams = capped(weightGrams.addingReportingOverflow(weight))
        quantity = capped(quantity.addingReportingOverflow(Int64(units)))
        let value = try Money(variant.priceMinorUnits, currency).multiplied(by: units)
        valueMinorUnits = capped(valueMinorUnits.addingReportingOverflow(value.amount))
    }
}
