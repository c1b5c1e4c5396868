import Catalog
import Inventory
public import Persistence
public import Primitives

/// Stock levels as rows of text, the way sheets carry them: an SKU, the name of a location, a number of units.
///
/// Rows that are wrong are told with their column and reason, and the good ones are kept.
public struct StockSheet: Sendable {
    /// The columns, in the order in which they are written.
    public static let columns = ["sku", "location", "on_hand"]
    /// The most rows that one transaction sets.
    public static let mostRows = 1000

    /// One row.
    public struct Row: Hashable, Sendable {
        /// Where it stands in its file, from 1.
        public let number: Int
        public let sku: String
        /// A location's name; empty for the main one.
        public let location: String
        public let onHand: String

        public init(number: Int, sku: String, location: String, onHand: String) {
            self.number = number
            self.sku = sku
            self.location = location
            self.onHand = onHand
        }
    }

    /// A row that was not taken.
    public struct Refusal: Hashable, Sendable {
        public let row: Int
        public let column: String
        public let reason: String
    }

    /// What became of the rows.
    public struct Report: Hashable, Sendable {
        public var changed = 0
        public var unchanged = 0
        public var refused: [Refusal] = []
    }

    private let store: StoreID
    private let rows: [Row]
    private let actor: Actor
    private let requestID: String?

    /// - Parameter rows: at most `mostRows`; longer sheets come in several.
    public init(store: StoreID, rows: [Row], actor: Actor, requestID: String?) {
        self.store = store
        self.rows = rows
        self.actor = actor
        self.requestID = requestID
    }

    public func run(in tx: borrowing Transaction) throws -> Report {
        let found = try Catalog.sellableVariants(skus: Set(rows.map(\.sku)).sorted(), of: store, in: tx)
        let locations = try Inventory.locations(of: store, in: tx)
        // By bytes, as the database compares: Swift's strings are equal when they read the same.
        let bySKU = Dictionary(grouping: try found.rows(), by: { Array($0.sku.utf8) })
        let byName = Dictionary(
            locations.map { (Array($0.name.utf8), $0.id) }, uniquingKeysWith: { first, _ in first })
        var report = Report()
        var taken: [(row: Row, line: SetStockLevels.Line)] = []
        for row in rows {
            let variants = bySKU[Array(row.sku.utf8)] ?? []
            guard variants.count == 1, let variant = variants.first, !row.sku.isEmpty else {
                let reason =
                    variants.isEmpty || row.sku.isEmpty ? "No variant has this SKU." : "Several variants have it."
                report.refused.append(Refusal(row: row.number, column: "sku", reason: reason))
                continue
            }
            let location = row.location.isEmpty ? LocationID(main: store) : byName[Array(row.location.utf8)]
            guard let location else {
                report.refused.append(
                    Refusal(row: row.number, column: "location", reason: "No location has this name."))
                continue
            }
            guard let onHand = Self.number(row.onHand) else {
                report.refused.append(
                    Refusal(row: row.number, column: "on_hand", reason: "A whole number up to a billion is expected."))
                continue
            }
            taken.append((row, SetStockLevels.Line(variant: variant.id, location: location, onHand: onHand)))
        }
        let outcome = try SetStockLevels(
            store: store, lines: taken.map(\.line), actor: actor, requestID: requestID
        ).run(in: tx)
        try ShelfAvailability.review(variants: Set(taken.map(\.line.variant)).sorted(), store: store, in: tx)
        report.changed = outcome.changed
        report.unchanged = outcome.unchanged
        for (index, problem) in outcome.refused {
            let column = problem.code == "stock.below_reserved" ? "on_hand" : "location"
            report.refused.append(Refusal(row: taken[index].row.number, column: column, reason: problem.detail))
        }
        report.refused.sort { $0.row < $1.row }
        return report
    }

    private static func number(_ text: String) -> Int? {
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text), number <= 1_000_000_000
        else { return nil }
        return number
    }

    /// A page of all levels, for writing a sheet: by variant, then by the locations' priorities.
    /// - Parameter after: the last variant of the page before.
    /// - Returns: the rows, and the variant after which the next page begins; nil after the last.
    public static func rows(
        of store: StoreID, after: VariantID?, limit: Int, in tx: borrowing Transaction
    ) throws -> (rows: [Row], next: VariantID?) {
        let spread = try Inventory.spread(of: store, after: after, limit: limit + 1, in: tx)
        let shown = spread.prefix(limit)
        let variants = try Catalog.sellableVariants(shown.map(\.level.variant), of: store, in: tx).rows()
        let skus = Dictionary(variants.map { ($0.id, $0.sku) }, uniquingKeysWith: { first, _ in first })
        var rows: [Row] = []
        for item in shown {
            guard let sku = skus[item.level.variant], !sku.isEmpty else { continue }
            for place in item.units {
                rows.append(
                    Row(
                        number: rows.count + 1, sku: sku, location: place.location.name,
                        onHand: String(place.onHand)))
            }
        }
        return (rows, spread.count > limit ? shown.last?.level.variant : nil)
    }
}
