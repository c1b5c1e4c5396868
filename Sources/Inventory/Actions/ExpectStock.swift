import EventLog
public import Persistence
public import Primitives

/// Notes units that a supplier is to bring. Their day is told to buyers of what is owed or sold out.
public struct ExpectStock: Sendable {
    private let store: StoreID
    private let variant: VariantID
    private let location: LocationID
    private let quantity: Int
    private let expectedAt: Instant?
    private let supplier: String
    private let note: String
    private let actor: Actor
    private let requestID: String?

    /// - Parameters:
    ///   - quantity: at least 1.
    ///   - location: where they are to arrive; the main one when nil.
    public init(
        store: StoreID, variant: VariantID, quantity: Int, location: LocationID? = nil, expectedAt: Instant?,
        supplier: String = "", note: String = "", actor: Actor, requestID: String? = nil
    ) {
        self.store = store
        self.variant = variant
        self.location = location ?? LocationID(main: store)
        self.quantity = quantity
        self.expectedAt = expectedAt
        self.supplier = supplier
        self.note = note
        self.actor = actor
        self.requestID = requestID
    }

    /// The variant is tracked from then on.
    /// - Throws: `validation.failed` for a location that is not there, `location.closed`.
    public func run(in tx: borrowing Transaction) throws -> IncomingStock {
        try Inventory.requireOpen(location, of: store, in: tx)
        var book = try StockBook([variant], store: store, tracks: true, actor: actor, requestID: requestID, in: tx)
        let incoming = IncomingStock(
            id: tx.newIdentifier(), variant: variant, location: location, quantity: quantity, received: 0,
            status: .expected, expectedAt: expectedAt, supplier: supplier, note: note, createdAt: tx.now)
        try IncomingTable.insert(incoming, store: store, in: tx)
        book.setExpected(try IncomingTable.nextDay(of: variant, store: store, in: tx), of: variant)
        book.tell(
            "stock.expected", of: variant,
            ["incoming_id": .string(incoming.id.description), "quantity": .integer(Int64(quantity))])
        try book.close(in: tx)
        return incoming
    }
}

/// Changes what is known of a delivery that is still expected.
public struct ChangeIncoming: Sendable {
    /// What happens to it.
    public enum Change: Sendable {
        /// Nil leaves a part as it is.
        case details(expectedAt: Instant?, supplier: String?, note: String?)
        /// So many units have come.
        case receive(Int)
        /// What is left will not come.
        case cancel
    }

    private let store: StoreID
    private let id: IncomingStockID
    private let change: Change
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, id: IncomingStockID, _ change: Change, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.id = id
        self.change = change
        self.actor = actor
        self.requestID = requestID
    }

    /// Units that came go to those to whom they are owed, the oldest order first.
    /// - Throws: `not_found`, `incoming.not_expected` when it is over, `incoming.too_many` for more than is left,
    ///   `location.closed`.
    public func run(in tx: borrowing Transaction) throws -> IncomingStock {
        // The location's row is locked before the stock's, as everywhere.
        guard let seen = try IncomingTable.find(id, store: store, locks: false, in: tx) else {
            throw Problem.notFound("delivery")
        }
        if case .receive = change { try Inventory.requireOpen(seen.location, of: store, in: tx) }
        guard var incoming = try IncomingTable.find(id, store: store, locks: true, in: tx) else {
            throw Problem.notFound("delivery")
        }
        guard incoming.status == .expected else {
            throw Problem(.conflict, "incoming.not_expected", "This delivery is \(incoming.status.rawValue) already.")
        }
        var book = try StockBook(
            [incoming.variant], store: store, tracks: false, actor: actor, requestID: requestID, in: tx)
        switch change {
        case .details(let expectedAt, let supplier, let note):
            incoming.expectedAt = expectedAt ?? incoming.expectedAt
            incoming.supplier = supplier ?? incoming.supplier
            incoming.note = note ?? incoming.note
        case .receive(let quantity): try receive(quantity, of: &incoming, &book, in: tx)
        case .cancel: incoming.status = .canceled
        }
        try IncomingTable.save(incoming, store: store, in: tx)
        let nextDay = try IncomingTable.nextDay(of: incoming.variant, store: store, in: tx)
        book.setExpected(nextDay, of: incoming.variant)
        try book.close(in: tx)
        return incoming
    }

    private func receive(
        _ quantity: Int, of incoming: inout IncomingStock, _ book: inout StockBook, in tx: borrowing Transaction
    ) throws {
        guard book[incoming.variant] != nil else { throw Problem.notFound("variant") }
        guard quantity <= incoming.outstanding else {
            throw Problem(
                .conflict, "incoming.too_many",
                "Only \(incoming.outstanding) units are still expected; take in what is beyond as an adjustment.",
                errors: [
                    .init(
                        pointer: "/quantity", code: "too_many", detail: "At most \(incoming.outstanding) units.",
                        available: incoming.outstanding)
                ])
        }
        incoming.received += quantity
        if incoming.received == incoming.quantity { incoming.status = .received }
        let cause = StockBook.Cause(reason: .received, note: incoming.supplier, id: incoming.id.description)
        try book.move(incoming.variant, by: quantity, at: incoming.location, cause, in: tx)
        book.tell(
            "stock.received", of: incoming.variant,
            ["incoming_id": .string(incoming.id.description), "quantity": .integer(Int64(quantity))])
    }
}
