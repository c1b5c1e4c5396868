import Catalog
import Inventory
import Orders
import Payments
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct WindowCapacityTests {
    @Test(arguments: TestEngine.available)
    func `the last place of a window goes to one of a hundred buyers, and the others may choose again`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            try await world.configure(World.larder(capacity: 100))
            let jam = try await world.variant(stock: 500)
            let window = try World.morning()
            let first = try await world.checkout(jam, method: "van", window: window)
            _ = try await world.place(first.id, number: 999)
            var small = try World.larder(capacity: 2)
            small.version = 1
            try await world.configure(small)

            var checkouts: [CheckoutID] = []
            for _ in 0..<100 { checkouts.append(try await world.checkout(jam, method: "van", window: window).id) }
            let outcomes = await withTaskGroup(of: (CheckoutID, String).self) { group in
                for (index, checkout) in checkouts.enumerated() {
                    group.addTask { (checkout, await world.outcome(checkout, number: 1001 + index)) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0.1 == "placed" }.count == 1)
            #expect(outcomes.filter { $0.1 == "delivery_window.full" }.count == 99)
            #expect(try await world.taken() == [window.id: 2])
            #expect(try await world.booked().orders.count == 2)
            #expect(try await world.booked().contradictions == [])
            #expect(try await world.count(of: .orders) == 2)
            #expect(try await world.level(jam.id)?.reserved == 2)

            let loser = try #require(outcomes.first { $0.1 == "delivery_window.full" }?.0)
            var change = ChangeCheckout(store: world.store.id, id: loser)
            change.deliveryWindow = .set(try World.afternoon().id)
            let wanted = change
            _ = try await world.database.write("test.choose") { tx in try wanted.run(in: tx) }
            #expect(await world.outcome(loser, number: 2001) == "placed")
            #expect(try await world.taken() == [window.id: 2, try World.afternoon().id: 1])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a canceled order gives its place back once`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await world.configure(World.larder(capacity: 1))
            let jam = try await world.variant(stock: 5)
            let window = try World.morning()
            let order = try await world.place(world.checkout(jam, method: "van", window: window).id).order
            let next = try await world.checkout(jam, method: "van", window: window)
            #expect(await world.outcome(next.id, number: 1002) == "delivery_window.full")
            let cancellation = OrderCancellation(
                store: world.store.id, order: order.id, reason: "", restocks: true, actor: .system, requestID: nil)
            _ = try await world.database.write("test.cancel") { tx in try cancellation.run(in: tx) }
            #expect(try await world.taken() == [window.id: 0])
            let problem = try await #require(throws: Problem.self) {
                try await world.database.write("test.cancel") { tx in try cancellation.run(in: tx) }
            }
            #expect(problem.code == "order.not_cancelable")
            #expect(try await world.taken() == [window.id: 0])
            #expect(await world.outcome(next.id, number: 1002) == "placed")
            #expect(try await world.taken() == [window.id: 1])
            #expect(try await world.booked().contradictions == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order that nobody pays in time gives its place back`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await world.configure(World.larder(capacity: 1))
            let jam = try await world.variant(stock: 5)
            let window = try World.morning()
            let checkout = try await world.checkout(jam, method: "van", window: window)
            let placed = try await world.place(checkout.id, method: .card, offered: [.card])
            #expect(try await world.taken() == [window.id: 1])
            world.clock.advance(seconds: Payment.lifetimeSeconds + 60)
            try await world.workOnPayments()
            #expect(try await world.order(placed.order.id)?.status == .canceled)
            #expect(try await world.taken() == [window.id: 0])
            #expect(try await world.booked().orders == [])
            #expect(try await world.booked().contradictions == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `staff move an order to a window with a place, and not into a full one`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await world.configure(World.larder(capacity: 1))
            let jam = try await world.variant(stock: 5)
            let (morning, afternoon) = (try World.morning(), try World.afternoon())
            let one = try await world.place(world.checkout(jam, method: "van", window: morning).id).order
            @Sendable func move(_ order: OrderID, to window: WindowKey) async throws -> Order {
                let move = DeliveryMove(
                    store: world.store.id, order: order, window: window, actor: .system, requestID: nil)
                return try await world.database.write("test.move") { tx in try move.run(in: tx) }
            }
            let moved = try await move(one.id, to: afternoon)
            #expect(moved.delivery.window?.id == afternoon.id)
            #expect(try await world.order(one.id)?.delivery == moved.delivery)
            #expect(try await world.taken() == [morning.id: 0, afternoon.id: 1])

            let two = try await world.place(
                world.checkout(jam, method: "van", window: morning).id, number: 1002
            ).order
            let problem = try await #require(throws: Problem.self) { try await move(two.id, to: afternoon) }
            #expect(problem.code == "delivery_window.full")
            #expect(try await world.order(two.id) == two)
            #expect(try await world.taken() == [morning.id: 1, afternoon.id: 1])
            _ = try await move(two.id, to: morning)
            #expect(try await world.taken() == [morning.id: 1, afternoon.id: 1])

            let nowhere = WindowKey(method: "van", startsAt: try .at("2026-01-16T11:00:00Z"))
            let unknown = try await #require(throws: Problem.self) { try await move(two.id, to: nowhere) }
            #expect(unknown.errors.map(\.pointer) == ["/delivery_window"])
            #expect(try await world.booked().contradictions == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `orders that change places at once lose none`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await world.configure(World.larder(capacity: 12))
            let jam = try await world.variant(stock: 50)
            let windows = [try World.morning(), try World.afternoon()]
            var orders: [OrderID] = []
            for number in 0..<10 {
                let checkout = try await world.checkout(jam, method: "van", window: windows[number % 2])
                orders.append(try await world.place(checkout.id, number: 1001 + number).order.id)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, order) in orders.enumerated() {
                    let move = DeliveryMove(
                        store: world.store.id, order: order, window: windows[(index + 1) % 2], actor: .system,
                        requestID: nil)
                    group.addTask { _ = try await world.database.write("test.move") { tx in try move.run(in: tx) } }
                }
                try await group.waitForAll()
            }
            #expect(try await world.taken() == [windows[0].id: 5, windows[1].id: 5])
            #expect(Set(try await world.booked().orders) == Set(orders))
            #expect(try await world.booked().contradictions == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a window that grew takes more, and one that shrank takes no more`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            var settings = try await world.configure(World.larder(capacity: 1))
            let jam = try await world.variant(stock: 50)
            let window = try World.morning()
            func order(_ number: Int) async throws -> String {
                await world.outcome(try await world.checkout(jam, method: "van", window: window).id, number: number)
            }
            #expect(try await order(1001) == "placed")
            #expect(try await order(1002) == "delivery_window.full")
            settings.options[1].schedule?.slots[0].capacity = 3
            settings = try await world.configure(settings)
            #expect(try await order(1003) == "placed")
            settings.options[1].schedule?.slots[0].capacity = 2
            settings = try await world.configure(settings)
            #expect(try await order(1004) == "delivery_window.full")
            #expect(try await world.taken() == [window.id: 2])
        }
    }
}
