import Inventory
import Orders
public import Persistence
import Primitives
public import Readiness

/// Compares what stock holds for orders with what the orders still have to get: neither domain sees both sides.
public enum OrderPromises {
    /// What only both domains together know of an installation's readiness.
    public static let checks: [CheckPart] = [
        CheckPart("PAY-05") { context in
            .contradictions(try await contradictions(in: context.database), in: "promises")
        }
    ]

    /// Orders compared in one transaction.
    private static let pageSize = 1000

    /// Reservations that no open order explains: of orders that are canceled, unknown, or have less left to deliver.
    /// Empty in a sound database. Reads in pages, so that no transaction lasts long.
    public static func contradictions(in database: any Database, limit: Int = 20) async throws -> [String] {
        var found: [String] = []
        var after: HeldOrder?
        repeat {
            let previous = after
            let (last, sentences) = try await database.read("readiness.promises") { tx in
                try page(after: previous, in: tx)
            }
            found += sentences
            after = last
        } while after != nil && found.count < limit
        return Array(found.prefix(limit))
    }

    /// - Returns: the last order of a full page, and what contradicts itself in it.
    private static func page(after: HeldOrder?, in tx: borrowing Transaction) throws -> (HeldOrder?, [String]) {
        let held = try Inventory.heldOrders(after: after, limit: pageSize, in: tx)
        var open: [OrderID: Int] = [:]
        for (store, holdings) in Dictionary(grouping: held, by: \.store) {
            let quantities = try Orders.openQuantities(of: holdings.map(\.order), store: store, in: tx)
            open.merge(quantities) { first, _ in first }
        }
        let sentences = held.compactMap { holding -> String? in
            let left = open[holding.order] ?? 0
            guard holding.quantity > left else { return nil }
            return "\(holding.order) of \(holding.store): \(holding.quantity) units held, \(left) left to deliver"
        }
        return (held.count == pageSize ? held.last : nil, sentences)
    }
}
