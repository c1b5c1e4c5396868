import Catalog
import HTTPServer
import Orders
import Payments
import Primitives
import ShopWorld
import Storefront
import Stores
import TestSupport
import Testing
import UseCases

struct SecrecyTests {
    @Test(arguments: TestEngine.available)
    func `an order's page opens with its own token only`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let variant = try await shop.maya.variant()
            let first = try await shop.maya.place(try await shop.maya.checkout([(variant, 1)]).id).order
            let second = try await shop.maya.place(try await shop.maya.checkout([(variant, 1)]).id, number: 1002).order
            let token = shop.tokens.token(for: first.id, of: shop.maya.store.id)
            let other = shop.tokens.token(for: second.id, of: shop.maya.store.id)
            let otto = World(try await shop.maya.anotherStore(), in: shop.maya)
            let foreign = shop.tokens.token(for: first.id, of: otto.store.id)
            let browser = shop.browser
            #expect(try await browser.get("/orders/\(first.id)/\(token)").status == 200)
            for (wrong, ending) in [(other, ""), (foreign, ""), ("x", ""), (String(token.dropLast()) + "0", "/return")]
            {
                let page = try await browser.get("/orders/\(first.id)/\(wrong)\(ending)")
                #expect(page.status == 404)
                #expect(!page.text.contains("Zoë"))
            }
            #expect(try await browser.post("/orders/\(first.id)/\(other)/payment", [:]).status == 404)
            #expect(try await browser.get("/orders/\(first.id)").status == 404)
        }
    }

    @Test func `however often the way back is loaded, the provider is asked once in three seconds`() async throws {
        let payments = CountedLookUps()
        try await LiveStorefront.open(.sqlite, payments: payments) { shop in
            let variant = try await shop.maya.variant()
            let order = try await shop.maya.place(try await shop.maya.checkout([(variant, 1)]).id).order
            let address = "/orders/\(order.id)/\(shop.tokens.token(for: order.id, of: shop.maya.store.id))/return"
            let browser = shop.browser
            for _ in 0..<5 { #expect(try await browser.get(address).status == 200) }
            #expect(payments.asked.values.count == 1)
            shop.maya.clock.advance(seconds: 4)
            #expect(try await browser.get(address).status == 200)
            #expect(payments.asked.values.count == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a basket opens with its secret only, and in its own store`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let otto = World(try await shop.maya.anotherStore(), in: shop.maya)
            let sold = try await otto.variant("Kombu", price: 700)
            let foreign = try await otto.checkout([(sold, 1)])
            for id in [foreign.id.description, "chk_00000000000000000000000000", "chk_", "x", "../../"] {
                let browser = shop.browser
                await browser.keep("shipshape_basket", id)
                #expect(try await browser.get("/basket").text.contains("Your basket is empty"), "\(id)")
                await browser.keep("shipshape_basket", id)
                #expect(try await browser.get("/checkout").address == "/basket", "\(id)")
                await browser.keep("shipshape_basket", id)
                #expect(try await browser.post("/checkout", LiveStorefront.filled).address == "/basket", "\(id)")
                await browser.keep("shipshape_basket", id)
                let added = try await browser.post(
                    "/basket", ["product": "country-loaf", "option-0": "Half", "quantity": "1"])
                #expect(added.text.contains("Country loaf") && !added.text.contains("Kombu"), "\(id)")
                #expect(await browser.cookies["shipshape_basket"] != id)
            }
            #expect(try await shop.maya.count(of: .orders) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `forms of other sites are refused`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let fields = ["product": "country-loaf", "option-0": "Half", "quantity": "1"]
            for site in ["cross-site", "same-site"] {
                let page = try await shop.browser.post("/basket", fields, site: site)
                #expect(page.status == 403)
                #expect(page.text.contains("Not from here"))
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is not there is told in the shop's own look`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            _ = try await shop.maya.variant("Draft", status: .draft)
            let browser = shop.browser
            for address in [
                "/nothing", "/products/draft", "/products/none", "/categories/none", "/orders/x/y", "/orders",
            ] {
                let page = try await browser.get(address)
                #expect(page.status == 404, "\(address)")
                #expect(page.text.contains("Not here") && page.text.contains("Mayas Lädchen"), "\(address)")
            }
            #expect(try await browser.get("/api/v1/nothing").header("content-type") == "application/problem+json")
        }
    }

    @Test(arguments: TestEngine.available)
    func `files are kept for ever, and an old address leads to the new file`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let browser = shop.browser
            let home = try await browser.get("/")
            let address = try #require(home.between("rel=\"stylesheet\" href=\"", "\""))
            let sheet = try await browser.get(address)
            #expect(sheet.status == 200)
            #expect(sheet.header("content-type") == "text/css; charset=utf-8")
            #expect(sheet.header("cache-control") == "public, max-age=31536000, immutable")
            let etag = try #require(sheet.header("etag"))
            let known = try await browser.send("GET", address, form: nil, headers: [("If-None-Match", etag)])
            #expect(known.status == 304)
            let old = try await browser.send("GET", "/assets/0000000000000000/storefront.css", form: nil)
            #expect(old.header("location") == address)
            #expect(try await browser.get("/assets/0000000000000000/none.css").status == 404)
        }
    }
}

/// Remembers how often it was asked what became of a payment.
private struct CountedLookUps: StorefrontPayments {
    private let cash = CashOnly()
    let asked = Observations<OrderID>()

    func methods(of store: StoreID) async throws -> [PaymentMethod] { try await cash.methods(of: store) }

    func begin(
        _ payment: Payment, of order: Order, store: Store, returnURL: String, requestID: String?
    ) async throws -> Payment { payment }

    func again(
        order: OrderID, store: Store, method: PaymentMethod, returnURL: String, requestID: String?
    ) async throws -> Payment {
        try await cash.again(
            order: order, store: store, method: method, returnURL: returnURL, requestID: requestID)
    }

    func lookUp(order: OrderID, store: StoreID, requestID: String?) async { asked.add(order) }
}
