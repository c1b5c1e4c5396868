import Orders
import Primitives
import ShopWorld
import TestSupport
import Testing

struct PurchaseTests {
    @Test(arguments: TestEngine.available)
    func `somebody without scripts buys from the first page to the order's`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser

            let home = try await browser.get("/")
            #expect(home.status == 200)
            #expect(home.text.contains("href=\"/categories/bakery\""))
            let category = try await browser.get("/categories/bakery")
            #expect(category.text.contains("href=\"/products/country-loaf\""))
            let found = try await browser.get("/search?q=coun")
            #expect(found.text.contains("href=\"/products/country-loaf\""))

            let product = try await browser.get("/products/country-loaf")
            #expect(product.text.contains("<p>A <strong>slow</strong> loaf</p>"))
            #expect(product.text.contains("£2.60"))

            let basket = try await browser.post(
                "/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "1"])
            #expect(basket.address == "/basket")
            #expect(basket.text.contains("Country loaf – Whole"))
            #expect(basket.text.contains("<dd class=\"sum\">£4.80</dd>"))

            let checkout = try await browser.get("/checkout")
            #expect(checkout.text.contains("autocomplete=\"shipping postal-code\""))
            #expect(checkout.between("name=\"expected_total\" value=\"", "\"") == "480 GBP")

            let order = try await browser.post("/checkout", LiveStorefront.filled)
            #expect(order.status == 200)
            #expect(order.address.hasPrefix("/orders/ord_"))
            #expect(order.text.contains("Thank you, Zoë"))
            #expect(order.text.contains("We received your order"))
            #expect(order.text.contains("Paid when it arrives"))
            #expect(order.text.contains("3 Quay Row<br>Leith EH6 6QW<br>United Kingdom"))
            #expect(await browser.cookies.isEmpty)
            #expect(try await shop.maya.count(of: .orders) == 1)
            #expect(try await shop.maya.contradictions() == [])
            let id = try #require(OrderID(String(order.address.split(separator: "/")[1])))
            let placed = try #require(try await shop.maya.order(id))
            #expect(placed.contact.phone?.description == "+441314960000")
            #expect(placed.contact.note == "Ring twice.")
            #expect(placed.totals.total.amount == 480)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order that is sent twice is one order`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            _ = try await browser.post("/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "1"])
            let cookies = await browser.cookies
            let first = try await browser.post("/checkout", LiveStorefront.filled)
            for (name, value) in cookies { await browser.keep(name, value) }
            let second = try await browser.post("/checkout", LiveStorefront.filled)
            #expect(second.address == first.address)
            for (name, value) in cookies { await browser.keep(name, value) }
            let opened = try await browser.get("/checkout")
            #expect(opened.address == first.address)
            #expect(try await shop.maya.count(of: .orders) == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a price that changed meanwhile is shown and asked for again`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let variant = try await shop.maya.variant("Honey", price: 450)
            let browser = shop.browser
            _ = try await browser.post("/basket", ["product": "honey", "quantity": "1"])
            try await shop.maya.reprice(variant, to: 500)
            let filled = LiveStorefront.filled.merging(["expected_total": "450 GBP"]) { $1 }
            let refused = try await browser.post("/checkout", filled)
            #expect(refused.status == 409)
            #expect(refused.text.contains("The total is now £5.00. Nothing has been ordered."))
            #expect(refused.text.contains("value=\"3 Quay Row\""))
            #expect(refused.between("name=\"expected_total\" value=\"", "\"") == "500 GBP")
            #expect(try await shop.maya.count(of: .orders) == 0)
            let agreed = try await browser.post("/checkout", filled.merging(["expected_total": "500 GBP"]) { $1 })
            #expect(agreed.text.contains("Thank you"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `stock that others took is explained, and what was typed stays`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let variant = try await shop.maya.variant("Honey", price: 480, stock: 1)
            let browser = shop.browser
            _ = try await browser.post("/basket", ["product": "honey", "quantity": "1"])
            _ = try await shop.maya.place(try await shop.maya.checkout([(variant, 1)]).id, number: 900)
            let refused = try await browser.post("/checkout", LiveStorefront.filled)
            #expect(refused.status == 409)
            #expect(refused.text.contains("There is not enough of everything any more."))
            #expect(refused.text.contains("This is sold out."))
            #expect(refused.text.contains("value=\"3 Quay Row\""))
            let again = try await browser.get("/checkout")
            #expect(again.text.contains("value=\"3 Quay Row\"") && again.text.contains("Ring twice."))
            #expect(try await shop.maya.count(of: .orders) == 1)
            #expect(try await shop.maya.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `another country has another form, and what was typed stays`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            _ = try await browser.post("/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "1"])
            let american = try await browser.post(
                "/checkout",
                LiveStorefront.filled.merging(["country": "US", "action": "country", "email": "no"]) { $1 })
            #expect(american.status == 200)
            #expect(american.text.contains("ZIP code") && american.text.contains(">State<"))
            #expect(american.text.contains("value=\"no\"") && american.text.contains("value=\"Zoë Wölfle\""))
            #expect(american.faults == [])
            let incomplete = try await browser.post(
                "/checkout", LiveStorefront.filled.merging(["country": "US"]) { $1 })
            #expect(
                incomplete.faults == [
                    "region: Enter the state.",
                    "postal_code: This does not look like a ZIP code (United States). An example is 94103.",
                ])
        }
    }
}
