public import Primitives

/// What was ordered, as it was then: later changes of the catalogue do not reach it.
public struct Order: Hashable, Sendable {
    public let id: OrderID
    public let store: StoreID
    /// Counts per store from 1001, with gaps.
    public let number: Int
    /// The merchant's own reference, unique in the store.
    public let externalID: String?
    public let checkout: CheckoutID?
    public var status: OrderStatus
    public var paymentStatus: PaymentStatus
    public var fulfillmentStatus: FulfillmentStatus
    public let paymentMethod: String
    public var lines: [OrderLine]
    public let totals: Totals
    public let taxes: OrderTaxes
    public let contact: Contact
    public let deliveryMethod: String
    /// For staff only; the buyer's own words are in `contact`.
    public var staffNote: String
    /// How and when it is delivered, as it was agreed.
    public var delivery: OrderDelivery
    public var tags: [String]
    public let placedAt: Instant
    public var canceledAt: Instant?
    public var cancelReason: String
    /// Grows by one with every change; the version of its newest event.
    public var version: Int
    public let createdAt: Instant

    public init(
        id: OrderID, store: StoreID, number: Int, externalID: String? = nil, checkout: CheckoutID? = nil,
        paymentStatus: PaymentStatus = .pending, paymentMethod: String, lines: [OrderLine], totals: Totals,
        taxes: OrderTaxes = .none, contact: Contact, deliveryMethod: String,
        delivery: OrderDelivery = OrderDelivery(), tags: [String] = [], placedAt: Instant, createdAt: Instant
    ) {
        self.id = id
        self.store = store
        self.number = number
        self.externalID = externalID
        self.checkout = checkout
        status = .open
        self.paymentStatus = paymentStatus
        fulfillmentStatus = .unfulfilled
        self.paymentMethod = paymentMethod
        self.lines = lines
        self.totals = totals
        self.taxes = taxes
        self.contact = contact
        self.deliveryMethod = deliveryMethod
        staffNote = ""
        self.delivery = delivery
        self.tags = tags
        self.placedAt = placedAt
        cancelReason = ""
        version = 1
        self.createdAt = createdAt
    }

    /// The number as people say it, such as `#1001`.
    public var name: String { "#\(number)" }
}

/// One line of an order.
public struct OrderLine: Hashable, Sendable {
    public let id: LineID
    public let variant: VariantID?
    public let sku: String
    public let title: String
    public let quantity: Int
    /// Units already delivered.
    public var fulfilledQuantity: Int
    public let unitPrice: Money
    public let total: Money
    public let discount: Money
    /// The sum of its tax lines.
    public let tax: Money
    public let taxLines: [TaxLine]

    /// A line of a new order.
    public init(_ line: PricedLine) {
        id = line.id
        variant = line.variant
        sku = line.sku
        title = line.title
        quantity = line.quantity
        fulfilledQuantity = 0
        unitPrice = line.unitPrice
        total = line.total
        discount = line.discount
        tax = line.tax
        taxLines = line.taxLines
    }

    init(
        id: LineID, variant: VariantID?, sku: String, title: String, quantity: Int, fulfilledQuantity: Int,
        unitPrice: Money, total: Money, discount: Money, tax: Money, taxLines: [TaxLine]
    ) {
        self.id = id
        self.variant = variant
        self.sku = sku
        self.title = title
        self.quantity = quantity
        self.fulfilledQuantity = fulfilledQuantity
        self.unitPrice = unitPrice
        self.total = total
        self.discount = discount
        self.tax = tax
        self.taxLines = taxLines
    }

    /// Units still to be delivered.
    public var openQuantity: Int { quantity - fulfilledQuantity }
}
