public import Persistence
public import Primitives

/// Promises units to an order, all or none.
///
/// The statement that takes the units is the guard: it changes the row only where enough are available. Variants are
/// taken in the order of their ids, so that two orders for the same variants queue up instead of deadlocking.
public struct ReserveStock: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let claims: [StockClaim]
    private let expiresAt: Instant?

    /// - Parameter expiresAt: when an unpaid promise lapses; nil when it holds until it is fulfilled or released.
    public init(store: StoreID, order: OrderID, claims: [StockClaim], expiresAt: Instant?) {
        self.store = store
        self.order = order
        self.claims = claims
        self.expiresAt = expiresAt
    }

    /// Submits the statements; `PendingReservation.shortages` tells how they ended and must be asked before commit.
    /// - Parameter levels: the present levels, which tell which variants are tracked.
    public func submit(tracked levels: [StockLevel], in tx: borrowing Transaction) throws -> PendingReservation {
        let tracked = Set(levels.map(\.variant))
        let held = claims.filter { tracked.contains($0.variant) }
        var totals: [VariantID: Int] = [:]
        for claim in held { totals[claim.variant, default: 0] += claim.quantity }
        var takings: [(variant: VariantID, taken: Later<Int>)] = []
        for (variant, quantity) in totals.sorted(by: { $0.key < $1.key }) {
            takings.append((variant, try StockTable.take(quantity, of: variant, store: store, in: tx)))
        }
        try ReservationTable.insert(held, order: order, store: store, expiresAt: expiresAt, in: tx)
        return PendingReservation(store: store, takings: takings)
    }
}

/// A reservation whose statements are on their way.
public struct PendingReservation {
    let store: StoreID
    let takings: [(variant: VariantID, taken: Later<Int>)]

    /// The variants of which too few are left; empty when everything is reserved. Otherwise the caller must throw,
    /// so that the transaction takes back what was reserved.
    public func shortages(in tx: borrowing Transaction) throws -> [StockShortage] {
        var short: [VariantID] = []
        for taking in takings where try taking.taken.rows().isEmpty { short.append(taking.variant) }
        guard !short.isEmpty else { return [] }
        let levels = try StockTable.levels(of: short, store: store, in: tx).rows()
        return short.map { variant in
            StockShortage(variant: variant, available: levels.first { $0.variant == variant }?.available ?? 0)
        }
    }
}
