import Catalog
import Inventory
import Primitives
import ShopWorld
import TestSupport
import Testing

struct BackorderPageTests {
    @Test(arguments: TestEngine.available)
    func `what has to come first says so until it is there`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let loaf = try await shop.loaf(stock: 0)
            let browser = shop.browser
            #expect(try await browser.get("/products/country-loaf").text.contains("Sold out"))
            for variant in loaf.variants { try await shop.maya.sell(variant.id) { $0.backorderLimit = 2 } }
            let day = try #require(Instant(rfc3339: "2027-01-02T00:00:00Z"))
            for variant in loaf.variants { _ = try await shop.maya.expect(9, of: variant.id, on: day) }
            shop.wait()
            let page = try await browser.get("/products/country-loaf").text
            #expect(page.contains("Back-order, expected on 2 January 2027"))
            #expect(page.contains("Add to basket"))
            let basket = try await browser.post(
                "/basket", ["product": "country-loaf", "option-0": "Half", "quantity": "1"])
            #expect(basket.text.contains("Back-order, expected on 2 January 2027."))
            let line = try #require(basket.between("action=\"/basket/lines/", "\""))
            let three = try await browser.post("/basket/lines/\(line)", ["quantity": "3"])
            #expect(three.text.contains("Only 2 left.") && !three.text.contains("href=\"/checkout\""))
            for variant in loaf.variants { try await shop.maya.adjust(variant.id, by: 2, .received) }
            shop.wait()
            let mixed = try await browser.post("/basket/lines/\(line)", ["quantity": "3"])
            #expect(mixed.text.contains("1 of these: Back-order, expected on 2 January 2027."))
            #expect(try await browser.get("/products/country-loaf").text.contains("In stock"))
        }
    }
}
