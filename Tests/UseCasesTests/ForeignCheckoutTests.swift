import Catalog
import Customers
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

@testable import UseCases

/// Deliveries, taxes and changes of price lists where a checkout is in another currency than the store.
struct ForeignCheckoutTests {
    private func deliver(_ world: World, _ option: DeliveryOption) async throws {
        var settings = DeliverySettings.initial
        settings.options = [option]
        let save = try SaveDeliverySettings(store: world.store.id, settings: settings, actor: .system, requestID: nil)
        _ = try await world.database.write("test.delivery") { tx in try save.run(in: tx) }
    }

    private func quote(_ id: CheckoutID, in world: World, book: PriceBook? = nil) async throws -> CheckoutQuote {
        try await world.database.read("test.quote") { [store = world.store] tx in
            let checkout = try #require(try Orders.checkout(id, of: store.id, in: tx))
            return try CheckoutQuote.load(checkout, store: store, book: book, in: tx)
        }
    }

    private func book(_ world: World) async throws -> PriceBook {
        try await world.database.read("test.book") { [store = world.store] tx in
            try Catalog.priceBook(of: store.id, base: store.currency, in: tx)
        }
    }

    private func place(
        _ id: CheckoutID, in world: World, book: PriceBook, expected: Money, number: Int = 1001
    ) async throws -> Order {
        let placement = OrderPlacement(
            store: world.store, checkout: id, method: .cashOnDelivery, expectedTotal: expected, book: book,
            number: number, requestID: nil)
        return try await world.database.write("test.place") { tx in
            try placement.run(placement.begin(in: tx), in: tx).order
        }
    }

    /// Pounds at 187.3 yen: 3.00 are 562, and 9.00 are 1686 where prices go by one yen.
    @Test(arguments: TestEngine.available)
    func `fees and limits of a delivery are those of the store, said in the checkout's currency`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let yen = try #require(Currency("JPY"))
            let jam = try await world.variant("Jam", price: 450)
            try await world.sell(in: "JPY", rate: "187.3")
            try await deliver(
                world,
                DeliveryOption(
                    id: "post", title: "Post", kind: .shipping, zones: ["everywhere"],
                    rate: DeliveryRate(
                        basis: .price, steps: [.init(from: 0, price: 300), .init(from: 900, price: 100)]),
                    freeFrom: 1350, minimumOrder: 450))
            for (quantity, shipping) in [(1, 562), (2, 187), (3, 0)] as [(Int, Int64)] {
                let checkout = try await world.checkout([(jam, quantity)], in: "JPY")
                let quote = try await quote(checkout.id, in: world)
                #expect(quote.totals.shipping == (try Money(shipping, yen)), "\(quantity)")
                #expect(quote.totals.total == (try Money(843 * Int64(quantity) + shipping, yen)))
            }
            let checkout = try await world.checkout([(jam, 2)], in: "JPY")
            let order = try await world.place(checkout.id, expectedTotal: Money(1873, yen)).order
            #expect(order.totals.shipping == (try Money(187, yen)))
            #expect(try await world.contradictions() == [])
            // A list makes the goods worth less than the least that is delivered.
            _ = try await world.priceList("Cheap", in: "JPY", prices: [(jam, 842)])
            let cheap = try await world.checkout([(jam, 1)], in: "JPY")
            let withheld = try await quote(cheap.id, in: world).delivery.withheld
            #expect(withheld.map(\.reason) == [.belowMinimum])
            #expect(withheld.map(\.minimumMinorUnits) == [843])
        }
    }

    @Test(
        arguments: TestEngine.available,
        [
            // Of 1,755 fils a fifth more, and the delivery's 1,170 likewise; of 843 yen, and 562.
            ("KWD", "0.39", false, Int64(585)), ("JPY", "187.3", false, 281), ("KWD", "0.39", true, 488),
            ("JPY", "187.3", true, 235),
        ])
    func `taxes are reckoned in the currency and to its unit`(
        _ engine: TestEngine, _ terms: (code: String, rate: String, included: Bool, tax: Int64)
    ) async throws {
        try await World.open(engine) { world in
            let currency = try #require(Currency(terms.code))
            let jam = try await world.variant("Jam", price: 450)
            try await world.sell(in: terms.code, rate: terms.rate)
            try await deliver(
                world,
                DeliveryOption(
                    id: "post", title: "Post", kind: .shipping, zones: ["everywhere"], rate: .flat(300)))
            let save = try SaveTaxSettings(
                store: world.store.id,
                settings: TaxSettings(
                    pricesIncludeTax: terms.included, delivery: .goods,
                    zones: [
                        TaxZone(
                            name: "Britain", places: [TaxPlace(country: "GB")],
                            rates: [TaxRate(title: "VAT", partsPerMillion: 200_000)])
                    ]), version: 0, actor: .system, requestID: nil)
            _ = try await world.database.write("test.taxes") { tx in try save.run(in: tx) }
            let checkout = try await world.checkout([(jam, 1)], in: terms.code)
            let order = try await world.place(checkout.id).order
            #expect(order.totals.tax == (try Money(terms.tax, currency)))
            #expect(order.taxLines.map(\.amount.currency) == [currency])
            #expect(try await world.order(order.id) == order)
            #expect(try await world.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a price list that was changed a moment ago counts, whatever a process remembers`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 450, stock: 9)
            let empty = try await book(world)
            #expect(empty.version == 0)
            let first = try await world.checkout([(jam, 1)])
            let list = try await world.priceList("Sale", adjustmentPPM: -200_000)
            let problem = try await #require(throws: Problem.self) {
                try await place(first.id, in: world, book: empty, expected: world.pence(450))
            }
            #expect(problem.code == "checkout.changed")
            #expect(try await world.count(of: .orders) == 0)
            #expect(try await world.level(jam.id)?.reserved == 0)
            let placed = try await place(first.id, in: world, book: empty, expected: world.pence(360))
            #expect(placed.totals.total.amount == 360)

            let sale = try await book(world)
            let second = try await world.checkout([(jam, 1)])
            #expect(try await quote(second.id, in: world, book: empty).totals.total.amount == 360)
            let change = ChangePriceList(store: world.store.id, id: list.id, actor: .system, requestID: nil)
            _ = try await world.database.write("test.prices") { tx in
                try change.set([(variant: jam.id, price: Money(100, world.store.currency), compareAt: nil)], in: tx)
            }
            #expect(try await quote(second.id, in: world, book: sale).totals.total.amount == 100)
            try await world.database.write("test.remove") { tx in try change.remove(in: tx) }
            #expect(
                try await place(second.id, in: world, book: sale, expected: world.pence(450), number: 1002)
                    .totals.total.amount == 450)
            #expect(try await world.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `while a list changes every order costs what its buyer saw, or none comes of it`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 500, stock: 100)
            let list = try await world.priceList("Sale", adjustmentPPM: -100_000)
            let change = ChangePriceList(store: world.store.id, id: list.id, actor: .system, requestID: nil)
            let old = try await book(world)
            var checkouts: [CheckoutID] = []
            for _ in 0..<24 { checkouts.append(try await world.checkout([(jam, 1)]).id) }
            let outcomes = try await withThrowingTaskGroup(of: (expected: Int64, paid: Int64?).self) { group in
                for (index, checkout) in checkouts.enumerated() {
                    group.addTask {
                        let expected: Int64 = index.isMultiple(of: 2) ? 450 : 400
                        do {
                            let order = try await place(
                                checkout, in: world, book: old, expected: world.pence(expected), number: 2000 + index)
                            return (expected, order.totals.total.amount)
                        } catch let problem as Problem where problem.code == "checkout.changed" {
                            return (expected, nil)
                        }
                    }
                    if index == 8 {
                        group.addTask {
                            _ = try await world.database.write("test.change") { tx in
                                try change.run(in: tx) { $0.adjustmentPPM = -200_000 }
                            }
                            return (0, nil)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let placed = outcomes.filter { $0.paid != nil }
            #expect(placed.allSatisfy { $0.paid == $0.expected })
            #expect(try await world.count(of: .orders) == placed.count)
            #expect(try await world.level(jam.id)?.reserved == placed.count)
            // Afterwards nobody gets the old price.
            let late = try await world.checkout([(jam, 1)])
            await #expect(throws: Problem.self) {
                try await place(late.id, in: world, book: old, expected: world.pence(450), number: 3000)
            }
            #expect(
                try await place(late.id, in: world, book: old, expected: world.pence(400), number: 3001)
                    .totals.total.amount == 400)
            #expect(try await world.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a card is not offered an amount that no card can be charged`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 450, stock: 9)
            try await world.sell(in: "KWD", rate: "0.39")
            let checkout = try await world.checkout([(jam, 1)], in: "KWD")
            let problem = try await #require(throws: Problem.self) {
                try await world.place(checkout.id, method: .card, offered: [.card])
            }
            #expect(problem.code == "payment_method.unavailable")
            #expect(try await world.count(of: .orders) == 0)
            #expect(try await world.level(jam.id)?.reserved == 0)
            #expect(try await world.place(checkout.id).order.totals.total.amount == 1755)
        }
    }

    @Test func `old rates and lists that count for nobody are named`() throws {
        let (gbp, eur) = (try #require(Currency("GBP")), try #require(Currency("EUR")))
        let now = try #require(Instant(rfc3339: "2026-06-01T00:00:00Z"))
        func terms(_ days: Double) throws -> CurrencyTerms {
            CurrencyTerms(
                currency: eur, rate: try #require(ExchangeRate("1.15")), ratedAt: now.adding(seconds: -days * 86_400),
                rounding: .exact)
        }
        func concerns(_ terms: CurrencyTerms) -> [String] {
            PriceDuties.concerns(over: PriceBook(base: gbp, further: [terms]), of: "Maya", groups: [], at: now).rates
        }
        #expect(try concerns(terms(90)) == [])
        #expect(
            try concerns(terms(91)) == [
                "Maya sells in EUR at a rate of 2026-03-02: look it up and save it again, even if it is the same."
            ])
    }

    @Test(arguments: TestEngine.available)
    func `a list in a currency that is not sold, or for a group that is gone, is named`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            _ = try await world.priceList("Yen", in: "JPY")
            _ = try await world.priceList("Everybody")
            let group = try await world.database.write("test.group") { [store = world.store.id] tx in
                try AddCustomerGroup(store: store, name: "Trade", actor: .system).run(in: tx).id
            }
            _ = try await world.priceList("Trade", group: group)
            let known = try await book(world)
            func lists(_ groups: Set<CustomerGroupID>) -> [String] {
                PriceDuties.concerns(over: known, of: "Maya", groups: groups, at: world.clock.now()).lists
            }
            #expect(lists([group]).map { $0.hasPrefix("The price list Yen of Maya is in JPY") } == [true])
            #expect(lists([]).count == 2)
        }
    }
}
