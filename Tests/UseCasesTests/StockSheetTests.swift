import Catalog
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct StockSheetTests {
    @Test(arguments: TestEngine.available)
    func `good rows are set and bad ones told with their column`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S", stock: 10)
            let pepper = try await world.variant("Pepper", sku: "P")
            _ = try await world.variant("Twin", sku: "T")
            _ = try await world.variant("Other twin", sku: "T")
            _ = try await world.location("Barn")
            _ = try await world.place(try await world.checkout([(salt, 6)]).id)
            let report = try await world.set([
                ("S", "Barn", "4"), ("P", "", "7"), ("X", "", "1"), ("T", "", "1"), ("P", "Cellar", "1"),
                ("P", "", "-1"), ("S", "", "1"), ("S", "", "2"), ("", "", "1"), ("P", "", "7"), ("P", "", "1e3"),
            ])
            #expect(report.changed == 3)
            #expect(report.unchanged == 1)
            #expect(
                report.refused.map { "\($0.row) \($0.column)" } == [
                    "3 sku", "4 sku", "5 location", "6 on_hand", "7 on_hand", "9 sku", "11 on_hand",
                ])
            #expect(try await world.units(of: salt.id) == ["Main location": 2, "Barn": 4])
            #expect(try await world.level(pepper.id)?.onHand == 7)
            #expect(try await world.history(of: salt.id) == ["+10 counted", "+4 counted", "-8 counted"])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a sheet that is written and read again changes nothing`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let barn = try await world.location("Barn")
            for index in 0..<7 {
                let variant = try await world.variant("Jam \(index)", sku: "J\(index)", stock: index)
                if index.isMultiple(of: 2) { try await world.adjust(variant.id, by: index + 1, at: barn.id, .received) }
            }
            var rows: [StockSheet.Row] = []
            var after: VariantID?
            repeat {
                let page = try await world.database.read("test.sheet") { [after] tx in
                    try StockSheet.rows(of: world.store.id, after: after, limit: 3, in: tx)
                }
                rows += page.rows
                after = page.next
            } while after != nil
            #expect(rows.count == 11)
            let events = try await world.count(of: .events)
            let report = try await world.set(rows.map { ($0.sku, $0.location, $0.onHand) })
            #expect(report.changed == 0)
            #expect(report.unchanged == 11)
            #expect(report.refused.isEmpty)
            #expect(try await world.count(of: .events) == events)
        }
    }
}

extension World {
    fileprivate func set(_ rows: [(String, String, String)]) async throws -> StockSheet.Report {
        clock.advance(seconds: 0.001)
        let sheet = StockSheet(
            store: store.id,
            rows: rows.enumerated().map { StockSheet.Row(number: $0 + 1, sku: $1.0, location: $1.1, onHand: $1.2) },
            actor: .system, requestID: nil)
        return try await database.write("test.sheet") { tx in try sheet.run(in: tx) }
    }
}
