import Catalog
import Inventory
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct LapsedReservationTests {
    @Test(arguments: TestEngine.available)
    func `lapsed promises are found, the longest lapsed first, by an index without those that hold`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 100)
            let held = try await world.reserve(2, of: variant.id, forSeconds: nil)
            let later = try await world.reserve(3, of: variant.id, forSeconds: 900)
            let sooner = try await world.reserve(4, of: variant.id, forSeconds: 600)
            #expect(try await world.lapsed().isEmpty)
            world.clock.advance(seconds: 600)
            #expect(try await world.lapsed() == [sooner])
            world.clock.advance(seconds: 1_000_000_000)
            #expect(try await world.lapsed() == [sooner, later])
            #expect(try await world.lapsed(limit: 1) == [sooner])
            #expect(held != sooner)
            let plan = try await world.database.read("test.plan") { tx in
                let query: SQL = """
                    SELECT order_id FROM reservations WHERE expires_at < 253402300799999999 AND expires_at <= \(tx.now)
                    ORDER BY expires_at, store_id, order_id LIMIT 10
                    """
                guard tx.engine == .postgres else {
                    return try tx.query("EXPLAIN QUERY PLAN \(query)") { try $0[3] as String }
                }
                // So few rows are read from the table unless that is made dear.
                return try tx.query("SELECT indexdef FROM pg_indexes WHERE tablename = 'reservations'") { try $0[0] }
            }
            #expect(plan.contains { $0.contains("reservations_expiring") })
            #expect(!plan.contains { $0.contains("reservations_by_expiry") })
        }
    }
}

extension World {
    /// Reserves units for an order of its own.
    fileprivate func reserve(_ quantity: Int, of variant: VariantID, forSeconds seconds: Double?) async throws
        -> OrderID
    {
        try await database.write("test.reserve") { [store] tx in
            let order: OrderID = tx.newIdentifier()
            let claim = StockClaim(line: tx.newIdentifier(), variant: variant, quantity: quantity)
            let taken = try ReserveStock(store: store.id, order: order, claims: [claim]).submit(in: tx)
            let reservation = try taken.reservation(in: tx)
            #expect(reservation.shortages.isEmpty)
            try reservation.hold(until: seconds.map { tx.now.adding(seconds: $0) }, in: tx)
            return order
        }
    }

    fileprivate func lapsed(limit: Int = 10) async throws -> [OrderID] {
        try await database.read("test.lapsed") { tx in
            try Inventory.lapsedOrders(limit: limit, in: tx).map(\.order)
        }
    }
}
