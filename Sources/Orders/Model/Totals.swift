public import Primitives

/// What an order costs, in minor units of one currency. Always computed from the lines, never typed in.
public struct Totals: Hashable, Sendable {
    public let currency: Currency
    public let subtotal: Money
    public let discount: Money
    public let shipping: Money
    public let tax: Money
    public let taxesIncluded: Bool
    /// Subtotal − discount + shipping, and the tax unless the prices include it.
    public let total: Money

    /// - Throws: `money.out_of_range`.
    public init(
        subtotal: Money, discount: Money, shipping: Money, tax: Money, taxesIncluded: Bool
    ) throws(Problem) {
        currency = subtotal.currency
        self.subtotal = subtotal
        self.discount = discount
        self.shipping = shipping
        self.tax = tax
        self.taxesIncluded = taxesIncluded
        let net = try subtotal.subtracting(discount).adding(shipping)
        total = taxesIncluded ? net : try net.adding(tax)
    }

    /// The totals of priced lines and their delivery.
    /// - Throws: `money.out_of_range`.
    public init(
        lines: [PricedLine], shipping: Money, shippingTaxes: [TaxLine] = [], taxesIncluded: Bool = false
    ) throws(Problem) {
        let currency = shipping.currency
        var (subtotal, discount) = (Money.zero(currency), Money.zero(currency))
        var tax = try shippingTaxes.total(currency)
        for line in lines {
            subtotal = try subtotal.adding(line.total)
            discount = try discount.adding(line.discount)
            tax = try tax.adding(line.tax)
        }
        try self.init(
            subtotal: subtotal, discount: discount, shipping: shipping, tax: tax, taxesIncluded: taxesIncluded)
    }
}

/// A line with its price, before it belongs to an order.
public struct PricedLine: Hashable, Sendable {
    public let id: LineID
    /// Nil for a line that names no variant of the catalogue.
    public let variant: VariantID?
    public let sku: String
    public let title: String
    public let quantity: Int
    public let unitPrice: Money
    /// Unit price times quantity.
    public let total: Money
    /// What is taken off the total.
    public let discount: Money
    /// The sum of the tax lines.
    public let tax: Money
    public let taxLines: [TaxLine]

    /// - Throws: `money.out_of_range`.
    public init(
        id: LineID, variant: VariantID?, sku: String, title: String, quantity: Int, unitPrice: Money,
        discount: Money? = nil, taxLines: [TaxLine] = []
    ) throws(Problem) {
        self.id = id
        self.variant = variant
        self.sku = sku
        self.title = title
        self.quantity = quantity
        self.unitPrice = unitPrice
        total = try unitPrice.multiplied(by: quantity)
        self.discount = discount ?? .zero(unitPrice.currency)
        self.taxLines = taxLines
        tax = try taxLines.total(unitPrice.currency)
    }
}
