import Primitives
import ShopWorld
import TestSupport
import Testing

struct FormTests {
    /// A field, what is typed into it, and what is said of it.
    static let bad: [(field: String, value: String, sentence: String)] = [
        ("email", "", "Enter your e-mail address."),
        ("email", "zoe@", "This is not an e-mail address. It looks like name@example.com."),
        ("email", "a@b.example\nBcc: c@d.example", "This is not an e-mail address. It looks like name@example.com."),
        ("phone", "call me", "This is not a phone number. Begin with + and the country’s code."),
        ("phone", "+0", "This is not a phone number. Begin with + and the country’s code."),
        ("name", "  ", "Enter the name of who receives it."),
        ("name", String(repeating: "n", count: 201), "This is longer than 200 characters."),
        ("line1", "", "Enter the street and house number."),
        ("line1", "a\u{7}b", "There is a character in it that cannot be printed."),
        ("line2", String(repeating: "l", count: 201), "This is longer than 200 characters."),
        ("city", "", "Enter the town or city."),
        ("postal_code", "", "Enter the postcode."),
        ("postal_code", "94103", "This does not look like a postcode (United Kingdom). An example is EH6 6QW."),
        ("region", String(repeating: "r", count: 101), "This is longer than 100 characters."),
        ("note", String(repeating: "n", count: 5001), "This is longer than 5000 characters."),
        ("delivery", "teleport", "Choose how it is delivered."),
        ("payment", "card", "Choose how you pay."),
        ("payment", "", "Choose how you pay."),
        ("payment", "paid_elsewhere", "Choose how you pay."),
    ]

    @Test(arguments: TestEngine.available)
    func `each bad field is named beside it, and nothing is ordered`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            _ = try await browser.post("/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "1"])
            for (field, value, sentence) in Self.bad {
                let page = try await browser.post("/checkout", LiveStorefront.filled.merging([field: value]) { $1 })
                #expect(page.status == 422, "\(field) \(value.prefix(20))")
                #expect(page.faults == ["\(field): \(sentence)"], "\(field) \(value.prefix(20))")
                #expect(page.text.contains("href=\"#\(field)\""))
                #expect(page.text.contains("tabindex=\"-1\" autofocus"))
            }
            #expect(try await shop.maya.count(of: .orders) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `hostile words are shown as they were typed and do nothing`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            _ = try await browser.post("/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "1"])
            let hostile = "\"><script>alert(1)</script>"
            for field in ["email", "phone", "name", "line1", "line2", "city", "region", "postal_code", "note"] {
                let page = try await browser.post(
                    "/checkout", LiveStorefront.filled.merging([field: hostile, "payment": ""]) { $1 })
                #expect(!page.text.contains("<script>"), "\(field)")
                #expect(page.text.contains("&quot;&gt;&lt;script&gt;alert(1)"), "\(field)")
            }
            let search = try await browser.get("/search?q=%22%3E%3Cscript%3E")
            #expect(search.text.contains("Results for “&quot;&gt;&lt;script&gt;”"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `quantities and options that do not exist are refused on the product's page`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            for quantity in ["0", "-1", "1.5", "x", "", "10000", "99999999999999999999", "1e3", "٣"] {
                let page = try await browser.post(
                    "/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": quantity])
                #expect(page.status == 422, "\(quantity)")
                #expect(page.text.contains("The quantity has to be a whole number from 1 to 9999."), "\(quantity)")
            }
            let unknown = try await browser.post(
                "/basket", ["product": "country-loaf", "option-0": "Slice", "quantity": "1"])
            #expect(unknown.text.contains("This is not made in that combination"))
            let missing = try await browser.post("/basket", ["product": "country-loaf", "quantity": "1"])
            #expect(missing.text.contains("Choose one of each option."))
            #expect(try await browser.post("/basket", ["product": "nothing", "quantity": "1"]).status == 404)
            #expect(await browser.cookies.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `lines of the basket are changed and removed`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf(stock: 3)
            let browser = shop.browser
            _ = try await browser.post("/basket", ["product": "country-loaf", "option-0": "Half", "quantity": "1"])
            let two = try await browser.post(
                "/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "2"])
            #expect(two.text.contains("<dd class=\"sum\">£12.20</dd>"))
            let line = try #require(two.between("action=\"/basket/lines/", "\""))
            let three = try await browser.post("/basket/lines/\(line)", ["quantity": "3"])
            #expect(three.text.contains("<dd class=\"sum\">£17.40</dd>"))
            let four = try await browser.post("/basket/lines/\(line)", ["quantity": "4"])
            #expect(four.text.contains("Only 3 left.") && !four.text.contains("href=\"/checkout\""))
            let faulty = try await browser.post("/basket/lines/\(line)", ["quantity": "many"])
            #expect(faulty.status == 422)
            #expect(faulty.text.contains("value=\"many\""))
            let one = try await browser.post("/basket/lines/\(line)", ["action": "remove"])
            #expect(one.text.contains("<dd class=\"sum\">£9.60</dd>"))
            let last = try #require(one.between("action=\"/basket/lines/", "\""))
            let empty = try await browser.post("/basket/lines/\(last)", ["quantity": "0"])
            #expect(empty.text.contains("Your basket is empty"))
            #expect(await browser.cookies.isEmpty)
        }
    }
}
