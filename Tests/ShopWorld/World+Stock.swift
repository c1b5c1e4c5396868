public import Inventory
public import Orders
import Persistence
public import Primitives
import Stores
import TestSupport
import UseCases

extension World {
    /// Opens a location.
    public func location(_ name: String, priority: Int = 100) async throws -> Location {
        let save = SaveLocation(store: store.id) { location in
            location.name = name
            location.priority = priority
        }
        return try await database.write("test.location") { tx in try save.run(in: tx) }
    }

    /// The location that every store has.
    public var mainLocation: LocationID { LocationID(main: store.id) }

    /// Takes units in or writes them off.
    @discardableResult
    public func adjust(
        _ variant: VariantID, by delta: Int, at location: LocationID? = nil, _ reason: MovementReason = .correction,
        note: String = ""
    ) async throws -> StockLevel {
        clock.advance(seconds: 0.001)
        let adjust = AdjustStock(
            store: store.id, variant: variant, delta: delta, location: location, reason: reason, note: note,
            actor: .system)
        return try await database.write("test.adjust") { tx in try adjust.run(in: tx).1 }
    }

    /// Changes how a variant is sold.
    public func sell(_ variant: VariantID, change: @escaping @Sendable (inout StockPolicy) -> Void) async throws {
        clock.advance(seconds: 0.001)
        let policy = ChangeStockPolicy(store: store.id, variant: variant, actor: .system, change: change)
        _ = try await database.write("test.policy") { tx in try policy.run(in: tx) }
    }

    /// The units of a variant by the names of the locations.
    public func units(of variant: VariantID) async throws -> [String: Int] {
        try await database.read("test.units") { [store] tx in
            guard let level = try Inventory.levels(of: [variant], store: store.id, in: tx).rows().first else {
                return [:]
            }
            return Dictionary(
                uniqueKeysWithValues: try Inventory.units(of: level, store: store.id, in: tx).map {
                    ($0.location.name, $0.onHand)
                })
        }
    }

    /// The history of a variant, the oldest first, as `+3 received` and so on.
    public func history(of variant: VariantID) async throws -> [String] {
        try await database.read("test.history") { [store] tx in
            try Inventory.movements(
                MovementFilter(variant: variant), of: store.id, after: nil, limit: 1000, in: tx
            ).reversed().map { "\($0.delta > 0 ? "+" : "")\($0.delta) \($0.reason.rawValue)" }
        }
    }

    /// Delivers units of an order; all that is left without lines.
    public func fulfill(
        _ order: OrderID, lines: [FulfilledLine]? = nil, from location: LocationID? = nil
    ) async throws {
        clock.advance(seconds: 0.001)
        let delivery = OrderFulfillment(
            store: store.id, order: order, lines: lines, location: location, trackingNumber: "", actor: .system,
            requestID: nil)
        _ = try await database.write("test.fulfill") { tx in try delivery.run(in: tx) }
    }

    /// Cancels an order.
    public func cancelOrder(_ order: OrderID, restocks: Bool = true) async throws {
        clock.advance(seconds: 0.001)
        let cancellation = OrderCancellation(
            store: store.id, order: order, reason: "", restocks: restocks, actor: .system, requestID: nil)
        _ = try await database.write("test.cancel") { tx in try cancellation.run(in: tx) }
    }

    /// How often an event of a type is in the log.
    public func events(_ type: String) async throws -> Int {
        try await database.read("test.events") { tx in
            try tx.first("SELECT COUNT(*) FROM events WHERE type = \(type)") { try $0[0] as Int } ?? 0
        }
    }

    /// The code of the problem that something throws.
    public func refusal(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch let problem as Problem {
            return problem.code
        }
    }
}
