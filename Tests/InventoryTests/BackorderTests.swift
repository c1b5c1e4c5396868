import Catalog
import Inventory
import Orders
import Payments
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct BackorderTests {
    @Test(arguments: TestEngine.available)
    func `what is not there is owed up to the limit`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 2)
            try await world.sell(variant.id) { $0.backorderLimit = 3 }
            let first = try await world.order(4, of: variant, number: 1001)
            #expect(try await world.level(variant.id)?.owed == 2)
            #expect(try await world.owed(to: first) == 2)
            let problem = try await #require(throws: Problem.self) {
                try await world.order(2, of: variant, number: 1002)
            }
            #expect(problem.code == "stock.insufficient")
            #expect(problem.errors.map(\.available) == [1])
            #expect(try await world.level(variant.id)?.owed == 2)
            let second = try await world.order(1, of: variant, number: 1002)
            #expect(try await world.owed(to: second) == 1)
            let level = try #require(try await world.level(variant.id))
            #expect((level.onHand, level.reserved, level.owed, level.available) == (2, 5, 3, 0))
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what arrives goes to the oldest order, and the rest is for sale`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 1)
            try await world.sell(variant.id) { $0.backorderLimit = StockPolicy.noLimit }
            let first = try await world.order(3, of: variant, number: 1001)
            let second = try await world.order(2, of: variant, number: 1002)
            try await world.adjust(variant.id, by: 3, .received)
            #expect(try await world.owed(to: first) == 0)
            #expect(try await world.owed(to: second) == 1)
            #expect(try await world.events("stock.backorder_filled") == 1)
            try await world.adjust(variant.id, by: 3, .received)
            #expect(try await world.owed(to: second) == 0)
            #expect(try await world.level(variant.id)?.available == 2)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is owed cannot be sent, and the rest of the order can`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 2)
            try await world.sell(variant.id) { $0.backorderLimit = 10 }
            let order = try await world.order(5, of: variant, number: 1001)
            let line = try #require(try await world.order(order)?.lines[0].id)
            #expect(try await world.refusal { try await world.fulfill(order) } == "stock.backordered")
            #expect(
                try await world.refusal {
                    try await world.fulfill(order, lines: [FulfilledLine(line: line, quantity: 3)])
                } == "stock.backordered")
            #expect(try await world.order(order)?.lines[0].fulfilledQuantity == 0)
            #expect(try await world.level(variant.id)?.onHand == 2)
            try await world.fulfill(order, lines: [FulfilledLine(line: line, quantity: 2)])
            let level = try #require(try await world.level(variant.id))
            #expect((level.onHand, level.reserved, level.owed) == (0, 3, 3))
            try await world.adjust(variant.id, by: 3, .received)
            try await world.fulfill(order)
            #expect(try await world.order(order)?.fulfillmentStatus == .fulfilled)
            #expect(try await world.level(variant.id)?.reserved == 0)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `units that a canceled order gives back go to who waits`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 4)
            try await world.sell(variant.id) { $0.backorderLimit = 10 }
            let first = try await world.order(4, of: variant, number: 1001)
            let second = try await world.order(3, of: variant, number: 1002)
            let third = try await world.order(3, of: variant, number: 1003)
            try await world.cancelOrder(second)
            #expect(try await world.level(variant.id)?.owed == 3)
            try await world.cancelOrder(first)
            #expect(try await world.owed(to: third) == 0)
            #expect(try await world.level(variant.id)?.available == 1)
            let fourth = try await world.order(2, of: variant, number: 1004)
            #expect(try await world.owed(to: fourth) == 1)
            try await world.cancelOrder(third, restocks: false)
            let level = try #require(try await world.level(variant.id))
            #expect((level.onHand, level.reserved, level.owed) == (1, 2, 1), "the broken units left")
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a lower limit takes nothing from anybody`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 0)
            try await world.sell(variant.id) { $0.backorderLimit = 5 }
            let order = try await world.order(4, of: variant, number: 1001)
            try await world.sell(variant.id) { $0.backorderLimit = 0 }
            #expect(try await world.owed(to: order) == 4)
            #expect(
                try await world.refusal { _ = try await world.order(1, of: variant, number: 1002) }
                    == "stock.insufficient")
            try await world.adjust(variant.id, by: 5, .received)
            #expect(try await world.owed(to: order) == 0)
            _ = try await world.order(1, of: variant, number: 1002)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `units that are kept back are not sold to buyers`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 5)
            try await world.sell(variant.id) { $0.safety = 2 }
            #expect(try await world.level(variant.id)?.available == 3)
            let problem = try await #require(throws: Problem.self) {
                try await world.order(4, of: variant, number: 1001)
            }
            #expect(problem.errors.map(\.available) == [3])
            _ = try await world.order(3, of: variant, number: 1001)
            let entry = StaffOrderEntry(
                store: world.store,
                lines: [.init(variant: variant.id, sku: nil, title: nil, quantity: 2, unitPrice: nil)],
                placedAt: nil, externalID: nil, contact: World.contact, tags: [], method: .cashOnDelivery,
                number: 1002, actor: .system, requestID: nil)
            _ = try await world.database.write("test.entry") { tx in try entry.run(in: tx) }
            let level = try #require(try await world.level(variant.id))
            #expect((level.reserved, level.free, level.available, level.owed) == (5, 0, 0, 0))
            try await world.sell(variant.id) { $0.backorderLimit = 2 }
            let late = try await world.order(1, of: variant, number: 1003)
            try await world.adjust(variant.id, by: 2, .received)
            #expect(try await world.owed(to: late) == 1, "what arrived is kept back")
            try await world.adjust(variant.id, by: 1, .received)
            #expect(try await world.owed(to: late) == 0)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `many buyers at once are owed no more than the limit`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 10)
            try await world.sell(variant.id) { $0.backorderLimit = 5 }
            var checkouts: [CheckoutID] = []
            for _ in 0..<40 { checkouts.append(try await world.checkout([(variant, 1)]).id) }
            let placed = try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, checkout) in checkouts.enumerated() {
                    group.addTask {
                        try await world.refusal { _ = try await world.place(checkout, number: 1001 + index) } == nil
                            ? 1 : 0
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(placed == 15)
            let level = try #require(try await world.level(variant.id))
            #expect((level.onHand, level.reserved, level.owed) == (10, 15, 5))
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `arrivals, cancellations and orders at once leave nobody out`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 3)
            try await world.sell(variant.id) { $0.backorderLimit = StockPolicy.noLimit }
            var orders: [OrderID] = []
            for index in 0..<12 { orders.append(try await world.order(2, of: variant, number: 1001 + index)) }
            let checkouts = try await (0..<8).asyncMap { _ in try await world.checkout([(variant, 1)]).id }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<8 {
                    group.addTask { try await world.adjust(variant.id, by: 2, .received) }
                    group.addTask { _ = try await world.place(checkouts[index], number: 2001 + index) }
                    group.addTask { [order = orders[index]] in try await world.cancelOrder(order) }
                }
                try await group.waitForAll()
            }
            // 3 + 16 units; four orders of two and eight of one are left.
            let level = try #require(try await world.level(variant.id))
            #expect((level.onHand, level.reserved, level.owed, level.available) == (19, 16, 0, 3))
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is owed is compared with the reservations`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 1)
            try await world.sell(variant.id) { $0.backorderLimit = 5 }
            _ = try await world.order(3, of: variant, number: 1001)
            try await world.database.write("test.sabotage") { tx in
                try tx.execute("UPDATE reservations SET owed = 1")
            }
            #expect(
                try await world.contradictions() == [
                    "\(variant.id) of \(world.store.id): 2 owed, 1 owed by reservations"
                ])
        }
    }
}

extension World {
    fileprivate func order(_ quantity: Int, of variant: Variant, number: Int) async throws -> OrderID {
        clock.advance(seconds: 1)
        return try await place(try await checkout([(variant, quantity)]).id, number: number).order.id
    }

    fileprivate func owed(to order: OrderID) async throws -> Int {
        try await database.read("test.owed") { [store] tx in
            try Inventory.backorders(of: [order], store: store.id, in: tx).values.reduce(0, +)
        }
    }
}

extension Range<Int> {
    fileprivate func asyncMap<Value>(_ make: (Int) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for index in self { values.append(try await make(index)) }
        return values
    }
}
