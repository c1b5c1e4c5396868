public import Persistence
public import Primitives

/// Where a page of levels ended.
public struct StockPosition: Hashable, Sendable {
    /// Units in the house without those that are promised; negative where more are promised.
    public let balance: Int
    public let variant: VariantID

    public init(balance: Int, variant: VariantID) {
        self.balance = balance
        self.variant = variant
    }

    public init(_ level: StockLevel) {
        self.init(balance: level.onHand - level.reserved, variant: level.variant)
    }
}

extension Inventory {
    /// The levels of those of the variants that are tracked. Submitted now, read later.
    public static func levels(
        of variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<StockLevel> {
        try StockTable.levels(of: variants, store: store, in: tx)
    }

    /// A page of the levels of all variants that are tracked, the least available first.
    public static func levels(
        of store: StoreID, after position: StockPosition?, limit: Int, in tx: borrowing Transaction
    ) throws -> [StockLevel] {
        try StockTable.page(of: store, after: position, limit: limit, in: tx)
    }

    /// Orders whose unpaid promises have lapsed by now, the longest lapsed first; an order whose reservations lapse at
    /// different moments is there for each.
    public static func lapsedOrders(limit: Int, in tx: borrowing Transaction) throws -> [LapsedOrder] {
        try ReservationTable.lapsed(limit: limit, in: tx)
    }

    /// The orders that hold units, by store and id, for comparison with what those orders have left to deliver.
    /// - Parameter after: the last order of the page before.
    public static func heldOrders(
        after: HeldOrder?, limit: Int, in tx: borrowing Transaction
    ) throws -> [HeldOrder] {
        try ReservationTable.totals(after: after, limit: limit, in: tx)
    }
}
