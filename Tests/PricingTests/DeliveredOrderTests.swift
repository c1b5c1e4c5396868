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

struct DeliveredOrderTests {
    @Test(arguments: TestEngine.available)
    func `settings are read as they were saved, and saved once a version`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            func stored() async throws -> DeliverySettings? {
                try await world.database.read("test") { [store = world.store.id] tx in
                    try Pricing.deliverySettings(of: store, in: tx).settings()
                }
            }
            #expect(try await stored() == nil)
            var wanted = try World.larder()
            wanted.orderCutoff = try .at("14:00")
            wanted.closings = [
                .init(from: try .on("2026-12-25"), to: try .on("2026-12-26"), title: "Christmas", stopsCarriers: true)
            ]
            wanted.locations[0].hours = [
                .init(weekday: .saturday, opens: try .at("09:00"), closes: try .at("13:00"))
            ]
            wanted.options[1].area = LocalArea(
                country: "GB", center: try .of(56, -3.17), radiusMeters: 5000,
                points: [.init(postalCode: "EH6", position: try .of(55.97, -3))])
            wanted.options[1].schedule?.cutoff = .init(daysBefore: 1, time: try .at("18:00"))
            wanted.options[0].rate = DeliveryRate(
                basis: .weight, steps: [.init(from: 0, price: 300), .init(from: 2000, price: 500)], upTo: 30_000)
            let saved = try await world.configure(wanted)
            wanted.version = 1
            #expect(saved == wanted)
            #expect(try await stored() == wanted)

            let late = try World.larder()
            let problem = try await #require(throws: Problem.self) { try await world.configure(late) }
            #expect(problem.code == "delivery_settings.changed")
            #expect(try await stored() == wanted)
            let other = World(try await world.anotherStore(), in: world)
            let elsewhere = try await other.database.read("test") { [store = other.store.id] tx in
                try Pricing.deliverySettings(of: store, in: tx).settings()
            }
            #expect(elsewhere == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order keeps its method, window and price, whatever the settings say later`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let settings = try await world.configure(World.larder())
            let jam = try await world.variant(price: 450, stock: 5)
            let checkout = try await world.checkout(jam, method: "van", window: World.morning())
            let placed = try await world.place(checkout.id, expectedTotal: world.pence(700))
            var gone = settings
            gone.options.remove(at: 1)
            try await world.configure(gone)
            let order = try #require(try await world.order(placed.order.id))
            #expect(order.totals.shipping == (try world.pence(250)))
            #expect(order.totals.total == (try world.pence(700)))
            #expect(order.deliveryMethod == "van")
            #expect(order.delivery.title == "Our van")
            #expect(order.delivery.timeZone == "Europe/London")
            #expect(order.delivery.window?.startsAt == (try .at("2026-01-16T10:00:00Z")))
            #expect(order.delivery.window?.endsAt == (try .at("2026-01-16T12:00:00Z")))
            #expect(DeliveryWords.moment(of: order.delivery) == "Friday 16 January, 10:00–12:00")
            #expect(try await world.contradictions().isEmpty)
        }
    }

    /// What keeps a checkout from becoming an order, and that nothing is left of the attempt.
    private func refusal(_ world: World, _ checkout: Checkout, expected: Int64? = nil) async throws -> [String] {
        let events = try await world.count(of: .events)
        let total = try expected.map(world.pence)
        let problem = try await #require(throws: Problem.self) {
            try await world.place(checkout.id, expectedTotal: total)
        }
        #expect(try await world.count(of: .orders) == 0)
        #expect(try await world.count(of: .events) == events)
        #expect(try await world.taken().values.allSatisfy { $0 == 0 })
        return problem.errors.map { "\(problem.code) \($0.pointer) \($0.code)" }
    }

    @Test(arguments: TestEngine.available)
    func `what was not chosen, or is not possible, keeps an order from being placed`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            var settings = try await world.configure(World.larder())
            let jam = try await world.variant(price: 450, stock: 5)
            let abroad = Contact(
                email: EmailAddress("a@example.com"),
                shippingAddress: Address(name: "A", line1: "1 Rue", city: "Lyon", postalCode: "69001", country: "FR"))
            func attempt(
                _ method: String?, _ window: WindowKey? = nil, _ contact: Contact = World.neighbour
            ) async throws -> [String] {
                try await refusal(
                    world, try await world.checkout(jam, method: method, window: window, contact: contact))
            }
            let courier = settings.options.removeFirst()
            settings = try await world.configure(settings)
            #expect(try await attempt(nil) == ["validation.failed /delivery_method required"])
            settings.options.insert(courier, at: 0)
            settings = try await world.configure(settings)
            #expect(try await attempt("bike") == ["validation.failed /delivery_method unavailable"])
            #expect(try await attempt("van") == ["validation.failed /delivery_window required"])
            #expect(
                try await attempt("van", WindowKey(method: "van", startsAt: .at("2026-01-16T11:00:00Z")))
                    == ["validation.failed /delivery_window unavailable"])
            #expect(
                try await attempt("van", World.morning(), abroad) == ["validation.failed /delivery_method unavailable"])
            #expect(
                try await attempt("courier", nil, Contact(email: EmailAddress("a@example.com")))
                    == ["validation.failed /shipping_address required"])
            // The rate changes between the page and the order.
            let checkout = try await world.checkout(jam, method: "courier")
            settings.options[0].rate = .flat(595)
            settings = try await world.configure(settings)
            #expect(
                try await refusal(world, checkout, expected: 945)
                    == ["checkout.changed /expected_total changed"])
            settings.options.removeFirst()
            try await world.configure(settings)
            #expect(
                try await refusal(world, checkout, expected: 1045)
                    == ["validation.failed /delivery_method unavailable"])
            #expect(try await world.level(jam.id)?.reserved == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `who fetches an order needs no address`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await world.configure(World.larder())
            let jam = try await world.variant(stock: 5)
            let contact = Contact(email: EmailAddress("zoë@example.com"))
            let checkout = try await world.checkout(jam, method: "fetch", contact: contact)
            let order = try await world.place(checkout.id).order
            #expect(order.delivery.pickup?.address == ["3 Quay Row", "Leith"])
            #expect(order.totals.shipping.amount == 0)
            #expect(try await world.order(order.id) == order)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a window of a method that is not chosen any more is not taken`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await world.configure(World.larder())
            let jam = try await world.variant(stock: 5)
            let checkout = try await world.checkout(jam, method: "courier", window: World.morning())
            let order = try await world.place(checkout.id).order
            #expect(order.delivery.window == nil)
            #expect(order.delivery.earliest == "2026-01-16")
            #expect(order.delivery.latest == "2026-01-19")
            #expect(try await world.taken() == [:])
        }
    }

    @Test(arguments: TestEngine.available)
    func `settings of a cache count only while their version is the present one`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let old = try await world.configure(World.larder())
            var new = old
            new.options[0].rate = .flat(100)
            new = try await world.configure(new)
            let jam = try await world.variant(price: 450, stock: 5)
            for (number, known) in [old, new, nil].enumerated() {
                let checkout = try await world.checkout(jam, method: "courier")
                let placement = OrderPlacement(
                    store: world.store, checkout: checkout.id, method: .cashOnDelivery, expectedTotal: nil,
                    number: 1001 + number, knownDelivery: known, requestID: nil)
                let placed = try await world.database.write("test.place") { tx in
                    try placement.run(placement.begin(in: tx), in: tx)
                }
                #expect(placed.order.totals.shipping.amount == 100)
            }
        }
    }
}
