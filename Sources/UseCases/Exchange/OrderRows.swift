import Exchange
import Orders
import Persistence
import Primitives
import Stores
import Tabular

/// Orders from elsewhere: the records of one follow each other and have the same name.
struct OrderFormat: ImportFormat {
    let sheet: Sheet<OrderColumn>
    var header: [String] { sheet.header }
    var groupsOfBatch: Int { 32 }

    func fault(in record: CSVRecord) -> (code: String, detail: String)? { sheet.fault(in: record) }

    func key(of record: CSVRecord) -> String { sheet.text(.name, in: record)?.trimmed ?? "" }

    func batch(_ groups: [RecordGroup], _ context: ImportContext) -> any ImportBatch {
        OrderBatch(
            orders: groups.compactMap { group in
                group.records.first.map {
                    OrderReading.order(group, first: $0, sheet: sheet, currency: context.store.currency)
                }
            }, groups: groups, sheet: sheet, context: context)
    }
}

/// Some orders of a file, written down with one transaction. An order that is there is left as it is.
private struct OrderBatch: ImportBatch {
    let orders: [ParsedOrder]
    let groups: [RecordGroup]
    let sheet: Sheet<OrderColumn>
    let context: ImportContext

    private var store: StoreID { context.store.id }

    func run(in tx: borrowing Transaction) throws -> ImportOutcome {
        var outcome = ImportOutcome(groups, context)
        if !context.isDryRun { try RecordImport.begin(in: store, tx) }
        let known = try Orders.orders(named: orders.map(\.name), of: store, in: tx)
        var fresh: [ParsedOrder] = []
        var names: Set<String> = []
        for order in orders {
            outcome.problems += order.problems
            if order.isRefused {
                outcome.counts.refused += 1
            } else if order.placedAt > tx.now.adding(seconds: 300) {
                refuse(order, .createdAt, "range", "An order cannot have been placed in the future.", &outcome)
            } else if let former = known[order.name] {
                compare(order, former, &outcome)
            } else if !names.insert(Self.identity(of: order.name)).inserted {
                refuse(order, .name, "duplicate", "Another order of the file has this name.", &outcome)
            } else {
                fresh.append(order)
            }
        }
        try write(fresh, &outcome, in: tx)
        outcome.problems.sort { $0.line < $1.line }
        return outcome
    }

    /// `#500` and `500` are one order.
    private static func identity(of name: String) -> String {
        ImportedOrder.anyNumber(in: name).map { "#\($0)" } ?? name
    }

    private func refuse(
        _ order: ParsedOrder, _ column: OrderColumn, _ code: String, _ detail: String, _ outcome: inout ImportOutcome
    ) {
        outcome.refuse(
            ImportProblem(line: order.line, column: sheet.name(of: column), code: code, detail: detail))
    }

    /// An order that was brought in is not brought in again: what became of it since then is told here, not in a file.
    private func compare(_ order: ParsedOrder, _ former: Order, _ outcome: inout ImportOutcome) {
        guard former.totals.total == order.total, former.placedAt.inFile == order.placedAt.inFile else {
            return refuse(
                order, .name, "order.name_taken",
                "The store has an order of this name, and it is another: of \(former.placedAt.inFile),"
                    + " \(former.totals.total).", &outcome)
        }
        outcome.counts.unchanged += 1
        let states: [(OrderColumn, here: String, there: String)] = [
            (.financialStatus, OrderRecords.word(for: former.paymentStatus), order.financialWord),
            (.fulfillmentStatus, OrderRecords.word(for: former.fulfillmentStatus), order.fulfillmentWord),
        ]
        for (column, here, there) in states where !there.isEmpty && here != there {
            outcome.problems.append(
                ImportProblem(
                    line: order.line, column: sheet.name(of: column), code: "order.kept",
                    detail: "The order is here already and stays as it is: \(here), and not \(there).",
                    severity: .adjusted))
        }
    }

    private func write(
        _ orders: [ParsedOrder], _ outcome: inout ImportOutcome, in tx: borrowing Transaction
    ) throws {
        let named = orders.compactMap { ImportedOrder.number(in: $0.name) }
        let claimed = try ClaimOrderNumbers(store: store, numbers: named, isTrial: context.isDryRun).run(in: tx)
        let others = orders.count - named.count
        // Orders whose name is no number get one of the store's own, and their name as its reference.
        var own = 0..<0
        if others > 0, !context.isDryRun { own = try TakeOrderNumbers(store: store, count: others).run(in: tx) }
        for order in orders {
            if let number = ImportedOrder.number(in: order.name), !claimed.contains(number) {
                refuse(
                    order, .name, "order.number_own",
                    "The store gives out the number \(number) itself, or has given it out.", &outcome)
                continue
            }
            let number = ImportedOrder.number(in: order.name) ?? own.popFirst() ?? 0
            guard !context.isDryRun else {
                outcome.counts.created += 1
                continue
            }
            let entry: OrderEntry
            do throws(Problem) {
                entry = try OrderEntry(order, number: number, context: context, in: tx)
            } catch {
                refuse(order, .total, error.code, error.detail, &outcome)
                continue
            }
            outcome.counts.created += 1
            try entry.write(in: tx)
        }
    }
}
