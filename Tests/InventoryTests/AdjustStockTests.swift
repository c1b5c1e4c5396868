import Catalog
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct AdjustStockTests {
    @Test(arguments: TestEngine.available)
    func `a reason goes with coming or with going`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 4)
            let events = try await world.count(of: .events)
            let wrong: [(Int, MovementReason)] = [
                (0, .correction), (-1, .received), (-1, .returned), (1, .damaged), (1, .lost), (1, .sold),
                (-1, .sold), (1, .counted), (1, .transferred),
            ]
            for (delta, reason) in wrong {
                let refusal = try await world.refusal { try await world.adjust(variant.id, by: delta, reason) }
                #expect(refusal == "validation.failed", "\(delta) \(reason)")
            }
            #expect(try await world.count(of: .events) == events)
            #expect(try await world.history(of: variant.id) == ["+4 counted"])
            try await world.adjust(variant.id, by: 3, .received)
            try await world.adjust(variant.id, by: 1, .returned)
            try await world.adjust(variant.id, by: -2, .damaged)
            try await world.adjust(variant.id, by: -1, .lost)
            try await world.adjust(variant.id, by: -1, .correction)
            #expect(try await world.level(variant.id)?.onHand == 4)
            #expect(try await world.count(of: .events) == events + 5 + 1, "one each, and that it ran low")
        }
    }

    @Test(arguments: TestEngine.available)
    func `the history is read in pages, the newest first, with what was left`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 10)
            let other = try await world.variant("Other", stock: 1)
            for delta in 1...7 {
                world.clock.advance(seconds: 1)
                try await world.adjust(variant.id, by: delta, .received, note: "Delivery \(delta)")
            }
            var pages: [[Int]] = []
            var after: StockMovementID?
            repeat {
                let page = try await world.database.read("test.page") { [after] tx in
                    try Inventory.movements(
                        MovementFilter(variant: variant.id), of: world.store.id, after: after, limit: 3, in: tx)
                }
                pages.append(page.map(\.left))
                after = page.count == 3 ? page.last?.id : nil
            } while after != nil
            #expect(pages == [[38, 31, 25], [20, 16, 13], [11, 10]])
            let all = try await world.database.read("test.all") { tx in
                try Inventory.movements(MovementFilter(), of: world.store.id, after: nil, limit: 100, in: tx)
            }
            #expect(all.count == 9)
            #expect(all.filter { $0.variant == other.id }.map(\.delta) == [1])
            #expect(all.first?.note == "Delivery 7")
            #expect(all.first?.actor == "system")
        }
    }

    @Test(arguments: TestEngine.available)
    func `adjustments at once are all kept`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 10)
            let barn = try await world.location("Barn")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        try await world.adjust(
                            variant.id, by: 1, at: index.isMultiple(of: 2) ? barn.id : nil, .received)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await world.units(of: variant.id) == ["Main location": 30, "Barn": 20])
            #expect(try await world.history(of: variant.id).count == 41)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `low, out and back in stock are told once for each time`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 20)
            func told() async throws -> [Int] {
                var counts: [Int] = []
                for type in ["stock.low", "stock.out", "stock.back_in_stock"] {
                    counts.append(try await world.events(type))
                }
                return counts
            }
            try await world.adjust(variant.id, by: -14, .lost)
            #expect(try await told() == [0, 0, 0])
            try await world.adjust(variant.id, by: -1, .lost)
            try await world.adjust(variant.id, by: -1, .lost)
            #expect(try await told() == [1, 0, 0])
            try await world.adjust(variant.id, by: -4, .lost)
            #expect(try await told() == [1, 1, 0])
            try await world.adjust(variant.id, by: 1, .received)
            try await world.adjust(variant.id, by: 1, .received)
            #expect(try await told() == [1, 1, 1])
            try await world.adjust(variant.id, by: -2, .lost)
            #expect(try await told() == [1, 2, 1])
            try await world.sell(variant.id) { $0.lowAt = 2 }
            try await world.adjust(variant.id, by: 3, .received)
            try await world.adjust(variant.id, by: -1, .lost)
            #expect(try await told() == [2, 2, 2])
        }
    }
}
