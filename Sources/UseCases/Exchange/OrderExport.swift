import Fulfillment
import Ledger
import Orders
import Payments
public import Persistence
public import Primitives
import Tabular

/// Writes all orders of a store as Shopify's order file, the oldest first: a record for each line, of which the first
/// of an order has what it says as a whole.
public struct OrderExport: SheetExport {
    private let database: any Database
    private let store: StoreID

    public init(database: any Database, store: StoreID) {
        self.database = database
        self.store = store
    }

    public func firstLine(_ furtherColumns: [String]) -> [UInt8] {
        var writer = CSVWriter()
        writer.write(OrderColumn.allCases.map(\.rawValue))
        return writer.take()
    }

    public func piece(after: String?, _ furtherColumns: [String], limit: Int) async throws -> SheetPiece {
        let place = try after.map(Self.position)
        let (page, records) = try await database.read("exchange.export_orders") { [store] tx in
            let page = try Orders.oldest(of: store, after: place, limit: limit, in: tx)
            let ids = page.orders.map(\.id)
            let imported = try Orders.imported(ids, of: store, in: tx)
            let balances = try Ledger.balances(of: ids, store: store, in: tx)
            let settlements = try Payments.settlements(of: ids, store: store, in: tx)
            let sent = try Fulfillments.lastMoments(of: ids, store: store, in: tx)
            return (
                page,
                page.orders.map { order in
                    OrderRecords(
                        order: order, imported: imported[order.id], balances: balances[order.id] ?? Balances(),
                        settlement: settlements[order.id], fulfilledAt: sent[order.id])
                }
            )
        }
        var writer = CSVWriter(capacity: 65_536)
        for order in records {
            for record in order.records { writer.write(record) }
        }
        let last = page.next.map { "\($0.placedAt.microseconds)_\($0.id)" }
        return SheetPiece(bytes: writer.take(), last: last, count: page.orders.count)
    }

    private static func position(_ text: String) throws(Problem) -> OrderPosition {
        let parts = text.split(separator: "_", maxSplits: 1)
        guard parts.count == 2, let moment = Int64(parts[0]), let id = OrderID(String(parts[1])) else {
            throw SheetPlace.fault
        }
        return OrderPosition(placedAt: Instant(microseconds: moment), id: id)
    }
}
