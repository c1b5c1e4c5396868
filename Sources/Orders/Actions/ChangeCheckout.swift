public import Persistence
public import Primitives

/// Changes what a checkout wants or who it is for, and extends its life.
public struct ChangeCheckout: Sendable {
    /// A field that is left alone, or set (to nothing, too).
    public enum Change<Value: Sendable>: Sendable {
        case keep
        case set(Value)
    }

    public var lines: Change<[WantedLine]> = .keep
    /// Makes the new lines of those that are there, which nobody else can change meanwhile; before `lines`.
    public var revisesLines: (@Sendable ([WantedLine]) throws -> [WantedLine])?
    public var email: Change<EmailAddress?> = .keep
    public var phone: Change<PhoneNumber?> = .keep
    public var shippingAddress: Change<Address?> = .keep
    public var deliveryMethod: Change<String?> = .keep
    public var deliveryWindow: Change<String?> = .keep
    public var note: Change<String> = .keep
    public var taxNumber: Change<String?> = .keep
    public var taxExemption: Change<String?> = .keep
    public var currency: Change<Currency?> = .keep
    private let store: StoreID
    private let id: CheckoutID

    public init(store: StoreID, id: CheckoutID) {
        self.store = store
        self.id = id
    }

    /// - Throws: `not_found`, `checkout.expired`, `checkout.completed`, `checkout.empty`.
    public func run(in tx: borrowing Transaction) throws -> Checkout {
        guard var checkout = try CheckoutTable.find(id, store: store, locking: true, in: tx) else {
            throw Problem.notFound("checkout")
        }
        try checkout.requireOpen(at: tx.now)
        var lines = lines
        if let revisesLines {
            lines = .set(
                try revisesLines(checkout.lines.map { WantedLine(variant: $0.variant, quantity: $0.quantity) }))
        }
        if case .set(let wanted) = lines {
            guard !wanted.isEmpty else { throw Checkout.emptyProblem }
            let former = checkout.lines
            checkout.lines = []
            for line in wanted {
                // A line that stays the same keeps its id, so that pages can tell lines apart.
                let kept = former.first { old in
                    old.variant == line.variant && !checkout.lines.contains { $0.id == old.id }
                }
                checkout.lines.append(
                    .init(id: kept?.id ?? tx.newIdentifier(), variant: line.variant, quantity: line.quantity))
            }
        }
        if case .set(let value) = email { checkout.contact.email = value }
        if case .set(let value) = phone { checkout.contact.phone = value }
        if case .set(let value) = shippingAddress { checkout.contact.shippingAddress = value }
        if case .set(let value) = deliveryMethod { checkout.deliveryMethod = value }
        if case .set(let value) = deliveryWindow { checkout.deliveryWindow = value }
        if case .set(let value) = note { checkout.contact.note = value }
        if case .set(let value) = taxNumber { checkout.taxNumber = value }
        if case .set(let value) = taxExemption { checkout.taxExemption = value }
        if case .set(let value) = currency { checkout.currency = value }
        checkout.expiresAt = tx.now.adding(seconds: Orders.checkoutLifetimeSeconds)
        try CheckoutTable.update(checkout, in: tx)
        return checkout
    }
}
