import Catalog
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct CurrencyTests {
    @Test(arguments: TestEngine.available)
    func `prices, basket and order are in the currency that was chosen, without scripts`(
        engine: TestEngine
    ) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            #expect(try await !browser.get("/").text.contains("action=\"/currency\""))
            try await shop.maya.sell(in: "JPY", rate: "187.3")
            try await shop.maya.sell(in: "EUR", rate: "1.15", step: 100, offset: 1)
            shop.maya.clock.advance(seconds: 1)
            let home = try await browser.get("/")
            #expect(home.text.contains("<option value=\"GBP\" selected>GBP</option>"))

            let chosen = try await browser.send(
                "POST", "/currency", form: ["currency": "JPY"],
                headers: [("Referer", "http://localhost/products/country-loaf")])
            #expect(chosen.header("location") == "/products/country-loaf")
            #expect(await browser.cookies["shipshape_currency"] == "JPY")
            // 2.60 and 4.80 are 486.98 and 899.04.
            let product = try await browser.get("/products/country-loaf")
            #expect(product.text.contains("¥487"))
            #expect(product.text.contains("¥899"))
            #expect(try await browser.get("/categories/bakery").text.contains("¥487"))
            #expect(try await browser.get("/search?q=loaf").text.contains("¥487"))
            #expect(try await browser.get("/search?q=loaf&min=1").text.contains("From (GBP)"))
            // Somebody else still sees pounds.
            #expect(try await shop.browser.get("/products/country-loaf").text.contains("£2.60"))

            let basket = try await browser.post(
                "/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "2"])
            #expect(basket.text.contains("<dd class=\"sum\">¥1,798</dd>"))
            // A basket follows: 4.80 are 5.52, and prices end in 99.
            _ = try await browser.send("POST", "/currency", form: ["currency": "EUR"])
            #expect(try await browser.get("/basket").text.contains("<dd class=\"sum\">€11.98</dd>"))
            let checkout = try await browser.get("/checkout")
            #expect(checkout.between("name=\"expected_total\" value=\"", "\"") == "1198 EUR")
            var filled = LiveStorefront.filled
            filled["expected_total"] = "1198 EUR"
            let order = try await browser.post("/checkout", filled)
            #expect(order.text.contains("€11.98"))
            let id = try #require(OrderID(String(order.address.split(separator: "/")[1])))
            #expect(try await shop.maya.order(id)?.totals.total.description == "11.98 EUR")
            #expect(try await shop.maya.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a basket in a currency that is dropped can be ordered in the shop's own`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            try await shop.maya.sell(in: "JPY", rate: "187.3")
            _ = try await browser.send("POST", "/currency", form: ["currency": "JPY"])
            _ = try await browser.post("/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "1"])
            let drop = DropCurrency(
                store: shop.maya.store.id, currency: try #require(Currency("JPY")), actor: .system, requestID: nil)
            try await shop.maya.database.write("test.drop") { tx in try drop.run(in: tx) }
            shop.maya.clock.advance(seconds: 1)
            #expect(try await browser.get("/basket").text.contains("<dd class=\"sum\">£4.80</dd>"))
            var filled = LiveStorefront.filled
            filled["expected_total"] = "480 GBP"
            let order = try await browser.post("/checkout", filled)
            let id = try #require(OrderID(String(order.address.split(separator: "/")[1])))
            #expect(try await shop.maya.order(id)?.totals.total.description == "4.80 GBP")
        }
    }

    @Test(arguments: TestEngine.available)
    func `as many units of another currency are another total, which is shown and asked for again`(
        engine: TestEngine
    ) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            try await shop.maya.sell(in: "EUR", rate: "1")
            shop.wait()
            _ = try await browser.post("/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "1"])
            let checkout = try await browser.get("/checkout")
            #expect(checkout.between("name=\"expected_total\" value=\"", "\"") == "480 GBP")
            // On another page, while this one stays open.
            _ = try await browser.send("POST", "/currency", form: ["currency": "EUR"])
            for agreed in ["480 GBP", "480", "480 eur", "4.80 EUR", ""] {
                let filled = LiveStorefront.filled.merging(["expected_total": agreed]) { $1 }
                let refused = try await browser.post("/checkout", filled)
                #expect(refused.status == 409, "\(agreed)")
                #expect(refused.text.contains("The total is now €4.80. Nothing has been ordered."), "\(agreed)")
                #expect(refused.between("name=\"expected_total\" value=\"", "\"") == "480 EUR", "\(agreed)")
            }
            #expect(try await shop.maya.count(of: .orders) == 0)
            let filled = LiveStorefront.filled.merging(["expected_total": "480 EUR"]) { $1 }
            let order = try await browser.post("/checkout", filled)
            let id = try #require(OrderID(String(order.address.split(separator: "/")[1])))
            #expect(try await shop.maya.order(id)?.totals.total.description == "4.80 EUR")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a currency that is none, or a way that leads elsewhere, is not taken`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let browser = shop.browser
            try await shop.maya.sell(in: "JPY", rate: "187.3")
            for currency in ["", "XXX", "EUR", "jpy"] {
                let answer = try await browser.send("POST", "/currency", form: ["currency": currency])
                #expect(answer.status == 303)
                #expect(await browser.cookies["shipshape_currency"] == "GBP", "\(currency)")
            }
            for (referrer, target) in [
                ("https://evil.example//evil.example/x", "/"), ("http://shop/basket/lines/line_1", "/basket"),
                ("nonsense", "/"), ("http://shop", "/"), ("http://shop/search?q=a%20b#x", "/search?q=a%20b"),
                ("http://shop/\\evil.example", "/"),
            ] {
                let answer = try await browser.send(
                    "POST", "/currency", form: ["currency": "JPY"], headers: [("Referer", referrer)])
                #expect(answer.header("location") == target, "\(referrer)")
            }
            await browser.keep("shipshape_currency", "nonsense")
            #expect(try await browser.get("/").status == 200)
        }
    }
}
