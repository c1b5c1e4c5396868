import EventLog
public import Persistence
public import Primitives

/// Sets how many units are at a location, as somebody counted them; from then on the variant is tracked.
public struct SetStock: Sendable {
    private let store: StoreID
    private let variant: VariantID
    private let onHand: Int
    private let location: LocationID
    private let actor: Actor
    private let requestID: String?

    /// - Parameters:
    ///   - onHand: not negative.
    ///   - location: the main one when nil.
    public init(
        store: StoreID, variant: VariantID, onHand: Int, location: LocationID? = nil, actor: Actor,
        requestID: String? = nil
    ) {
        self.store = store
        self.variant = variant
        self.onHand = onHand
        self.location = location ?? LocationID(main: store)
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `stock.below_reserved` when orders hold more units than would be left: cancel or fulfil some first;
    ///   `not_found`, `location.closed`.
    public func run(in tx: borrowing Transaction) throws -> StockLevel {
        try Inventory.requireOpen(location, of: store, in: tx)
        var book = try StockBook([variant], store: store, tracks: true, actor: actor, requestID: requestID, in: tx)
        let delta = onHand - book.units(of: variant, at: location)
        do {
            try book.move(variant, by: delta, at: location, StockBook.Cause(reason: .counted), in: tx)
            book.tell("stock.set", of: variant)
            try book.close(in: tx)
        } catch let problem as Problem {
            throw problem.pointing(at: "/on_hand")
        }
        guard let level = book[variant] else { throw Problem.notFound("variant") }
        return level
    }
}

extension Problem {
    /// The same problem about a member of the request; for those who do not know its name.
    func pointing(at pointer: String) -> Problem {
        var problem = self
        for index in problem.errors.indices where problem.errors[index].pointer.isEmpty {
            problem.errors[index].pointer = pointer
        }
        return problem
    }
}
