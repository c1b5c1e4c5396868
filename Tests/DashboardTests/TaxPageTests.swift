import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct TaxPageTests {
    private func stored(_ world: World) async throws -> StoredTaxSettings {
        try await world.database.read("test.taxes") { [store = world.store.id] tx in
            try Pricing.taxSettings(of: store, in: tx)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a preset is added with a button, and its zones are listed`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let before = try await owner.get("/dashboard/taxes")
            #expect(before.text.contains("No taxes are charged") && before.text.contains("27 members"))
            let added = try await owner.post("/dashboard/taxes/presets", ["version": "0", "preset": "eu"])
            #expect(added.verdict == "303 /dashboard/taxes?done=taxes_saved")
            let listed = try await owner.get("/dashboard/taxes?done=taxes_saved").text
            #expect(listed.contains("The taxes are saved.") && listed.contains("VAT 25.5%"))
            #expect(try await stored(shop.maya).settings.zones == TaxPreset.preset("eu")?.settings.zones)
            #expect(try await owner.post("/dashboard/taxes/presets", ["version": "1", "preset": "mars"]).status == 404)
            #expect(try await stored(shop.maya).version == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a zone is made, changed and removed with forms`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            #expect(try await owner.get("/dashboard/taxes/zone").text.contains("New tax zone"))
            #expect(try await owner.get("/dashboard/taxes/zone?at=0").status == 404)
            let made = try await owner.post(
                "/dashboard/taxes/zone",
                [
                    "version": "0", "name": "California", "places": "us: CA, California\r\nUS: : 96*\r\n",
                    "prices": "added", "rate.0.title": "State", "rate.0.percent": "6", "rate.0.classes": "standard",
                    "rate.0.priority": "1", "rate.0.delivery": "1", "rate.0.postal_codes": "", "rate.1.title": "",
                    "rate.1.percent": "", "rate.2.title": "City", "rate.2.percent": "9,975",
                    "rate.2.classes": "standard, reduced", "rate.2.priority": "2", "rate.2.compound": "1",
                    "rate.2.postal_codes": "902*, 90001..90899",
                ])
            #expect(made.verdict == "303 /dashboard/taxes?done=taxes_saved")
            let codes = ["902*", "90001..90899"].compactMap { TaxPostalPattern($0) }
            let zone = TaxZone(
                name: "California",
                places: [
                    TaxPlace(country: "US", regions: ["CA", "California"]),
                    TaxPlace(country: "US", postalCodes: [TaxPostalPattern("96*")].compactMap(\.self)),
                ], pricesIncludeTax: false,
                rates: [
                    TaxRate(title: "State", partsPerMillion: 60_000),
                    TaxRate(
                        title: "City", partsPerMillion: 99_750, classes: ["standard", "reduced"], priority: 2,
                        isCompound: true, taxesDelivery: false, postalCodes: codes),
                ])
            #expect(try await stored(shop.maya).settings.zones == [zone])
            let page = try await owner.get("/dashboard/taxes/zone?at=0").text
            #expect(page.contains("value=\"9.975\"") && page.contains("US: CA, California\nUS: : 96*"))

            let wrong = try await owner.post(
                "/dashboard/taxes/zone",
                [
                    "version": "1", "at": "0", "name": "", "places": "QQ", "prices": "added", "reverse_charge": "1",
                    "rate.0.title": "", "rate.0.percent": "", "rate.1.title": "City", "rate.1.percent": "120",
                    "rate.1.classes": "ghost", "rate.1.priority": "x", "rate.1.postal_codes": "?",
                ])
            #expect(wrong.status == 422)
            for field in ["rate.1.percent", "rate.1.priority", "rate.1.postal_codes"] {
                #expect(wrong.text.contains("id=\"\(field)-error\""), "\(field)")
            }
            let unknown = try await owner.post(
                "/dashboard/taxes/zone",
                [
                    "version": "1", "at": "0", "name": "", "places": "QQ", "prices": "added", "reverse_charge": "1",
                    "rate.0.title": "", "rate.1.title": "City", "rate.1.percent": "12", "rate.1.classes": "ghost",
                    "rate.1.priority": "11",
                ])
            #expect(unknown.status == 422)
            for field in ["name", "places", "reverse_charge", "rate.1.classes", "rate.1.priority"] {
                #expect(unknown.text.contains("id=\"\(field)-error\""), "\(field)")
            }
            #expect(try await stored(shop.maya).version == 1)

            let stale = try await owner.post(
                "/dashboard/taxes/zone", ["version": "0", "at": "0", "action": "remove"])
            #expect(stale.status == 422 && stale.text.contains("Somebody else changed the taxes meanwhile."))
            let removed = try await owner.post(
                "/dashboard/taxes/zone", ["version": "1", "at": "0", "action": "remove"])
            #expect(removed.status == 303)
            #expect(try await stored(shop.maya).settings.zones == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `what holds everywhere is set, own classes too`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let saved = try await owner.post(
                "/dashboard/taxes",
                [
                    "version": "0", "prices": "included", "delivery": "class.books", "tax_number": " GB980780684 ",
                    "classes": "books: Books: reduced\r\nfood: Food",
                ])
            #expect(saved.verdict == "303 /dashboard/taxes?done=taxes_saved")
            let settings = try await stored(shop.maya).settings
            #expect(
                settings
                    == TaxSettings(
                        pricesIncludeTax: true, delivery: .taxClass("books"), number: "GB980780684",
                        classes: [
                            TaxClass(code: "books", title: "Books", fallback: "reduced"),
                            TaxClass(code: "food", title: "Food"),
                        ]))
            let wrong = try await owner.post(
                "/dashboard/taxes",
                ["version": "1", "prices": "maybe", "delivery": "class.ghost", "classes": "Books"])
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("id=\"prices-error\"") && wrong.text.contains("id=\"classes-error\""))
            #expect(try await stored(shop.maya).settings == settings)
        }
    }
}
