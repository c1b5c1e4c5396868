public import Persistence
public import Primitives

/// A line that somebody wants.
public struct WantedLine: Hashable, Sendable {
    public let variant: VariantID
    public let quantity: Int

    public init(variant: VariantID, quantity: Int) {
        self.variant = variant
        self.quantity = quantity
    }
}

/// Opens a checkout. Nothing is promised yet: stock is taken when it becomes an order.
public struct StartCheckout: Sendable {
    private let store: StoreID
    private let id: CheckoutID
    private let lines: [WantedLine]
    private let contact: Contact
    private let deliveryMethod: String?
    private let deliveryWindow: String?
    private let taxNumber: String?
    private let currency: Currency?
    private let customer: CustomerID?

    /// - Parameters:
    ///   - id: 128 random bits; it is the secret that opens the checkout.
    ///   - currency: nil for the store's own.
    ///   - customer: whose prices count; nil for anybody.
    /// - Throws: `checkout.empty`.
    public init(
        store: StoreID, id: CheckoutID, lines: [WantedLine], contact: Contact, deliveryMethod: String?,
        deliveryWindow: String? = nil, taxNumber: String? = nil, currency: Currency? = nil,
        customer: CustomerID? = nil
    ) throws(Problem) {
        guard !lines.isEmpty else { throw Checkout.emptyProblem }
        self.store = store
        self.id = id
        self.lines = lines
        self.contact = contact
        self.deliveryMethod = deliveryMethod
        self.deliveryWindow = deliveryWindow
        self.taxNumber = taxNumber
        self.currency = currency
        self.customer = customer
    }

    public func run(in tx: borrowing Transaction) throws -> Checkout {
        var checkout = Checkout(
            id: id, store: store, status: .open, lines: [], contact: contact, currency: currency, customer: customer,
            deliveryMethod: deliveryMethod, deliveryWindow: deliveryWindow, taxNumber: taxNumber,
            expiresAt: tx.now.adding(seconds: Orders.checkoutLifetimeSeconds), order: nil, createdAt: tx.now)
        for line in lines {
            checkout.lines.append(.init(id: tx.newIdentifier(), variant: line.variant, quantity: line.quantity))
        }
        try CheckoutTable.insert(checkout, in: tx)
        return checkout
    }
}

extension Checkout {
    static let emptyProblem = Problem(
        .invalid, "checkout.empty", "A checkout needs at least one line.",
        errors: [.init(pointer: "/lines", code: "required", detail: "Add at least one line.")])
}
