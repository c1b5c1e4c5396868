public import Primitives

/// What is to be taxed: lines with their prices, a delivery, and a buyer somewhere.
public struct TaxBasket: Hashable, Sendable {
    /// A line with its price as the store states it.
    public struct Line: Hashable, Sendable {
        /// Nil for goods that are not taxable at all.
        public var taxClass: String?
        public var unitPrice: Money
        public var quantity: Int
        /// What is taken off the line's total.
        public var discount: Money

        public init(taxClass: String?, unitPrice: Money, quantity: Int, discount: Money? = nil) {
            self.taxClass = taxClass
            self.unitPrice = unitPrice
            self.quantity = quantity
            self.discount = discount ?? .zero(unitPrice.currency)
        }
    }

    public var lines: [Line]
    /// The price of the delivery, after what is taken off it.
    public var delivery: Money
    public var buyer: TaxBuyer
    /// The store's own country.
    public var home: String

    public init(lines: [Line], delivery: Money, buyer: TaxBuyer, home: String) {
        self.lines = lines
        self.delivery = delivery
        self.buyer = buyer
        self.home = home
    }
}

/// Who buys, as far as taxes are concerned.
public struct TaxBuyer: Hashable, Sendable {
    public var address: TaxAddress
    /// The number under which the buyer is registered for tax, its format checked.
    public var number: TaxNumber?
    /// Why the buyer is never taxed; nil when there is no reason.
    public var exemption: String?

    public init(address: TaxAddress, number: TaxNumber? = nil, exemption: String? = nil) {
        self.address = address
        self.number = number
        self.exemption = exemption
    }
}

/// How a basket was taxed.
public enum TaxTreatment: String, Hashable, Sendable, CaseIterable {
    /// By the rates of the zone, if any.
    case taxed
    /// The buyer is exempt.
    case exempt
    /// The buyer is a business in another country and owes the tax itself.
    case reverseCharge = "reverse_charge"
}

/// A tax and what it comes to.
public struct AppliedTax: Hashable, Sendable {
    public let title: String
    public let partsPerMillion: Int
    public let amount: Money
}

/// A basket with its taxes.
public struct TaxedBasket: Hashable, Sendable {
    /// A line of the basket.
    public struct Line: Hashable, Sendable {
        /// What a unit costs this buyer.
        public let unitPrice: Money
        /// What is taken off the line for this buyer.
        public let discount: Money
        public let taxes: [AppliedTax]
    }

    public let lines: [Line]
    /// What the delivery costs this buyer.
    public let delivery: Money
    public let deliveryTaxes: [AppliedTax]
    /// Whether the prices include the taxes; when not, the taxes are added.
    public let taxesIncluded: Bool
    public let treatment: TaxTreatment
    /// Whether a tax number from where the goods go would change anything.
    public let offersReverseCharge: Bool

    /// The sum of all taxes.
    /// - Throws: `money.out_of_range`.
    public func tax() throws(Problem) -> Money {
        try (lines.flatMap(\.taxes) + deliveryTaxes).total(delivery.currency)
    }
}

extension [AppliedTax] {
    /// The sum of the amounts.
    /// - Throws: `money.out_of_range`.
    public func total(_ currency: Currency) throws(Problem) -> Money {
        var total = Money.zero(currency)
        for tax in self { total = try total.adding(tax.amount) }
        return total
    }
}
