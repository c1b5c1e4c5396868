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
    private let reason: MovementReason
    private let isTrial: Bool
    private let actor: Actor
    private let requestID: String?

    /// - Parameters:
    ///   - reason: `counted` or `imported`.
    ///   - isTrial: whether it only says what would come of the lines.
    public init(
        store: StoreID, lines: [Line], note: String = "", reason: MovementReason = .counted, isTrial: Bool = false,
        actor: Actor, requestID: String? = nil
    ) {
        self.store = store
        self.lines = lines
        self.note = note
        self.reason = reason
        self.isTrial = isTrial
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
        var book = try StockBook(variants, store: store, tracks: !isTrial, actor: actor, requestID: requestID, in: tx)
        var changed: Set<VariantID> = []
        var waiting: [Int] = []
        for (index, line) in lines.enumerated() {
            if let problem = closed[line.location] {
                outcome.refused.append((index, problem))
            } else if try !set(line, in: &book, &outcome, &changed, in: tx) {
                waiting.append(index)
            }
        }
        // Units that a later line brings may be what an earlier one lacked: those that move between locations.
        for index in waiting {
            let line = lines[index]
            let isLast = !lines[(index + 1)...].contains {
                $0.variant == line.variant && $0.location == line.location
            }
            if try isLast && set(line, in: &book, &outcome, &changed, in: tx) { continue }
            let free = book[line.variant]?.free ?? 0
            outcome.refused.append(
                (index, Self.belowReserved(book.units(of: line.variant, at: line.location) - free)))
        }
        outcome.refused.sort { $0.index < $1.index }
        guard !isTrial else { return outcome }
        for variant in changed.sorted() { book.tell("stock.set", of: variant) }
        try book.close(in: tx)
        return outcome
    }

    /// False when orders hold more than would be left.
    private func set(
        _ line: Line, in book: inout StockBook, _ outcome: inout Outcome, _ changed: inout Set<VariantID>,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let delta = line.onHand - book.units(of: line.variant, at: line.location)
        guard delta != 0 else {
            outcome.unchanged += 1
            return true
        }
        // A variant that is not tracked yet has no level in a trial.
        if let level = book[line.variant], level.free + delta < 0 { return false }
        try book.move(
            line.variant, by: delta, at: line.location, StockBook.Cause(reason: reason, note: note), in: tx)
        changed.insert(line.variant)
        outcome.changed += 1
        return true
    }

    private static func belowReserved(_ least: Int) -> Problem {
        Problem(.conflict, "stock.below_reserved", "Orders hold units: at least \(least) have to be there.")
    }
}
