import Catalog
import Inventory
import Ledger
import Orders
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct TaxedOrderTests {
    private static let france = Address(
        name: "Zoé", line1: "3 quai Saint-Paul", city: "Lyon", postalCode: "69005", country: "FR")

    private static func settings(included: Bool = true, delivery: DeliveryTaxation = .goods) -> TaxSettings {
        TaxSettings(
            pricesIncludeTax: included, delivery: delivery,
            zones: [
                TaxZone(
                    name: "Britain", places: [TaxPlace(country: "GB")],
                    rates: [TaxRate(title: "VAT", partsPerMillion: 200_000)]),
                TaxZone(
                    name: "France", places: [TaxPlace(country: "FR")], reverseCharge: true,
                    rates: [
                        TaxRate(title: "TVA", partsPerMillion: 200_000), TaxRate(title: "Eco", partsPerMillion: 5000),
                    ]),
            ])
    }

    private func tax(_ world: World, _ settings: TaxSettings, version: Int = 0) async throws {
        let save = try SaveTaxSettings(
            store: world.store.id, settings: settings, version: version, actor: .system, requestID: nil)
        _ = try await world.database.write("test.taxes") { tx in try save.run(in: tx) }
    }

    private func quote(_ id: CheckoutID, in world: World) async throws -> CheckoutQuote {
        try await world.database.read("test.quote") { [store = world.store] tx in
            let checkout = try #require(try Orders.checkout(id, of: store.id, in: tx))
            return try CheckoutQuote.load(checkout, store: store, in: tx)
        }
    }

    private func change(
        _ id: CheckoutID, in world: World, _ change: @escaping @Sendable (inout ChangeCheckout) -> Void
    ) async throws {
        var changing = ChangeCheckout(store: world.store.id, id: id)
        change(&changing)
        let wanted = changing
        _ = try await world.database.write("test.change") { tx in try wanted.run(in: tx) }
    }

    private func balances(_ order: OrderID, in world: World) async throws -> Balances {
        try await world.database.read("test.balances") { [store = world.store.id] tx in
            try Ledger.balances(of: order, store: store, in: tx)
        }
    }

    @Test(arguments: TestEngine.available)
    func `taxes inside the prices are kept with the order and owed in the books`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await tax(world, Self.settings())
            let tart = try await world.variant("Tart", price: 999, stock: 9)
            let order = try await world.place(world.checkout([(tart, 3), (tart, 1)]).id).order
            #expect(order.totals.taxesIncluded)
            #expect(order.totals.total == (try world.pence(3996)))
            #expect(order.totals.tax == (try world.pence(667)))
            #expect(order.lines.map(\.tax.amount) == [500, 167])
            #expect(
                order.lines[0].taxLines == [
                    TaxLine(title: "VAT", partsPerMillion: 200_000, amount: try world.pence(500))
                ])
            #expect(order.taxLines.map(\.amount.amount) == [667])
            #expect(try await world.order(order.id) == order)
            let books = try await balances(order.id, in: world)
            #expect(-books[.tax] == 667)
            #expect(-books[.sales] == 3329)
            #expect(try await world.contradictions() == [])

            // What was charged stays, whatever becomes of the settings.
            try await tax(world, .none, version: 1)
            #expect(try await world.order(order.id) == order)
            let later = try await world.place(world.checkout([(tart, 1)]).id, number: 1002).order
            #expect(later.totals.tax == (try world.pence(0)))
            #expect(later.taxes == .none && later.lines[0].taxLines == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `taxes are added for the country that it goes to, several of them`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await tax(world, Self.settings(included: false))
            let tart = try await world.variant("Tart", price: 999, stock: 9)
            let checkout = try await world.checkout(
                [(tart, 3)], contact: Contact(email: World.contact.email, shippingAddress: Self.france))
            let order = try await world.place(checkout.id, expectedTotal: world.pence(3611)).order
            #expect(!order.totals.taxesIncluded)
            #expect(order.totals.subtotal == (try world.pence(2997)))
            #expect(order.lines[0].taxLines.map(\.amount.amount) == [599, 15])
            #expect(order.totals.total == (try world.pence(3611)))
            let books = try await balances(order.id, in: world)
            #expect(-books[.tax] == 614)
            #expect(-books[.sales] == 2997)
            #expect(try await world.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `goods are taxed as the class that their tax code names, and as ordinary ones when it names none`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            var settings = Self.settings(included: false)
            settings.zones[0].rates.append(
                TaxRate(title: "Reduced VAT", partsPerMillion: 50_000, classes: [TaxClass.reduced]))
            try await tax(world, settings)
            let store = world.store
            func variant(_ code: String) async throws -> Variant {
                let price = try world.pence(1000)
                return try await world.database.write("test.product") { tx in
                    try SaveProduct(
                        store: store.id, currency: store.currency,
                        draft: ProductDraft(
                            title: "Tea \(code)", status: .active,
                            variants: [.init(price: price, details: VariantDetails(taxCode: code))]), actor: .system
                    ).run(in: tx).variants[0]
                }
            }
            let lines = [
                (try await variant("reduced"), 1), (try await variant("P0000000"), 1), (try await variant(""), 1),
            ]
            let order = try await world.place(world.checkout(lines).id).order
            #expect(order.lines.map(\.tax.amount) == [50, 200, 200])
        }
    }

    @Test(arguments: TestEngine.available)
    func `without an address the tax is the home country's and an estimate`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await tax(world, Self.settings(included: false))
            let tart = try await world.variant("Tart", price: 1000, stock: 9)
            let checkout = try await world.checkout([(tart, 1)], contact: Contact(email: World.contact.email))
            let estimate = try await quote(checkout.id, in: world)
            #expect(estimate.isEstimate)
            #expect(estimate.totals.total == (try world.pence(1200)))
            try await change(checkout.id, in: world) { $0.shippingAddress = .set(Self.france) }
            let known = try await quote(checkout.id, in: world)
            #expect(!known.isEstimate)
            #expect(known.totals.total == (try world.pence(1205)))
            // What the buyer agreed to was the estimate.
            await #expect(throws: Problem.self) {
                try await world.place(checkout.id, expectedTotal: world.pence(1200))
            }
            #expect(try await world.count(of: .orders) == 0)
            #expect(try await world.level(tart.id)?.reserved == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a business in another country owes the tax itself, and an exempt buyer pays none`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            try await tax(world, Self.settings())
            let tart = try await world.variant("Tart", price: 999, stock: 9)
            let french = Contact(email: World.contact.email, shippingAddress: Self.france)
            let business = try await world.checkout([(tart, 3)], contact: french).id
            try await change(business, in: world) { $0.taxNumber = .set("FR40303265045") }
            let reversed = try await world.place(business).order
            // 999 has 166 of TVA and 4 of Eco inside.
            #expect(reversed.lines[0].unitPrice == (try world.pence(829)))
            #expect(reversed.totals.total == (try world.pence(2487)))
            #expect(!reversed.totals.taxesIncluded)
            #expect(reversed.totals.tax == (try world.pence(0)))
            #expect(reversed.taxes == OrderTaxes(treatment: "reverse_charge", number: "FR40303265045"))
            #expect(try await world.order(reversed.id) == reversed)

            let school = try await world.checkout([(tart, 1)]).id
            try await change(school, in: world) { $0.taxExemption = .set("A school") }
            let exempt = try await world.place(school, number: 1002).order
            #expect(exempt.totals.total == (try world.pence(832)))
            #expect(exempt.taxes == OrderTaxes(treatment: "exempt", exemption: "A school"))
            #expect(try await world.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is fetched is taxed where it is handed over, whoever fetches it`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await tax(world, Self.settings())
            let delivery = DeliverySettings(
                timeZone: "Europe/London", zones: [DeliveryZone(id: "all", title: "All", isEverywhereElse: true)],
                locations: [PickupLocation(id: "shop", title: "The Larder", address: ["3 Quay Row", "Leith"])],
                options: [
                    DeliveryOption(id: "post", title: "Post", kind: .shipping, zones: ["all"], rate: .flat(0)),
                    DeliveryOption(id: "fetch", title: "Fetch it", kind: .pickup, location: "shop"),
                ])
            _ = try await world.database.write("test.delivery") { [store = world.store.id] tx in
                try SaveDeliverySettings(store: store, settings: delivery, actor: .system, requestID: nil).run(in: tx)
            }
            let tart = try await world.variant("Tart", price: 999, stock: 99)
            let business = Contact(email: World.contact.email, shippingAddress: Self.france)
            let stranger = Contact(
                email: World.contact.email,
                shippingAddress: Address(
                    name: "Ann", line1: "1 Main St", city: "Ithaca", postalCode: "14850", country: "US"))
            for (number, contact) in [(1001, business), (1002, stranger), (1003, World.contact)] {
                let checkout = try await world.checkout([(tart, 3)], contact: contact).id
                try await change(checkout, in: world) { $0.taxNumber = .set("FR40303265045") }
                try await change(checkout, in: world) { $0.deliveryMethod = .set("post") }
                let sent = try await quote(checkout, in: world)
                #expect(sent.totals.tax.amount == (contact == World.contact ? 500 : 0))
                try await change(checkout, in: world) { $0.deliveryMethod = .set("fetch") }
                #expect(!(try await quote(checkout, in: world)).takesTaxNumber(in: "FR"))
                let order = try await world.place(checkout, number: number).order
                #expect(order.totals.tax == (try world.pence(500)))
                #expect(order.totals.total == (try world.pence(2997)))
                #expect(order.taxes.treatment == "taxed")
            }
            #expect(try await world.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `where only regions are taxed an address has to say its region`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let california = TaxZone(
                name: "California", places: [TaxPlace(country: "US", regions: ["CA", "California"])],
                rates: [TaxRate(title: "Sales tax", partsPerMillion: 72_500)])
            try await tax(world, TaxSettings(zones: [california]))
            let tart = try await world.variant("Tart", price: 1000, stock: 99)
            func contact(_ region: String) -> Contact {
                Contact(
                    email: World.contact.email,
                    shippingAddress: Address(
                        name: "Ann", line1: "1 Main St", city: "Los Angeles", region: region, postalCode: "90012",
                        country: "US"))
            }
            let unknown = try await world.checkout([(tart, 1)], contact: contact("")).id
            #expect(try await quote(unknown, in: world).isEstimate)
            let problem = await #expect(throws: Problem.self) { try await world.place(unknown) }
            #expect(problem?.errors.map(\.pointer) == ["/shipping_address/region"])
            let known = try await world.checkout([(tart, 1)], contact: contact("CA")).id
            #expect(try await world.place(known, number: 1002).order.totals.tax == (try world.pence(73)))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a variant that is not taxable is not taxed`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await tax(world, Self.settings(included: false))
            let tart = try await world.variant("Tart", price: 1000)
            _ = try await world.database.write("test.untaxed") { [store = world.store] tx in
                try ChangeProduct(
                    store: store.id, currency: store.currency, product: tart.product, actor: .system, requestID: nil
                ) { $0.variants[0].isTaxable = false }.run(in: tx)
            }
            let order = try await world.place(world.checkout([(tart, 1)]).id).order
            #expect(order.totals.total == (try world.pence(1000)))
            #expect(order.lines[0].taxLines == [])
        }
    }
}
