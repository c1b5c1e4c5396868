public import Primitives

/// The stock of one variant. A variant without one is not tracked: any quantity can be ordered.
public struct StockLevel: Hashable, Sendable {
    public let variant: VariantID
    /// Units in the house, at all locations.
    public var onHand: Int
    /// Units that are promised to orders, those that are owed included.
    public var reserved: Int
    /// Units that are promised and not there: back-orders.
    public var owed: Int
    /// Units of those in the house that are not at the main location.
    public var elsewhere: Int
    public var policy: StockPolicy
    /// When units are expected next, where it is known.
    public var expectedAt: Instant?

    public init(
        variant: VariantID, onHand: Int, reserved: Int, owed: Int = 0, elsewhere: Int = 0,
        policy: StockPolicy = StockPolicy(), expectedAt: Instant? = nil
    ) {
        self.variant = variant
        self.onHand = onHand
        self.reserved = reserved
        self.owed = owed
        self.elsewhere = elsewhere
        self.policy = policy
        self.expectedAt = expectedAt
    }

    /// Units in the house that are promised to nobody.
    public var free: Int { onHand - (reserved - owed) }

    /// Units in the house that buyers can still order.
    public var available: Int { max(0, free - policy.safety) }

    /// Units at the main location.
    public var atMain: Int { onHand - elsewhere }

    /// Units that buyers can order, those that come later included; nil where there is no end to them.
    public var orderable: Int? {
        policy.backorderLimit == StockPolicy.noLimit ? nil : available + orderableBeyond
    }

    /// Whether what buyers order now has to come first.
    public var isBackordered: Bool { available == 0 && orderableBeyond > 0 }

    /// Units that buyers can order beyond those.
    public var orderableBeyond: Int { max(0, policy.backorderLimit - owed) }

    /// Whether few enough are left to be told.
    public var isLow: Bool { available <= policy.lowAt }
}

/// What a merchant has said about how a variant is sold.
public struct StockPolicy: Hashable, Sendable {
    /// Units that are kept back from buyers.
    public var safety: Int
    /// Units that may be owed at any moment; 0 where a variant is not sold beyond its stock.
    public var backorderLimit: Int
    /// Units at or below which its stock counts as low.
    public var lowAt: Int

    public init(safety: Int = 0, backorderLimit: Int = 0, lowAt: Int = Inventory.lowStockThreshold) {
        self.safety = safety
        self.backorderLimit = backorderLimit
        self.lowAt = lowAt
    }

    /// The limit of a variant that may be owed without end.
    public static let noLimit = 9_007_199_254_740_991
}

/// Units of a variant that one line of an order wants, or holds.
public struct StockClaim: Hashable, Sendable {
    public let line: LineID
    public let variant: VariantID
    public let quantity: Int
    /// Units of these that are not there yet.
    public var owed: Int

    public init(line: LineID, variant: VariantID, quantity: Int, owed: Int = 0) {
        self.line = line
        self.variant = variant
        self.quantity = quantity
        self.owed = owed
    }
}

/// An order and the units that it holds of all variants.
public struct HeldOrder: Hashable, Sendable {
    public let store: StoreID
    public let order: OrderID
    public let quantity: Int
}

/// An order that holds units beyond the time for which they were promised.
public struct LapsedOrder: Hashable, Sendable {
    public let store: StoreID
    public let order: OrderID
    public let expiredAt: Instant
}

/// A variant of which fewer units are left than were wanted.
public struct StockShortage: Hashable, Sendable {
    public let variant: VariantID
    public let available: Int
}
