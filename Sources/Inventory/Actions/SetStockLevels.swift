import EventLog
public import Persistence
public import Primitives

/// Sets how many units of many variants are at locations, as a sheet or another system says. What cannot be set is left
/// as it is and told; the rest is set.
public struct SetStockLevels: Sendable {
    /// One line of the sheet.
    public struct Line: Sendable {
        public let variant: VariantID
        public let location: LocationID
        public let onHand: Int

        /// - Parameter onHand: not negative.
        public init(variant: VariantID, location: LocationID, onHand: Int) {
            self.variant = variant
            self.location = location
            self.onHand = onHand
        }
    }

    /// What became of the lines.
    public struct Outcome: Sendable {
        public var changed = 0
        public var unchanged = 0
        /// By the places of the lines.
        public var refused: [(index: Int, problem: Problem)] = []
    }

    private let store: StoreID
    private let lines: [Line]
    private let note: String
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, lines: [Line], note: String = "", actor: Actor, requestID: String? = nil) {
        self.store = store
        self.lines = lines
        self.note = note
        self.actor = actor
        self.requestID = requestID
    }

    /// The last of several lines about one variant at one place counts.
    public func run(in tx: borrowing Transaction) throws -> Outcome {
        var outcome = Outcome()
        var closed: [LocationID: Problem] = [:]
        // The rows of locations come before those of stock, and in one order, as everywhere.
        for location in Set(lines.map(\.location)).sorted() {
            do {
                try Inventory.requireOpen(location, of: store, in: tx)
            } catch let problem as Problem {
                closed[location] = problem
            }
        }
        let variants = lines.filter { closed[$0.location] == nil }.map(\.variant)
        var book = try StockBook(variants, store: store, tracks: true, actor: actor, requestID: requestID, in: tx)
        var changed: Set<VariantID> = []
        for (index, line) in lines.enumerated() {
            if let problem = closed[line.location] {
                outcome.refused.append((index, problem))
                continue
            }
            let delta = line.onHand - book.units(of: line.variant, at: line.location)
            guard delta != 0 else {
                outcome.unchanged += 1
                continue
            }
            let free = book[line.variant]?.free ?? 0
            guard free + delta >= 0 else {
                outcome.refused.append((index, Self.belowReserved(line.onHand - free - delta)))
                continue
            }
            try book.move(
                line.variant, by: delta, at: line.location, StockBook.Cause(reason: .counted, note: note), in: tx)
            changed.insert(line.variant)
            outcome.changed += 1
        }
        for variant in changed.sorted() { book.tell("stock.set", of: variant) }
        try book.close(in: tx)
        return outcome
    }

    private static func belowReserved(_ least: Int) -> Problem {
        Problem(.conflict, "stock.below_reserved", "Orders hold units: at least \(least) have to be there.")
    }
}
