public import Persistence
public import Primitives

extension Inventory {
    /// The levels of those of the variants that are tracked. Submitted now, read later.
    public static func levels(
        of variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<StockLevel> {
        try StockTable.levels(of: variants, store: store, in: tx)
    }

    /// Forgets the stock of variants that no order holds any more.
    public static func forget(_ variants: [VariantID], store: StoreID, in tx: borrowing Transaction) throws {
        try StockTable.delete(variants, store: store, in: tx)
    }

    /// Where the books contradict themselves: units reserved that no reservation explains, or the reverse; negative
    /// or oversold stock. Empty in a sound database. At most `limit` sentences.
    public static func contradictions(limit: Int = 20, in tx: borrowing Transaction) throws -> [String] {
        try StockTable.contradictions(limit: limit, in: tx)
    }

    /// The orders that hold units, by store and id, for comparison with what those orders have left to deliver.
    /// - Parameter after: the last order of the page before.
    public static func heldOrders(
        after: HeldOrder?, limit: Int, in tx: borrowing Transaction
    ) throws -> [HeldOrder] {
        try ReservationTable.totals(after: after, limit: limit, in: tx)
    }
}
