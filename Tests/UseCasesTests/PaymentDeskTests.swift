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

struct PaymentDeskTests {
    @Test(arguments: TestEngine.available)
    func `the page shows the order's lines and leads back`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 450, stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            #expect(payment.status == .pending)
            #expect(payment.redirectURL == "https://pay.example/cs_\(payment.id)")
            let request = try #require(world.provider.opened.first)
            #expect(request.lines == [.init(title: "Jam", quantity: 2, unitPrice: try world.pence(450))])
            #expect(request.payment.amount == order.totals.total)
            #expect(request.store == world.store.id)
            #expect(request.returnURL == "https://shop.example/thanks")
            #expect(try await Self.timeline(order.id, in: world) == ["order.placed", "payment.started"])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `cards are offered by stores that have a connection`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let otto = try await world.anotherStore()
            #expect(try await world.desk.methods(of: world.store.id) == [.cashOnDelivery, .card])
            #expect(try await world.desk.methods(of: otto.id) == [.cashOnDelivery])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a provider that cannot be reached leaves an order and a failed payment`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            world.provider.fail(.unreachable(code: "provider_timeout"))
            let (order, payment) = try await world.orderByCard([(world.variant(stock: 5), 1)])
            #expect(payment.status == .failed)
            #expect(payment.failureCode == "provider_timeout")
            #expect(payment.redirectURL == nil)
            #expect(try await world.order(order.id)?.paymentStatus == .pending)
            #expect(try await Self.timeline(order.id, in: world) == ["order.placed", "payment.failed"])

            world.clock.advance(seconds: 1)
            let second = try await Self.again(order.id, in: world)
            #expect(second.id != payment.id)
            #expect(second.status == .pending)
            #expect(second.expiresAt == payment.expiresAt)
            #expect(try await world.payments(of: order.id).map(\.status) == [.failed, .pending])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a page that is still open is used again`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, payment) = try await world.orderByCard([(world.variant(stock: 5), 1)])
            #expect(try await Self.again(order.id, in: world) == payment)
            #expect(world.provider.opened.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an expired page is followed by another`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, payment) = try await world.orderByCard([(world.variant(stock: 5), 1)])
            world.provider.set(.expired, for: payment.id)
            world.clock.advance(seconds: 1)
            let second = try await Self.again(order.id, in: world)
            #expect(second.id != payment.id)
            let states = try await world.payments(of: order.id).map { "\($0.status) \($0.failureCode)" }
            #expect(states == ["failed expired", "pending "])
        }
    }

    @Test(arguments: TestEngine.available)
    func `who has paid a moment ago need not pay again`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, payment) = try await world.orderByCard([(world.variant(stock: 5), 1)])
            world.provider.set(.paid, for: payment.id)
            let problem = try await #require(throws: Problem.self) { try await Self.again(order.id, in: world) }
            #expect(problem.code == "payment.not_needed")
            #expect(try await world.order(order.id)?.paymentStatus == .paid)
            #expect(world.provider.opened.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order to be paid in cash needs no page`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let checkout = try await world.checkout([(try await world.variant(stock: 5), 1)])
            let order = try await world.place(checkout.id).order
            let problem = try await #require(throws: Problem.self) { try await Self.again(order.id, in: world) }
            #expect(problem.code == "payment.not_needed")
        }
    }

    @Test(arguments: TestEngine.available)
    func `once the time is over it is too late`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, _) = try await world.orderByCard([(world.variant(stock: 5), 1)])
            world.clock.advance(seconds: Payment.lifetimeSeconds)
            let problem = try await #require(throws: Problem.self) { try await Self.again(order.id, in: world) }
            #expect(problem.code == "payment.too_late")
            #expect(problem.kind == .gone)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a process that dies between commit and page is followed by another after its lease`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let placed = try await world.placeByCard([(world.variant(stock: 5), 1)])
            let stranded = try #require(try await world.payments(of: placed.order.id).first)
            #expect(!stranded.isClaimed)
            let early = try await #require(throws: Problem.self) {
                try await world.desk.begin(
                    stranded, of: placed.order, store: world.store, returnURL: "https://shop.example/", requestID: nil)
            }
            #expect(early.code == "payment.in_progress")
            #expect(world.provider.opened.isEmpty)

            world.clock.advance(seconds: Payment.leaseSeconds)
            let payment = try await world.desk.begin(
                stranded, of: placed.order, store: world.store, returnURL: "https://shop.example/", requestID: nil)
            #expect(payment.redirectURL != nil)
            #expect(world.provider.opened.map(\.payment.id) == [stranded.id])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a look that fails leaves everything as it was`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, payment) = try await world.orderByCard([(world.variant(stock: 5), 1)])
            world.provider.fail(.unreachable(code: "provider_timeout"))
            await world.desk.lookUp(order: order.id, store: world.store.id, requestID: nil)
            #expect(try await world.payments(of: order.id) == [payment])
            world.provider.set(.paid, for: payment.id)
            await world.desk.lookUp(order: order.id, store: world.store.id, requestID: nil)
            #expect(try await world.order(order.id)?.paymentStatus == .paid)
            let asked = world.provider.asked
            await world.desk.lookUp(order: order.id, store: world.store.id, requestID: nil)
            #expect(world.provider.asked == asked)
        }
    }

    @Test(arguments: TestEngine.available)
    func `another store's order does not exist`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, _) = try await world.orderByCard([(world.variant(stock: 5), 1)])
            let otto = try await world.anotherStore()
            let problem = try await #require(throws: Problem.self) {
                try await world.desk.again(
                    order: order.id, store: otto, method: .card, returnURL: "https://otto.example/", requestID: nil)
            }
            #expect(problem.kind == .notFound)
        }
    }

    private static func again(_ order: OrderID, in world: World) async throws -> Payment {
        try await world.desk.again(
            order: order, store: world.store, method: .card, returnURL: "https://shop.example/thanks", requestID: nil)
    }

    private static func timeline(_ order: OrderID, in world: World) async throws -> [String] {
        try await world.database.read("test.timeline") { tx in
            try Orders.timeline(of: order, store: world.store.id, after: 0, limit: 100, in: tx).map(\.type.rawValue)
        }
    }
}

struct PaymentExpiryTests {
    @Test(arguments: TestEngine.available)
    func `what nobody pays in time gives its stock back, once`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant(stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            world.clock.advance(seconds: Payment.lifetimeSeconds - 1)
            #expect(try await world.workOnPayments().isEmpty)
            world.clock.advance(seconds: 1)
            #expect(try await world.workOnPayments() == ["payments.expire_unpaid"])

            let expired = try #require(try await world.order(order.id))
            #expect(expired.status == .canceled)
            #expect(expired.cancelReason == "payment_expired")
            #expect(expired.paymentStatus == .voided)
            #expect(try await world.payments(of: order.id).map(\.failureCode) == ["expired"])
            #expect(try await world.level(jam.id)?.reserved == 0)
            #expect(world.provider.expired == [ScriptedProvider.session(of: payment.id)])
            let timeline = try await world.database.read("test.timeline") { tx in
                try Orders.timeline(of: order.id, store: world.store.id, after: 0, limit: 9, in: tx).map(
                    \.type.rawValue)
            }
            #expect(timeline == ["order.placed", "payment.started", "payment.expired", "order.canceled"])
            try await world.deliver(ScriptedEvent("expired", of: payment, store: world.store.id))
            try await world.workOnPayments()
            #expect(try await world.order(order.id) == expired)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what was paid at the last moment stays`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant(stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            world.provider.set(.paid, for: payment.id)
            world.clock.advance(seconds: Payment.lifetimeSeconds)
            try await world.workOnPayments()
            let paid = try #require(try await world.order(order.id))
            #expect(paid.status == .open)
            #expect(paid.paymentStatus == .paid)
            #expect(try await world.level(jam.id)?.reserved == 2)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `while the provider cannot be asked nothing is given up`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant(stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            world.clock.advance(seconds: Payment.lifetimeSeconds)
            world.provider.fail(.unreachable(code: "provider_timeout"))
            await #expect(throws: (any Error).self) { try await world.workOnPayments() }
            #expect(try await world.order(order.id)?.status == .open)
            world.provider.set(.processing, for: payment.id)
            await #expect(throws: (any Error).self) { try await world.workOnPayments() }
            #expect(try await world.order(order.id)?.status == .open)
            #expect(try await world.level(jam.id)?.reserved == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order whose page was never opened expires all the same`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant(stock: 5)
            let placed = try await world.placeByCard([(jam, 2)])
            world.clock.advance(seconds: Payment.lifetimeSeconds)
            try await world.workOnPayments()
            #expect(try await world.order(placed.order.id)?.status == .canceled)
            #expect(world.provider.expired.isEmpty)
            #expect(try await world.level(jam.id)?.reserved == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order paid in time is not touched`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, payment) = try await world.orderByCard([(world.variant(stock: 5), 2)])
            try await world.deliver(ScriptedEvent("paid", of: payment, store: world.store.id))
            try await world.workOnPayments()
            let paid = try await world.order(order.id)
            world.clock.advance(seconds: Payment.lifetimeSeconds)
            #expect(try await world.workOnPayments() == ["payments.expire_unpaid"])
            #expect(try await world.order(order.id) == paid)
            #expect(world.provider.expired.isEmpty)
        }
    }
}
