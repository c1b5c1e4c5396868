public import Primitives

/// The stock of one variant. A variant without one is not tracked: any quantity can be ordered.
public struct StockLevel: Hashable, Sendable {
    public let variant: VariantID
    /// Units in the house.
    public let onHand: Int
    /// Units of these that are promised to orders.
    public let reserved: Int

    public init(variant: VariantID, onHand: Int, reserved: Int) {
        self.variant = variant
        self.onHand = onHand
        self.reserved = reserved
    }

    /// Units that can still be ordered.
    public var available: Int { onHand - reserved }
}

/// Units of a variant that one line of an order wants, or holds.
public struct StockClaim: Hashable, Sendable {
    public let line: LineID
    public let variant: VariantID
    public let quantity: Int

    public init(line: LineID, variant: VariantID, quantity: Int) {
        self.line = line
        self.variant = variant
        self.quantity = quantity
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
