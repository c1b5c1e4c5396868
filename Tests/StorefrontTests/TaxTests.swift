import Orders
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct TaxTests {
    private func tax(_ world: World) async throws {
        let settings = TaxSettings(
            pricesIncludeTax: true,
            zones: [
                TaxZone(
                    name: "Britain", places: [TaxPlace(country: "GB")],
                    rates: [TaxRate(title: "VAT", partsPerMillion: 200_000)]),
                TaxZone(
                    name: "France", places: [TaxPlace(country: "FR")], reverseCharge: true,
                    rates: [TaxRate(title: "TVA", partsPerMillion: 200_000)]),
            ])
        let save = try SaveTaxSettings(
            store: world.store.id, settings: settings, version: 0, actor: .system, requestID: nil)
        _ = try await world.database.write("test.taxes") { tx in try save.run(in: tx) }
    }

    @Test(arguments: TestEngine.available)
    func `every page says which taxes are in the prices`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            try await tax(shop.maya)
            _ = try await shop.maya.variant("Honey", price: 480)
            let browser = shop.browser
            #expect(try await browser.get("/products/honey").text.contains("Including VAT"))
            _ = try await browser.post("/basket", ["product": "honey", "quantity": "1"])
            let basket = try await browser.get("/basket").text
            #expect(basket.contains("Includes VAT 20%") && basket.contains("£0.80"))
            #expect(basket.contains("The tax may change when we know where it goes."))
            let placed = try await browser.post("/checkout", LiveStorefront.filled)
            #expect(placed.text.contains("Thank you") && placed.text.contains("Includes VAT 20%"))
            #expect(!placed.text.contains("The tax may change"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a business abroad gives its number and pays without the tax`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            try await tax(shop.maya)
            _ = try await shop.maya.variant("Honey", price: 480)
            let browser = shop.browser
            _ = try await browser.post("/basket", ["product": "honey", "quantity": "1"])
            #expect(try await !browser.get("/checkout").text.contains("VAT or tax number"))
            let french = LiveStorefront.filled.merging(
                ["country": "FR", "city": "Lyon", "postal_code": "69005", "phone": "+33 4 72 00 00 00"]) { $1 }
            let shown = try await browser.post("/checkout", french.merging(["action": "country"]) { $1 })
            #expect(shown.status == 200 && shown.text.contains("VAT or tax number"))
            let slip = try await browser.post("/checkout", french.merging(["tax_number": "FR40303265046"]) { $1 })
            #expect(slip.faults == ["tax_number: This is not a tax number of France: check it, or leave it out."])
            let number = french.merging(["tax_number": "40 303 265 045"]) { $1 }
            let changed = try await browser.post("/checkout", number)
            #expect(changed.status == 409)
            #expect(changed.between("name=\"expected_total\" value=\"", "\"") == "400 GBP")
            let agreed = try await browser.post("/checkout", number.merging(["expected_total": "400 GBP"]) { $1 })
            #expect(agreed.text.contains("you account for the tax under FR40303265045"))
        }
    }
}
