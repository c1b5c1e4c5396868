import Catalog
import Exchange
import Inventory
import Persistence
import Primitives
import Stores
import Tabular

/// Levels of stock: each record has the units of a variant at a location, those of one product follow each other.
struct StockFormat: ImportFormat {
    let sheet: Sheet<StockColumn>
    var header: [String] { sheet.header }
    var groupsOfBatch: Int { 64 }

    func fault(in record: CSVRecord) -> (code: String, detail: String)? { sheet.fault(in: record) }

    func key(of record: CSVRecord) -> String { sheet.text(.handle, in: record)?.trimmed ?? "" }

    func batch(_ groups: [RecordGroup], _ context: ImportContext) -> any ImportBatch {
        StockBatch(groups: groups, sheet: sheet, context: context)
    }
}

/// Some levels of a file, set with one transaction. A record that is wrong is left out alone: its level has nothing to
/// do with the others.
private struct StockBatch: ImportBatch {
    let groups: [RecordGroup]
    let sheet: Sheet<StockColumn>
    let context: ImportContext

    private var store: StoreID { context.store.id }

    func run(in tx: borrowing Transaction) throws -> ImportOutcome {
        var outcome = ImportOutcome(groups, context)
        let shelf = try StockShelf(groups.flatMap(\.records), sheet, store: store, in: tx)
        var lines: [(record: CSVRecord, line: SetStockLevels.Line)] = []
        for group in groups {
            for record in group.records {
                var cells = CellReading(record, of: sheet)
                let line = Self.line(&cells, on: shelf)
                outcome.problems += cells.problems
                if let line {
                    lines.append((record, line))
                } else if cells.isRefused {
                    outcome.counts.refused += 1
                } else {
                    outcome.counts.unchanged += 1
                }
            }
            guard group.dropped > 0, let last = group.records.last else { continue }
            outcome.counts.refused += group.dropped
            outcome.problems.append(
                ImportProblem(
                    line: last.line, column: sheet.name(of: .handle), code: "too_many_rows",
                    detail: "\(group.dropped) further records of this product are left out: put them elsewhere in"
                        + " the file."))
        }
        try set(lines, on: shelf, &outcome, in: tx)
        outcome.problems.sort { $0.line < $1.line }
        return outcome
    }

    private func set(
        _ lines: [(record: CSVRecord, line: SetStockLevels.Line)], on shelf: StockShelf,
        _ outcome: inout ImportOutcome, in tx: borrowing Transaction
    ) throws {
        let levels = try SetStockLevels(
            store: store, lines: lines.map(\.line), note: context.fileName, reason: .imported,
            isTrial: context.isDryRun, actor: context.actor, requestID: context.requestID
        ).run(in: tx)
        // A variant that is tracked from now on is another than before, though it has none.
        let isNew = lines.count { !shelf.isTracked($0.line.variant) && $0.line.onHand == 0 }
        outcome.counts.updated += levels.changed + isNew
        outcome.counts.unchanged += levels.unchanged - isNew
        for (index, problem) in levels.refused {
            let column: StockColumn = problem.code == "stock.below_reserved" ? units : .location
            outcome.refuse(
                ImportProblem(
                    line: lines[index].record.line, column: sheet.name(of: column), code: problem.code,
                    detail: problem.detail))
        }
        guard !context.isDryRun else { return }
        try ShelfAvailability.review(variants: Set(lines.map(\.line.variant)).sorted(), store: store, in: tx)
    }

    private var units: StockColumn { sheet.has(.new) ? .new : .current }

    /// Nil where the record is wrong, or changes nothing.
    private static func line(
        _ cells: inout CellReading<StockColumn>, on shelf: StockShelf
    ) -> SetStockLevels.Line? {
        let variant = shelf.variant(&cells)
        let location = shelf.location(&cells)
        let new = cells.plain(.new)
        let isNew = !new.isEmpty
        let text = isNew ? new : cells.plain(.current)
        let number = units(text, isNew ? .new : .current, &cells)
        guard let variant, let location, let number, !cells.isRefused else { return nil }
        // A file as it was exported says what there was then: it fills what is not known yet, and sets nothing back.
        if !isNew, shelf.isKnown(variant, at: location) { return nil }
        return SetStockLevels.Line(variant: variant, location: location, onHand: number)
    }

    private static func units(
        _ text: String, _ column: StockColumn, _ cells: inout CellReading<StockColumn>
    ) -> Int? {
        if text.isEmpty || text.lowercased() == StockColumn.notStocked { return nil }
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard (1...10).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text), abs(number) <= 1_000_000_000
        else {
            cells.refuse(column, "integer", "A whole number of units up to a billion is expected, or “not stocked”.")
            return nil
        }
        if number < 0 {
            cells.adjust(
                column, "stock.negative", "There cannot be \(number) units in the house: the stock is set to 0.")
        }
        return max(0, number)
    }
}

/// What the records of a batch speak of: variants, locations and the levels that there are.
private struct StockShelf {
    private let products: [String: Product]
    private let variantsBySKU: [[UInt8]: [VariantID]]
    private let locations: [[UInt8]: LocationID]
    private let main: LocationID
    private let known: [VariantID: Set<LocationID>]

    init(
        _ records: [CSVRecord], _ sheet: Sheet<StockColumn>, store: StoreID, in tx: borrowing Transaction
    ) throws {
        var handles: Set<String> = []
        var skus: Set<[UInt8]> = []
        for record in records {
            let cells = CellReading(record, of: sheet)
            let handle = cells.plain(.handle)
            if handle.isEmpty {
                skus.insert(Array(cells.plain(.sku).utf8))
            } else if Catalog.isHandle(handle) {
                handles.insert(handle)
            }
        }
        let found = try Catalog.products(handles: handles.sorted(), of: store, in: tx)
        products = Dictionary(found.map { ($0.handle, $0) }, uniquingKeysWith: { first, _ in first })
        let named = try Catalog.sellableVariants(
            skus: skus.map { String(decoding: $0, as: UTF8.self) }, of: store, in: tx)
        // By bytes, as the database compares: Swift's strings are equal when they read the same.
        variantsBySKU = Dictionary(grouping: try named.rows(), by: { Array($0.sku.utf8) }).mapValues { $0.map(\.id) }
        let variants = Set(found.flatMap { $0.variants.map(\.id) } + variantsBySKU.values.joined()).sorted()
        let spread = variants.isEmpty ? [] : try Inventory.spread(of: variants, store: store, in: tx)
        known = Dictionary(
            spread.map { ($0.level.variant, Set($0.units.map(\.location.id))) },
            uniquingKeysWith: { first, _ in first })
        main = LocationID(main: store)
        locations = Dictionary(
            try Inventory.locations(of: store, in: tx).map { (Array($0.name.utf8), $0.id) },
            uniquingKeysWith: { first, _ in first })
    }

    func isTracked(_ variant: VariantID) -> Bool { known[variant] != nil }

    func isKnown(_ variant: VariantID, at location: LocationID) -> Bool { known[variant]?.contains(location) ?? false }

    /// The main location where the file names none.
    func location(_ cells: inout CellReading<StockColumn>) -> LocationID? {
        let name = cells.plain(.location)
        if name.isEmpty { return main }
        guard let found = locations[Array(name.utf8)] else {
            cells.refuse(.location, "unknown", "No location has this name.")
            return nil
        }
        return found
    }

    /// By handle and options, as Shopify tells variants apart; by SKU where the record names no product.
    func variant(_ cells: inout CellReading<StockColumn>) -> VariantID? {
        let handle = cells.plain(.handle)
        let sku = cells.plain(.sku)
        guard !handle.isEmpty else { return variant(ofSKU: sku, &cells) }
        guard let product = products[Catalog.normalHandle(handle)] ?? products[handle] else {
            cells.refuse(.handle, "unknown", "No product has this handle.")
            return nil
        }
        let values = StockColumn.optionValues.map { cells.plain($0) }.filter { !$0.isEmpty }
        let isWithout = values.isEmpty || values == ["Default Title"]
        if isWithout, product.variants.count == 1 { return product.variants[0].id }
        if !isWithout, let found = product.variants.first(where: { $0.optionValues == values }) { return found.id }
        let same = product.variants.filter { !sku.isEmpty && $0.sku.utf8.elementsEqual(sku.utf8) }
        if isWithout, same.count == 1 { return same[0].id }
        cells.refuse(.option1Value, "unknown", "The product has no variant with these options.")
        return nil
    }

    private func variant(ofSKU sku: String, _ cells: inout CellReading<StockColumn>) -> VariantID? {
        guard !sku.isEmpty else {
            cells.refuse(.sku, "required", "A record needs the handle of its product, or an SKU.")
            return nil
        }
        let found = variantsBySKU[Array(sku.utf8)] ?? []
        guard found.count == 1 else {
            cells.refuse(
                .sku, found.isEmpty ? "unknown" : "ambiguous",
                found.isEmpty ? "No variant has this SKU." : "Several variants have this SKU: give the handle.")
            return nil
        }
        return found[0]
    }
}
