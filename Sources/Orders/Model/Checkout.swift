public import Primitives

/// Where a checkout stands.
public enum CheckoutStatus: String, Sendable, CaseIterable {
    case open, completed, expired

    public static let transitions = TransitionTable<CheckoutStatus>(
        initial: [.open], targets: [.open: [.completed, .expired], .completed: [], .expired: []])
}

/// What somebody is about to order. It holds what they want and who they are; prices come from the catalogue each
/// time it is shown, until it becomes an order.
public struct Checkout: Hashable, Sendable {
    /// A variant and how many of it.
    public struct Line: Hashable, Sendable {
        public let id: LineID
        public let variant: VariantID
        public let quantity: Int
    }

    public let id: CheckoutID
    public let store: StoreID
    public var status: CheckoutStatus
    /// In the order given, never merged.
    public var lines: [Line]
    public var contact: Contact
    /// What its lines, its delivery and its order are in; nil for the store's own.
    public var currency: Currency?
    /// Whose prices count; only back ends say so. Nil for anybody.
    public var customer: CustomerID?
    /// The id of a delivery method; nil while there is only one to choose from.
    public var deliveryMethod: String?
    /// The id of a window of that method.
    public var deliveryWindow: String?
    /// The number under which the buyer is registered for tax, in its plain form.
    public var taxNumber: String?
    /// Why staff said that this buyer is never taxed.
    public var taxExemption: String?
    public var expiresAt: Instant
    /// The order it became.
    public var order: OrderID?
    public let createdAt: Instant

    /// The status as of a moment: an open checkout whose time has passed is expired, whether marked or not.
    public func status(at now: Instant) -> CheckoutStatus {
        status == .open && expiresAt <= now ? .expired : status
    }

    /// - Throws: `checkout.expired`, `checkout.completed`.
    public func requireOpen(at now: Instant) throws(Problem) {
        switch status(at: now) {
        case .open: return
        case .expired: throw Problem(.gone, "checkout.expired", "This checkout has expired; start a new one.")
        case .completed:
            throw Problem(.conflict, "checkout.completed", "This checkout has become an order and cannot change.")
        }
    }
}

/// A way to have an order delivered.
public struct DeliveryMethod: Hashable, Sendable {
    public let id: String
    public let title: String
    public let priceMinorUnits: Int64

    public init(id: String, title: String, priceMinorUnits: Int64) {
        self.id = id
        self.title = title
        self.priceMinorUnits = priceMinorUnits
    }

    /// What a new store offers: everywhere, free.
    public static let standard = DeliveryMethod(id: "standard", title: "Standard delivery", priceMinorUnits: 0)
}
