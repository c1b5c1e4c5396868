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

struct OrderPlacementTests {
    @Test(arguments: TestEngine.available)
    func `an order copies the lines at today's prices and owes one payment`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let tart = try await world.variant("Tarte à l'oignon", price: 1250, stock: 10)
            let checkout = try await world.checkout([(tart, 2), (tart, 1)])
            let placed = try await world.place(checkout.id)

            #expect(placed.order.name == "#1001")
            #expect(placed.order.lines.map(\.quantity) == [2, 1])
            #expect(placed.order.totals.total == (try world.pence(3750)))
            #expect(placed.order.contact == World.contact)
            #expect(placed.payment.amount == placed.order.totals.total)
            #expect(placed.payment.status == .pending)
            #expect(try await world.order(placed.order.id) == placed.order)
            #expect(try await world.level(tart.id)?.reserved == 3)
            #expect(try await world.count(of: .jobs) == 1, "to write to the customer")
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order that leaves few units owes a look at them`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let few = try await world.variant("Few", stock: 7)
            let many = try await world.variant("Many", stock: 100)
            let endless = try await world.variant("Endless")
            func owed() async throws -> [String] {
                try await world.database.read("test.jobs") { tx in
                    try tx.query("SELECT payload FROM jobs WHERE kind = 'inventory.review_levels'") { try $0[0] }
                }
            }
            _ = try await world.place(try await world.checkout([(few, 1), (many, 1), (endless, 1)]).id)
            #expect(try await owed().isEmpty)
            _ = try await world.place(try await world.checkout([(few, 1), (many, 1)]).id, number: 1002)
            #expect(try await owed() == [#"{"variants":["\#(few.id)"]}"#])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a checkout becomes one order however often it is completed`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 5)
            let checkout = try await world.checkout([(variant, 1)])
            let first = try await world.place(checkout.id)
            let second = try await world.place(checkout.id, number: 1002)

            #expect(!first.isRepeated)
            #expect(second.isRepeated)
            #expect(second.order == first.order)
            #expect(second.payment == first.payment)
            #expect(try await world.count(of: .orders) == 1)
            #expect(try await world.level(variant.id)?.reserved == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `many completions at once make one order`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 5)
            let checkout = try await world.checkout([(variant, 1)])
            let orders = try await withThrowingTaskGroup(of: OrderPlacement.Placed.self) { group in
                for number in 1001...1016 {
                    group.addTask { try await world.place(checkout.id, number: number) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(orders.count == 16)
            #expect(Set(orders.map(\.order.id)).count == 1)
            #expect(orders.filter { !$0.isRepeated }.count == 1)
            #expect(try await world.count(of: .orders) == 1)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `forty buyers of the last ten units make ten orders`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 10)
            var checkouts: [CheckoutID] = []
            for _ in 0..<40 { checkouts.append(try await world.checkout([(variant, 1)]).id) }
            let outcomes = await withTaskGroup(of: String.self) { group in
                for (index, checkout) in checkouts.enumerated() {
                    group.addTask {
                        do {
                            _ = try await world.place(checkout, number: 1001 + index)
                            return "placed"
                        } catch let problem as Problem {
                            return problem.code
                        } catch {
                            return "\(error)"
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(outcomes == ["placed": 10, "stock.insufficient": 30])
            #expect(try await world.level(variant.id)?.available == 0)
            #expect(try await world.count(of: .orders) == 10)
            #expect(try await world.count(of: .reservations) == 10)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `too little stock refuses the whole order and says what is left`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let plenty = try await world.variant("Bread", sku: "B", stock: 100)
            let few = try await world.variant("Cake", sku: "C", stock: 2)
            let checkout = try await world.checkout([(plenty, 5), (few, 3)])
            let events = try await world.count(of: .events)
            let problem = try await #require(throws: Problem.self) { try await world.place(checkout.id) }

            #expect(problem.code == "stock.insufficient")
            #expect(problem.kind == .conflict)
            #expect(problem.errors.map(\.pointer) == ["/lines/1/quantity"])
            #expect(problem.errors.map(\.available) == [2])
            #expect(try await world.level(plenty.id)?.reserved == 0)
            #expect(try await world.level(few.id)?.reserved == 0)
            #expect(try await world.count(of: .orders) == 0)
            #expect(try await world.count(of: .events) == events)
            #expect(try await world.count(of: .jobs) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a total that changed since it was shown is not charged`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(price: 450, stock: 5)
            let checkout = try await world.checkout([(variant, 1)])
            let shown = try world.pence(400)
            let problem = try await #require(throws: Problem.self) {
                try await world.place(checkout.id, expectedTotal: shown)
            }
            #expect(problem.code == "checkout.changed")
            #expect(try await world.count(of: .orders) == 0)
            let placed = try await world.place(checkout.id, expectedTotal: try world.pence(450))
            #expect(placed.order.totals.total == (try world.pence(450)))
        }
    }

    @Test(arguments: TestEngine.available)
    func `an expired checkout is gone`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let checkout = try await world.checkout([(try await world.variant(), 1)])
            world.clock.advance(seconds: Orders.checkoutLifetimeSeconds)
            let problem = try await #require(throws: Problem.self) { try await world.place(checkout.id) }
            #expect(problem.code == "checkout.expired")
            #expect(problem.kind == .gone)
            #expect(try await world.count(of: .orders) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order needs somebody to reach and somewhere to send it`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let checkout = try await world.checkout([(try await world.variant(), 1)], contact: Contact())
            let problem = try await #require(throws: Problem.self) { try await world.place(checkout.id) }
            #expect(problem.code == "validation.failed")
            #expect(problem.errors.map(\.pointer) == ["/email", "/shipping_address"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a variant that was unpublished meanwhile is not sold`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let checkout = try await world.checkout([(try await world.variant(status: .draft), 1)])
            let problem = try await #require(throws: Problem.self) { try await world.place(checkout.id) }
            #expect(problem.code == "variant.unavailable")
            #expect(problem.errors.map(\.pointer) == ["/lines/0/variant_id"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a method without a provider is refused`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let checkout = try await world.checkout([(try await world.variant(), 1)])
            let problem = try await #require(throws: Problem.self) {
                try await world.place(checkout.id, method: .card)
            }
            #expect(problem.code == "payment_method.unavailable")
            #expect(try await world.count(of: .orders) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `another store's checkout does not exist`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let checkout = try await world.checkout([(try await world.variant(), 1)])
            let other = try await world.anotherStore()
            let intruder = World(other, in: world)
            let problem = try await #require(throws: Problem.self) { try await intruder.place(checkout.id) }
            #expect(problem.code == "not_found")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a later price changes no order`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(price: 450)
            let placed = try await world.place(try await world.checkout([(variant, 1)]).id)
            try await world.reprice(variant, to: 999)
            #expect(try await world.order(placed.order.id)?.totals.total == (try world.pence(450)))
        }
    }
}
