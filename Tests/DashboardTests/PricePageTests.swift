import Catalog
import Primitives
import ShopWorld
import TestSupport
import Testing

struct PricePageTests {
    @Test(arguments: TestEngine.available)
    func `a currency is added, changed and removed`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let path = "/dashboard/currencies"
            #expect(try await owner.get(path).text.contains("GBP"))
            let added = try await owner.post(path, ["currency": "eur", "rate": "1,15"])
            #expect(added.verdict == "303 \(path)?done=kept")
            let page = try await owner.get(path).text
            #expect(page.contains("value=\"1.15\""))
            let changed = try await owner.post(path, ["currency": "EUR", "rate": "1.2", "rounding": "100.1"])
            #expect(changed.verdict == "303 \(path)?done=kept")
            #expect(try await owner.get(path).text.contains("Such as 0.99"))
            for (currency, rate, field) in [
                ("EURO", "1", "currency"), ("", "1", "currency"), ("CHF", "", "rate"), ("CHF", "0", "rate"),
                ("CHF", "much", "rate"),
            ] {
                let bad = try await owner.post(path, ["currency": currency, "rate": rate])
                #expect(bad.status == 422, "\(currency) \(rate)")
                #expect(bad.text.contains("id=\"\(field)-error\""), "\(currency) \(rate)")
            }
            #expect(try await !owner.get(path).text.contains("CHF"))
            let removed = try await owner.post("\(path)/EUR/removal")
            #expect(removed.verdict == "303 \(path)?done=removed")
            #expect(try await owner.post("\(path)/EUR/removal").status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a price list is made, filled and emptied`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let jam = try await shop.maya.variant("Jam <b>", price: 450)
            let made = try await owner.post(
                "/dashboard/price-lists",
                [
                    "name": "Spring", "currency": "GBP", "group": "", "starts_at": "2026-01-01T08:00",
                    "ends_at": "", "percent": "-12.5",
                ])
            let path = try #require(made.location?.split(separator: "?").first.map(String.init))
            #expect(made.verdict == "303 \(path)?done=kept")
            let page = try await owner.get(path).text
            #expect(page.contains("Jam &lt;b&gt;"))
            #expect(page.contains("value=\"-12.5\""))
            #expect(page.contains("value=\"2026-01-01T08:00\""))
            let (price, former) = ("price.\(jam.id)", "former.\(jam.id)")
            for (amount, was, field) in [("4.001", "", price), ("x", "", price), ("4", "x", former), ("", "5", price)] {
                let bad = try await owner.post("\(path)/prices", [price: amount, former: was])
                #expect(bad.status == 422, "\(amount) \(was)")
                #expect(bad.text.contains("id=\"\(field)-error\""), "\(amount) \(was)")
            }
            let saved = try await owner.post("\(path)/prices", [price: "4", former: "4.50"])
            #expect(saved.verdict == "303 \(path)?done=kept")
            let filled = try await owner.get(path).text
            #expect(filled.contains("value=\"4.00\""))
            #expect(filled.contains("value=\"4.50\""))
            _ = try await owner.post("\(path)/prices", [price: "", former: ""])
            #expect(try await !owner.get(path).text.contains("value=\"4.00\""))
            let about = try await owner.post(
                path,
                ["name": "Spring", "currency": "GBP", "starts_at": "2026-02-01T08:00", "ends_at": "2026-01-01T08:00"])
            #expect(about.status == 422)
            #expect(about.text.contains("id=\"ends_at-error\""))
            for percent in ["-101", "ten", "1.00001", "1001"] {
                let bad = try await owner.post(path, ["name": "S", "currency": "GBP", "percent": percent])
                #expect(bad.text.contains("id=\"percent-error\""), "\(percent)")
            }
            for group in ["everybody", "cgr_00000000000000000000000000"] {
                let bad = try await owner.post(path, ["name": "Spring", "currency": "GBP", "group": group])
                #expect(bad.status == 422)
                #expect(bad.text.contains("id=\"group-error\""), "\(group)")
            }
            let otto = try await shop.owner(of: shop.otto)
            #expect(try await otto.get(path).status == 404)
            #expect(try await otto.post("\(path)/prices", [price: "1"]).status == 404)
            #expect(try await owner.post("\(path)/removal").verdict == "303 /dashboard/price-lists?done=removed")
            #expect(try await owner.get(path).status == 404)
        }
    }
}
