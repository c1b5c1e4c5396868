public import Persistence
public import Primitives

/// Where a page of levels ended.
public struct StockPosition: Hashable, Sendable {
    public let available: Int
    public let variant: VariantID

    public init(available: Int, variant: VariantID) {
        self.available = available
        self.variant = variant
    }

    public init(_ level: StockLevel) {
        self.init(available: level.available, variant: level.variant)
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

    /// Forgets the stock of variants that no order holds any more.
    public static func forget(_ variants: [VariantID], store: StoreID, in tx: borrowing Transaction) throws {
        try StockTable.delete(variants, store: store, in: tx)
    }

    /// Where the books contradict themselves: units reserved that no reservation explains, or the reverse; negative
    /// or oversold stock. Empty in a sound database. At most `limit` sentences.
    ///
    /// Both sides are read in pages of so many rows, none of which takes long, but have to be of one moment: ask in a
    /// reading transaction, which sees one snapshot.
    public static func contradictions(
        limit: Int = 20, pageSize: Int = 10_000, in tx: borrowing Transaction
    ) throws -> [String] {
        var held = try heldUnits(pageSize: pageSize, in: tx)
        var found: [String] = []
        func note(_ place: StockPlace, onHand: Int, reserved: Int, held: Int) {
            found.append(
                "\(place.variant) of \(place.store): \(onHand) on hand, \(reserved) reserved, "
                    + "\(held) held by reservations")
        }
        var after: StockPlace?
        repeat {
            let page = try StockTable.page(after: after, limit: pageSize, in: tx)
            for (place, level) in page {
                let units = held.removeValue(forKey: place) ?? 0
                if level.reserved != units || level.available < 0 || level.onHand < 0 {
                    note(place, onHand: level.onHand, reserved: level.reserved, held: units)
                }
            }
            after = page.count == pageSize ? page.last?.place : nil
        } while after != nil && found.count < limit
        if after == nil {
            for (place, units) in held.sorted(by: { $0.key.variant < $1.key.variant }) {
                note(place, onHand: 0, reserved: 0, held: units)
            }
        }
        return Array(found.prefix(limit))
    }

    private static func heldUnits(pageSize: Int, in tx: borrowing Transaction) throws -> [StockPlace: Int] {
        var held: [StockPlace: Int] = [:]
        var after: ReservationPlace?
        repeat {
            let last = try ReservationTable.end(ofPageAfter: after, limit: pageSize, in: tx)
            for (place, quantity) in try ReservationTable.held(after: after, through: last, in: tx) {
                held[place, default: 0] += quantity
            }
            after = last
        } while after != nil
        return held
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
