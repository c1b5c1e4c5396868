public import Persistence
public import Primitives

/// Takes fulfilled units out of the house and off the order's promise.
public struct ShipStock: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let quantities: [(line: LineID, quantity: Int)]

    /// - Parameter quantities: a line may be there several times.
    public init(store: StoreID, order: OrderID, quantities: [(line: LineID, quantity: Int)]) {
        self.store = store
        self.order = order
        self.quantities = quantities
    }

    /// Lines that hold no reservation (not tracked when ordered) are passed over.
    public func run(in tx: borrowing Transaction) throws {
        let claims = try ReservationTable.lockAll(order: order, store: store, in: tx)
        var wanted: [LineID: Int] = [:]
        for (line, quantity) in quantities { wanted[line, default: 0] += quantity }
        var shipped: [StockClaim] = []
        for claim in claims {
            guard let quantity = wanted[claim.line] else { continue }
            let part = StockClaim(line: claim.line, variant: claim.variant, quantity: min(quantity, claim.quantity))
            try ReservationTable.reduce(claim, by: part.quantity, order: order, store: store, in: tx)
            shipped.append(part)
        }
        try StockTable.settle(shipped, leavesHouse: true, store: store, in: tx)
    }
}
