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

struct LocationTests {
    @Test(arguments: TestEngine.available)
    func `units are where they were put, and their sum is what is sold`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 4)
            let barn = try await world.location("Barn")
            try await world.adjust(variant.id, by: 6, at: barn.id, .received)
            #expect(try await world.units(of: variant.id) == ["Main location": 4, "Barn": 6])
            #expect(try await world.level(variant.id)?.onHand == 10)
            #expect(
                try await world.refusal { try await world.adjust(variant.id, by: -7, at: barn.id, .lost) }
                    == "stock.insufficient_at_location")
            #expect(try await world.units(of: variant.id) == ["Main location": 4, "Barn": 6])
            _ = try await world.place(try await world.checkout([(variant, 9)]).id)
            #expect(try await world.level(variant.id)?.available == 1)
            #expect(
                try await world.refusal { try await world.adjust(variant.id, by: -2, at: barn.id, .lost) }
                    == "stock.below_reserved")
            #expect(try await world.history(of: variant.id) == ["+4 counted", "+6 received"])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is sent leaves by priority, or from where it is told`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 4)
            let barn = try await world.location("Barn", priority: 50)
            let shop = try await world.location("Shop", priority: 60)
            try await world.adjust(variant.id, by: 3, at: barn.id, .received)
            try await world.adjust(variant.id, by: 3, at: shop.id, .received)
            let first = try await world.place(try await world.checkout([(variant, 6)]).id).order
            let second = try await world.place(try await world.checkout([(variant, 2)]).id, number: 1002).order
            try await world.fulfill(first.id)
            #expect(try await world.units(of: variant.id) == ["Main location": 0, "Barn": 1, "Shop": 3])
            #expect(
                try await world.refusal { try await world.fulfill(second.id, from: barn.id) }
                    == "stock.insufficient_at_location")
            #expect(try await world.order(second.id)?.lines[0].fulfilledQuantity == 0)
            try await world.fulfill(second.id, from: shop.id)
            #expect(try await world.units(of: variant.id) == ["Main location": 0, "Barn": 1, "Shop": 1])
            #expect(
                try await world.history(of: variant.id) == [
                    "+4 counted", "+3 received", "+3 received", "-4 sold", "-2 sold", "-2 sold",
                ])
            #expect(try await world.level(variant.id)?.reserved == 0)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a location with units stays open, and the main one always`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 4)
            let barn = try await world.location("Barn")
            func close(_ id: LocationID) async throws {
                let save = SaveLocation(store: world.store.id, id: id) { $0.isActive = false }
                _ = try await world.database.write("test.close") { tx in try save.run(in: tx) }
            }
            try await world.adjust(variant.id, by: 1, at: barn.id, .received)
            #expect(try await world.refusal { try await close(barn.id) } == "location.not_empty")
            #expect(try await world.refusal { try await close(world.mainLocation) } == "location.main")
            try await world.adjust(variant.id, by: -1, at: barn.id, .damaged)
            try await close(barn.id)
            #expect(
                try await world.refusal { try await world.adjust(variant.id, by: 1, at: barn.id, .received) }
                    == "location.closed")
            #expect(try await world.refusal { _ = try await world.location("Barn") } == "location.name_taken")
            #expect(try await world.refusal { _ = try await world.location("Main location") } == "location.name_taken")
            let other = World(try await world.anotherStore(), in: world)
            #expect(
                try await world.refusal { try await world.adjust(variant.id, by: 1, at: other.mainLocation, .received) }
                    == "validation.failed")
            #expect(try await world.level(variant.id)?.onHand == 4)
        }
    }

    @Test(arguments: TestEngine.available)
    func `stock is counted at the place that is named`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 4)
            let barn = try await world.location("Barn")
            func count(_ onHand: Int, at location: LocationID?) async throws {
                world.clock.advance(seconds: 0.001)
                let set = SetStock(
                    store: world.store.id, variant: variant.id, onHand: onHand, location: location, actor: .system)
                _ = try await world.database.write("test.set") { tx in try set.run(in: tx) }
            }
            try await count(5, at: barn.id)
            try await count(2, at: nil)
            #expect(try await world.units(of: variant.id) == ["Main location": 2, "Barn": 5])
            #expect(try await world.history(of: variant.id) == ["+4 counted", "+5 counted", "-2 counted"])
            try await count(2, at: nil)
            #expect(try await world.history(of: variant.id).count == 3, "nothing came or went")
        }
    }

    @Test(arguments: TestEngine.available)
    func `locations that do not add up are found`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 4)
            let barn = try await world.location("Barn")
            try await world.adjust(variant.id, by: 6, at: barn.id, .received)
            try await world.database.write("test.sabotage") { tx in
                try tx.execute("UPDATE stock_levels SET on_hand = 5")
            }
            #expect(
                try await world.contradictions() == [
                    "\(variant.id) of \(world.store.id): 10 on hand, 6 of them elsewhere, 5 at the locations"
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a database of the version before is taken over`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Inventory.migrations.filter { $0.number < 320 }) { database in
            var random = SystemRandomNumberGenerator()
            let (store, variant) = (StoreID(.random128(using: &random)), VariantID(.random128(using: &random)))
            try await database.write("test.old") { tx in
                try tx.execute(
                    """
                    INSERT INTO stock_items (store_id, variant_id, on_hand, reserved, low_since, version, updated_at)
                    VALUES (\(store), \(variant), 7, 2, 0, 3, 1)
                    """)
                try tx.execute(
                    """
                    INSERT INTO reservations (store_id, order_id, line_id, variant_id, quantity, expires_at)
                    VALUES (\(store), \(store), \(store), \(variant), 2, 1)
                    """)
            }
            _ = try await database.migrate(Inventory.migrations)
            let level = try await database.read("test.level") { tx in
                try Inventory.levels(of: [variant], store: store, in: tx).rows().first
            }
            #expect(level == StockLevel(variant: variant, onHand: 7, reserved: 2))
            #expect(try await database.read("test.check") { tx in try Inventory.contradictions(in: tx) } == [])
            // A process of that version goes on: it takes, and writes a reservation.
            try await database.write("test.old") { tx in
                try tx.execute(
                    """
                    UPDATE stock_items SET reserved = reserved + 5 WHERE store_id = \(store)
                        AND variant_id = \(variant) AND on_hand - reserved >= 5
                    """)
                try tx.execute(
                    """
                    INSERT INTO reservations (store_id, order_id, line_id, variant_id, quantity, expires_at)
                    VALUES (\(store), \(store), \(variant), \(variant), 5, 1)
                    """)
            }
            #expect(try await database.read("test.check") { tx in try Inventory.contradictions(in: tx) } == [])
            await #expect(throws: DatabaseError.self) {
                try await database.write("test.oversell") { tx in
                    try tx.execute("UPDATE stock_items SET reserved = reserved + 1")
                }
            }
        }
    }
}
