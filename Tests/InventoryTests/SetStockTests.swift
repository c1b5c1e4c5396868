import Catalog
import EventLog
import Inventory
import Jobs
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct SetStockTests {
    @Test(arguments: TestEngine.available)
    func `stock cannot be set below what orders hold`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 5)
            _ = try await world.place(try await world.checkout([(variant, 3)]).id)
            let events = try await world.count(of: .events)
            let problem = try await #require(throws: Problem.self) { try await world.setStock(variant, to: 2) }
            #expect(problem.code == "stock.below_reserved")
            #expect(try await world.level(variant.id)?.onHand == 5)
            #expect(try await world.count(of: .events) == events)
            #expect(try await world.setStock(variant, to: 3).available == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a variant without stock can be ordered without end`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant()
            _ = try await world.place(try await world.checkout([(variant, 1_000_000)]).id)
            #expect(try await world.level(variant.id) == nil)
            #expect(try await world.count(of: .reservations) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `running low is told once, and again after the shelf was filled`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 7)
            func review(_ number: Int) async throws {
                let order = try await world.place(try await world.checkout([(variant, 1)]).id, number: number).order
                let job = Inventory.reviewJob(
                    order: order.id, store: world.store.id, variants: [variant.id], requestID: nil)
                try await world.database.write("test.review") { tx in
                    try Inventory.reviewLevels(job.claimed(as: tx.newIdentifier(), at: tx.now), in: tx)
                }
            }
            func lowEvents() async throws -> Int {
                try await world.database.read("test.events") { tx in
                    try tx.first("SELECT COUNT(*) FROM events WHERE type = 'stock.low'") { try $0[0] as Int } ?? 0
                }
            }
            try await review(1001)
            #expect(try await lowEvents() == 0)
            try await review(1002)
            #expect(try await lowEvents() == 1)
            try await review(1003)
            #expect(try await lowEvents() == 1)
            _ = try await world.setStock(variant, to: 50)
            _ = try await world.setStock(variant, to: 8)
            try await review(1004)
            #expect(try await lowEvents() == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `contradictions between stock and reservations are found`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 7)
            #expect(try await world.contradictions().isEmpty)
            try await world.database.write("test.sabotage") { tx in
                try tx.execute("UPDATE stock_items SET reserved = reserved + 2")
            }
            #expect(
                try await world.contradictions() == [
                    "\(variant.id) of \(world.store.id): 7 on hand, 2 reserved, 0 held by reservations"
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `contradictions are found on every page`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            var variants: [Variant] = []
            for index in 0..<7 { variants.append(try await world.variant("Jam \(index)", stock: 20)) }
            for number in 0..<5 {
                let lines = variants.map { ($0, 1 + number) }
                _ = try await world.place(try await world.checkout(lines).id, number: 1001 + number)
            }
            func found(_ pageSize: Int, limit: Int = 20) async throws -> [String] {
                try await world.database.read("test.stock") { tx in
                    try Inventory.contradictions(limit: limit, pageSize: pageSize, in: tx)
                }
            }
            #expect(try await found(1).isEmpty)
            #expect(try await found(7).isEmpty)
            try await world.database.write("test.sabotage") { [store = world.store.id, variants] tx in
                for variant in [variants[1], variants[5]] {
                    try tx.execute(
                        "UPDATE stock_items SET on_hand = 30, reserved = 16 WHERE variant_id = \(variant.id)")
                }
                try tx.execute(
                    "DELETE FROM stock_items WHERE store_id = \(store) AND variant_id = \(variants[3].id)")
            }
            let store = world.store.id
            let low = [variants[1].id, variants[5].id].sorted().map {
                "\($0) of \(store): 30 on hand, 16 reserved, 15 held by reservations"
            }
            let lost = "\(variants[3].id) of \(store): 0 on hand, 0 reserved, 15 held by reservations"
            for pageSize in [1, 2, 3, 7, 1000] { #expect(try await found(pageSize) == low + [lost]) }
            #expect(try await found(2, limit: 1) == [low[0]])
        }
    }
}

extension World {
    func setStock(_ variant: Variant, to onHand: Int) async throws -> StockLevel {
        try await database.write("test.stock") { [store] tx in
            try SetStock(store: store.id, variant: variant.id, onHand: onHand, actor: .system).run(in: tx)
        }
    }
}

extension NewJob {
    /// The job as a runner hands it to its handler.
    func claimed(as id: JobID, at now: Instant) -> Job {
        Job(
            id: id, kind: kind.name, store: store, key: key, payload: payload, attempt: 1, failures: 0, maxAttempts: 20,
            enqueuedAt: now, requestID: requestID)
    }
}
