import Catalog
import Customers
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

/// Orders in other currencies and at the prices of lists.
struct OrderPricesTests {
    @Test(arguments: TestEngine.available, [("JPY", "187.3", 843), ("KWD", "0.39", 1755), ("EUR", "1.15", 518)])
    func `an order is in its checkout's currency to the unit, and its books balance`(
        _ engine: TestEngine, _ terms: (code: String, rate: String, price: Int64)
    ) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 450, stock: 9)
            try await world.sell(in: terms.code, rate: terms.rate)
            let currency = try #require(Currency(terms.code))
            let checkout = try await world.checkout([(jam, 3)], in: terms.code)
            let total = try Money(terms.price * 3, currency)
            let placed = try await world.place(checkout.id, expectedTotal: total)
            #expect(placed.order.totals.total == total)
            #expect(placed.order.lines.map(\.unitPrice) == [try Money(terms.price, currency)])
            #expect(placed.order.totals.shipping == .zero(currency))
            #expect(placed.payment.amount == total)
            #expect(try await world.order(placed.order.id) == placed.order)
            // Another in the store's own: the books balance in each.
            _ = try await world.place(world.checkout([(jam, 1)]).id, number: 1002)
            #expect(try await world.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a total in another currency than the checkout's is refused, and nothing is taken`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 450, stock: 9)
            try await world.sell(in: "EUR", rate: "1")
            let checkout = try await world.checkout([(jam, 1)], in: "EUR")
            let problem = try await #require(throws: Problem.self) {
                try await world.place(checkout.id, expectedTotal: world.pence(450))
            }
            #expect(problem.code == "checkout.changed")
            #expect(problem.errors.map { "\($0.pointer) \($0.code)" } == ["/expected_total changed"])
            #expect(try await world.count(of: .orders) == 0)
            #expect(try await world.level(jam.id)?.reserved == 0)
            let euro = try #require(Currency("EUR"))
            _ = try await world.place(checkout.id, expectedTotal: Money(450, euro))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a currency that is dropped leaves its checkouts without a price, not with a wrong one`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 450)
            try await world.sell(in: "JPY", rate: "190")
            let checkout = try await world.checkout([(jam, 1)], in: "JPY")
            let drop = DropCurrency(
                store: world.store.id, currency: try #require(Currency("JPY")), actor: .system, requestID: nil)
            try await world.database.write("test.drop") { tx in try drop.run(in: tx) }
            let problem = try await #require(throws: Problem.self) { try await world.place(checkout.id) }
            #expect(problem.code == "variant.unavailable")
            #expect(try await world.count(of: .orders) == 0)
            try await world.sell(in: "JPY", rate: "200")
            #expect(try await world.place(checkout.id).order.totals.total.amount == 900)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a customer pays the price of their group, and others do not`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 450)
            let (trade, customer) = try await world.database.write("test.trade") { [store = world.store.id] tx in
                let group = try AddCustomerGroup(store: store, name: "Trade", actor: .system).run(in: tx)
                let customer = try AddCustomer(
                    store: store,
                    details: CustomerDetails(email: EmailAddress("buyer@example.com"), groups: [group.id]),
                    actor: .system
                ).run(in: tx)
                return (group.id, customer.id)
            }
            _ = try await world.priceList("Everybody", prices: [(jam, 440)])
            _ = try await world.priceList("Trade", group: trade, prices: [(jam, 300)])
            let theirs = try await world.checkout([(jam, 1)], in: "GBP", for: customer)
            let order = try await world.place(theirs.id).order
            #expect(order.totals.total.amount == 300)
            // Anybody may type their address.
            let contact = Contact(
                email: EmailAddress("buyer@example.com"), shippingAddress: World.contact.shippingAddress)
            let guest = try await world.checkout([(jam, 1)], contact: contact)
            #expect(try await world.place(guest.id, number: 1002).order.totals.total.amount == 440)
            // The order is theirs although it was placed with another address.
            let noted = try await world.database.write("test.note") { [store = world.store.id] tx in
                try OrderCustomers.note(
                    Orders.timeline(of: order.id, store: store, after: 0, limit: 9, in: tx), in: tx)
                return try Customers.customer(ofOrder: order.id, store: store, in: tx)
            }
            #expect(noted == customer)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order that staff enter is in one currency`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", sku: "JAM", price: 450)
            try await world.sell(in: "EUR", rate: "1.2")
            let (euro, yen) = (try #require(Currency("EUR")), try #require(Currency("JPY")))
            func enter(_ currency: Currency?, _ price: Money?, number: Int) async throws -> Order {
                let entry = StaffOrderEntry(
                    store: world.store,
                    lines: [.init(variant: nil, sku: "JAM", title: nil, quantity: 2, unitPrice: price)],
                    placedAt: nil, externalID: nil, contact: World.contact, tags: [], method: .paidElsewhere,
                    currency: currency, number: number, actor: .system, requestID: nil)
                return try await world.database.write("test.enter") { tx in try entry.run(in: tx) }
            }
            #expect(try await enter(euro, nil, number: 1).totals.total == Money(1080, euro))
            #expect(try await enter(yen, Money(500, yen), number: 2).totals.total == Money(1000, yen))
            for (currency, price) in [(euro, try world.pence(5)), (yen, nil), (nil, try Money(5, euro))]
                as [(Currency?, Money?)]
            {
                await #expect(throws: Problem.self) { try await enter(currency, price, number: 3) }
            }
            #expect(try await world.count(of: .orders) == 2)
            #expect(try await world.contradictions() == [])
            _ = jam
        }
    }
}
