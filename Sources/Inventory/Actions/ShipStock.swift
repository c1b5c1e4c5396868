public import Persistence
public import Primitives

/// Takes fulfilled units out of the house and off the order's promise.
public struct ShipStock: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let quantities: [(line: LineID, quantity: Int)]
    private let location: LocationID?
    private let actor: Actor
    private let requestID: String?

    /// - Parameters:
    ///   - quantities: a line may be there several times.
    ///   - location: where they leave from; nil to take them where they are, by the locations' priorities.
    public init(
        store: StoreID, order: OrderID, quantities: [(line: LineID, quantity: Int)], location: LocationID? = nil,
        actor: Actor, requestID: String? = nil
    ) {
        self.store = store
        self.order = order
        self.quantities = quantities
        self.location = location
        self.actor = actor
        self.requestID = requestID
    }

    /// Lines that hold no reservation (not tracked when ordered) are passed over.
    /// - Throws: `stock.backordered` for units that are not there yet, `stock.insufficient_at_location`, `not_found`.
    public func run(in tx: borrowing Transaction) throws {
        if let location { _ = try Inventory.requireLocation(location, of: store, in: tx) }
        let claims = try ReservationTable.lockAll(order: order, store: store, in: tx)
        var wanted: [LineID: Int] = [:]
        for (line, quantity) in quantities { wanted[line, default: 0] += quantity }
        let shipped = claims.filter { wanted[$0.line] != nil }
        guard !shipped.isEmpty else { return }
        try requireThere(shipped, wanted)
        var book = try StockBook(
            shipped.map(\.variant), store: store, tracks: false, actor: actor, requestID: requestID, in: tx)
        let locations = try location.map { [$0] } ?? Inventory.sources(for: book, in: tx)
        for claim in shipped {
            let quantity = min(wanted[claim.line] ?? 0, claim.quantity)
            try ReservationTable.reduce(claim, by: quantity, order: order, store: store, in: tx)
            book.unreserve(claim.variant, quantity: quantity)
            do {
                try book.take(
                    quantity, of: claim.variant, from: locations, StockBook.Cause(reason: .sold, order: order), in: tx)
            } catch let problem as Problem {
                throw problem.pointing(at: location == nil ? "/lines" : "/location_id")
            }
        }
        try book.close(in: tx)
    }

    private func requireThere(_ claims: [StockClaim], _ wanted: [LineID: Int]) throws(Problem) {
        let short = claims.filter { min(wanted[$0.line] ?? 0, $0.quantity) > $0.quantity - $0.owed }
        guard !short.isEmpty else { return }
        throw Problem(
            .conflict, "stock.backordered",
            "Some of these units are back-ordered and cannot be sent before they have come: name what is there.",
            errors: short.prefix(100).map { claim in
                let there = claim.quantity - claim.owed
                let index = quantities.firstIndex { $0.line == claim.line } ?? 0
                return .init(
                    pointer: "/lines/\(index)/quantity", code: "backordered",
                    detail: "\(there) of \(claim.quantity) are there.", available: there)
            })
    }
}
