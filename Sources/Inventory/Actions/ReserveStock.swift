public import Jobs
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
    private let keepsSafety: Bool

    /// - Parameter keepsSafety: false for those who may take the units that are kept back from buyers too.
    public init(store: StoreID, order: OrderID, claims: [StockClaim], keepsSafety: Bool = true) {
        self.store = store
        self.order = order
        self.claims = claims
        self.keepsSafety = keepsSafety
    }

    /// Takes the units. The statements travel with the next one that is waited for; then ask `reservation`.
    public func submit(in tx: borrowing Transaction) throws -> PendingReservation {
        var totals: [VariantID: Int] = [:]
        for claim in claims { totals[claim.variant, default: 0] += claim.quantity }
        var takings: [PendingReservation.Taking] = []
        for (variant, quantity) in totals.sorted(by: { $0.key < $1.key }) {
            let taken = try StockTable.take(
                quantity, of: variant, keepsSafety: keepsSafety, store: store, in: tx)
            takings.append((variant, quantity, taken))
        }
        return PendingReservation(
            store: store, order: order, claims: claims, keepsSafety: keepsSafety, takings: takings)
    }
}

/// Units that are being taken.
public struct PendingReservation {
    let store: StoreID
    let order: OrderID
    let claims: [StockClaim]
    let keepsSafety: Bool
    let takings: [Taking]

    typealias Taking = (variant: VariantID, quantity: Int, taken: Later<StockTable.Taken>)

    /// What was taken. When there are shortages the caller must throw, so that the transaction gives it back.
    public func reservation(in tx: borrowing Transaction) throws -> Reservation {
        var refused: [VariantID: Int] = [:]
        var low: [VariantID] = []
        var owed: [VariantID: Int] = [:]
        for taking in takings {
            guard let taken = try taking.taken.rows().first else {
                refused[taking.variant] = taking.quantity
                continue
            }
            if taken.isLow { low.append(taking.variant) }
            if taken.owed > 0 { owed[taking.variant] = taken.owed }
        }
        // Too few are left of those that are tracked.
        let short = refused.isEmpty ? [] : try StockTable.levels(of: refused.keys.sorted(), store: store, in: tx).rows()
        // What came in between two statements, which see different moments on PostgreSQL: another run takes it.
        guard !short.contains(where: { orderable($0) >= refused[$0.variant] ?? 0 }) else {
            throw DatabaseError.conflict
        }
        let untracked = Set(refused.keys).subtracting(short.map(\.variant))
        return Reservation(
            claims: Self.sharing(owed, among: claims.filter { !untracked.contains($0.variant) }),
            shortages: short.map { StockShortage(variant: $0.variant, available: orderable($0)) }, low: low,
            store: store, order: order)
    }

    private func orderable(_ level: StockLevel) -> Int {
        max(0, keepsSafety ? level.available : level.free) + level.orderableBeyond
    }

    /// The first lines of an order get what is there.
    private static func sharing(_ owed: [VariantID: Int], among claims: [StockClaim]) -> [StockClaim] {
        guard !owed.isEmpty else { return claims }
        var left = owed
        var shared = claims
        for index in shared.indices.reversed() {
            let part = min(left[shared[index].variant] ?? 0, shared[index].quantity)
            shared[index].owed = part
            left[shared[index].variant]? -= part
        }
        return shared
    }
}

/// Units that were taken for an order.
public struct Reservation: Sendable {
    /// The units of each line, of variants that are tracked.
    public let claims: [StockClaim]
    /// The variants of which too few are left; empty when everything was taken.
    public let shortages: [StockShortage]
    /// The variants of which few are left now.
    public let low: [VariantID]
    let store: StoreID
    let order: OrderID

    /// Writes down for which lines the units are held.
    /// - Parameter expiresAt: when an unpaid promise lapses; nil when it holds until it is fulfilled or released.
    public func hold(until expiresAt: Instant?, in tx: borrowing Transaction) throws {
        try ReservationTable.insert(claims, order: order, store: store, expiresAt: expiresAt, in: tx)
    }

    /// The job that the order owes where few units are left.
    public func reviewJobs(requestID: String?) -> [NewJob] {
        low.isEmpty ? [] : [Inventory.reviewJob(order: order, store: store, variants: low, requestID: requestID)]
    }
}
