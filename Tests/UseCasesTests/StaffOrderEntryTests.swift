import Catalog
import EventLog
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

struct StaffOrderEntryTests {
    @Test(arguments: TestEngine.available)
    func `staff's own prices, moment and lines are kept in their order`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let soap = try await world.variant("Soap", sku: "85123A", price: 500, stock: 20)
            let moment = try #require(Instant(rfc3339: "2010-12-01T08:26:00Z"))
            let order = try await world.enter(
                [
                    .init(variant: nil, sku: "85123A", title: nil, quantity: 6, unitPrice: try world.pence(255)),
                    .init(variant: nil, sku: "POST", title: "POSTAGE", quantity: 1, unitPrice: try world.pence(1800)),
                    .init(variant: soap.id, sku: nil, title: nil, quantity: 1, unitPrice: nil),
                ], placedAt: moment, externalID: "536365")

            #expect(order.totals.total == (try world.pence(6 * 255 + 1800 + 500)))
            #expect(order.lines.map(\.sku) == ["85123A", "POST", "85123A"])
            #expect(order.lines.map(\.variant) == [soap.id, nil, soap.id])
            #expect(order.placedAt == moment)
            #expect(try await world.level(soap.id)?.reserved == 7)
            #expect(try await world.order(order.id) == order)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an external id is taken once`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let lines = [
                StaffOrderEntry.Line(
                    variant: nil, sku: nil, title: "Lantern", quantity: 1, unitPrice: try world.pence(1))
            ]
            let first = try await world.enter(lines, externalID: "536365")
            let problem = try await #require(throws: Problem.self) {
                try await world.enter(lines, externalID: "536365", number: 1002)
            }
            #expect(problem.code == "order.external_id_taken")
            #expect(problem.references == ["order_id": first.id.description])
            #expect(try await world.count(of: .orders) == 1)
            #expect(try await world.count(of: .orderLines) == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order of a thousand lines is entered whole`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let soap = try await world.variant("Soap", sku: "S", stock: 10_000)
            let price = try world.pence(3)
            let lines = (0..<1000).map { index in
                StaffOrderEntry.Line(
                    variant: index.isMultiple(of: 2) ? soap.id : nil, sku: nil, title: "Line \(index)", quantity: 2,
                    unitPrice: price)
            }
            let order = try await world.enter(lines)
            #expect(order.totals.total == (try world.pence(6000)))
            #expect(try await world.order(order.id)?.lines == order.lines)
            #expect(try await world.level(soap.id)?.reserved == 1000)
        }
    }

    @Test(arguments: TestEngine.available)
    func `every line at fault is named`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.variant("One", sku: "TWIN")
            _ = try await world.variant("Two", sku: "TWIN")
            let yen = try Money(100, #require(Currency("JPY")))
            let problem = try await #require(throws: Problem.self) {
                try await world.enter([
                    .init(variant: nil, sku: "NOPE", title: nil, quantity: 1, unitPrice: nil),
                    .init(variant: nil, sku: "TWIN", title: nil, quantity: 1, unitPrice: nil),
                    .init(variant: nil, sku: nil, title: "Free", quantity: 1, unitPrice: nil),
                    .init(variant: nil, sku: nil, title: "Yen", quantity: 1, unitPrice: yen),
                    .init(variant: nil, sku: nil, title: nil, quantity: 1, unitPrice: nil),
                    .init(
                        variant: nil, sku: nil, title: "Huge", quantity: 1_000_000,
                        unitPrice: try world.pence(Money.limit)),
                ])
            }
            #expect(
                problem.errors.map(\.pointer) == [
                    "/lines/0/sku", "/lines/1/sku", "/lines/2/unit_price", "/lines/3/unit_price/currency", "/lines/4",
                    "/lines/5/unit_price/amount",
                ])
            #expect(try await world.count(of: .orders) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order of the future is refused`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let line = StaffOrderEntry.Line(
                variant: nil, sku: nil, title: "Soon", quantity: 1, unitPrice: try world.pence(1))
            let tomorrow = world.clock.now().adding(seconds: 86_400)
            let problem = try await #require(throws: Problem.self) {
                try await world.enter([line], placedAt: tomorrow)
            }
            #expect(problem.errors.map(\.pointer) == ["/placed_at"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `order numbers of a store begin at 1001 and are never given twice`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let pool = OrderNumberPool(database: world.database)
            let second = OrderNumberPool(database: world.database)
            var numbers = [try await pool.take(for: world.store.id)]
            #expect(numbers == [1001])
            await pool.giveBack(1001, to: world.store.id)
            #expect(try await pool.take(for: world.store.id) == 1001)
            numbers += try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<200 {
                    group.addTask { try await (index.isMultiple(of: 2) ? pool : second).take(for: world.store.id) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(numbers).count == 201)
        }
    }
}

extension World {
    func enter(
        _ lines: [StaffOrderEntry.Line], placedAt: Instant? = nil, externalID: String? = nil, number: Int = 1001
    ) async throws -> Order {
        let entry = StaffOrderEntry(
            store: store, lines: lines, placedAt: placedAt, externalID: externalID, contact: Contact(), tags: [],
            method: .cashOnDelivery, number: number, actor: .operatorConsole, requestID: nil)
        return try await database.write("test.enter") { tx in try entry.run(in: tx) }
    }
}
