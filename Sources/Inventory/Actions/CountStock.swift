import EventLog
public import Persistence
public import Primitives

/// Opens a count of what is at a location.
public struct StartCount: Sendable {
    private let store: StoreID
    private let location: LocationID
    private let note: String

    /// - Parameter location: the main one when nil.
    public init(store: StoreID, location: LocationID? = nil, note: String = "") {
        self.store = store
        self.location = location ?? LocationID(main: store)
        self.note = note
    }

    /// - Throws: `validation.failed` for a location that is not there.
    public func run(in tx: borrowing Transaction) throws -> StockCount {
        _ = try Inventory.requireLocation(location, of: store, in: tx)
        let count = StockCount(
            id: tx.newIdentifier(), location: location, status: .open, note: note, createdAt: tx.now,
            changedAt: tx.now, lines: [])
        try CountTable.insert(count, store: store, in: tx)
        return count
    }
}

/// Writes down what was counted, beside what the books have at this moment.
public struct EnterCount: Sendable {
    private let store: StoreID
    private let id: StockCountID
    private let counted: [VariantID: Int]

    /// - Parameter counted: not negative; a variant that was entered before is counted anew.
    public init(store: StoreID, id: StockCountID, counted: [VariantID: Int]) {
        self.store = store
        self.id = id
        self.counted = counted
    }

    /// - Throws: `not_found`, `count.not_open`, `count.too_long`.
    public func run(in tx: borrowing Transaction) throws -> StockCount {
        let count = try Inventory.requireOpenCount(id, of: store, in: tx)
        // The rows are locked so that no unit comes or goes between looking and writing down.
        let book = try StockBook(
            counted.keys, store: store, tracks: false, actor: .system, requestID: nil, in: tx)
        let lines = counted.sorted { $0.key < $1.key }.map { variant, counted in
            StockCount.Line(
                variant: variant, expected: book.units(of: variant, at: count.location), counted: counted, at: tx.now)
        }
        try CountTable.saveLines(lines, of: id, store: store, in: tx)
        guard try CountTable.lineCount(id, store: store, in: tx) <= StockCount.mostLines else {
            throw Problem(
                .conflict, "count.too_long",
                "A count has at most \(StockCount.mostLines) variants: apply this one and start another.")
        }
        return try CountTable.find(id, store: store, locks: false, in: tx) ?? count
    }
}

/// Brings the books to what was counted, or gives the count up.
public struct CloseCount: Sendable {
    /// What happens to it.
    public enum Outcome: Sendable {
        /// The differences become movements, except of variants that are gone.
        case apply(without: Set<VariantID>)
        case cancel
    }

    private let store: StoreID
    private let id: StockCountID
    private let outcome: Outcome
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, id: StockCountID, _ outcome: Outcome, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.id = id
        self.outcome = outcome
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `count.not_open`, `location.closed`, `stock.below_reserved` and
    ///   `stock.insufficient_at_location` with the variant in `references`; then nothing is applied.
    public func run(in tx: borrowing Transaction) throws -> StockCount {
        if case .apply = outcome, let seen = try CountTable.find(id, store: store, locks: false, in: tx) {
            try Inventory.requireOpen(seen.location, of: store, in: tx)
        }
        var count = try Inventory.requireOpenCount(id, of: store, in: tx)
        switch outcome {
        case .cancel: count.status = .canceled
        case .apply(let gone):
            count.status = .applied
            let lines = count.lines.filter { !gone.contains($0.variant) }
            var book = try StockBook(
                lines.map(\.variant), store: store, tracks: true, actor: actor, requestID: requestID, in: tx)
            let cause = StockBook.Cause(reason: .counted, note: count.note, id: id.description)
            for line in lines where line.difference != 0 {
                try book.move(line.variant, by: line.difference, at: count.location, cause, in: tx)
                book.tell(
                    "stock.counted", of: line.variant,
                    ["count_id": .string(id.description), "delta": .integer(Int64(line.difference))])
            }
            try book.close(in: tx)
        }
        count.changedAt = tx.now
        try CountTable.save(count, store: store, in: tx)
        return count
    }
}
