import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct ShelfTests {
    @Test(arguments: TestEngine.available)
    func `a category is narrowed by a plain form, and each choice can be taken back`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            try await shop.shirts()
            let browser = shop.browser
            let all = try await browser.get("/categories/shirts")
            #expect(all.status == 200)
            #expect(all.text.contains(">3 products<"))
            #expect(all.text.contains("name=\"option.Size\""))
            #expect(all.titles == ["Linen shirt", "Cotton shirt", "Silk shirt"])
            let sorted = try await browser.get("/categories/shirts?sort=price")
            #expect(sorted.titles == ["Cotton shirt", "Linen shirt", "Silk shirt"])
            let narrow = try await browser.get("/categories/shirts?option.Size=M&max=39,99&sort=-price")
            #expect(narrow.titles == ["Cotton shirt"])
            #expect(narrow.text.contains(">1 product<"))
            #expect(narrow.text.contains("href=\"/categories/shirts?max=39%2C99&amp;sort=-price\""))
            #expect(narrow.text.contains("href=\"/categories/shirts?option.Size=M&amp;sort=-price\""))
            #expect(narrow.text.contains("href=\"/categories/shirts?sort=-price\""))
            let either = try await browser.get("/categories/shirts?option.Size=S&option.Size=XL")
            #expect(either.titles == ["Linen shirt", "Silk shirt"])
            let none = try await browser.get("/categories/shirts?vendor=Nobody")
            #expect(none.titles == [])
            #expect(none.text.contains("Clear all filters"))
            let wrong = try await browser.get("/categories/shirts?min=cheap&sort=odd&after=x&tag=")
            #expect(wrong.titles.count == 3)
            #expect(wrong.text.contains("Give an amount such as 12.50."))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a search says what it understood, and helps where it found nothing`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            try await shop.shirts()
            let browser = shop.browser
            let found = try await browser.get("/search?q=cottton+shirt")
            #expect(found.titles == ["Cotton shirt"])
            #expect(found.text.contains("These are the results for “cotton shirt”."))
            let none = try await browser.get("/search?q=submarine")
            #expect(none.text.contains("Nothing found"))
            #expect(none.text.contains("New in the shop"))
            #expect(none.titles == ["Silk shirt", "Cotton shirt", "Linen shirt"])
            for query in ["%22NEAR(*", "%00", "%F0%9F%A7%A5", "%E2%80%AE", "+", "%27%3B--"] {
                #expect(try await browser.get("/search?q=\(query)").status == 200, "\(query)")
            }
            let hostile = try await browser.get("/categories/shirts?tag=%22%3E%3Cscript%3E&option.%3Cb%3E=x")
            #expect(hostile.status == 200)
            #expect(!hostile.text.contains("<script>"))
            #expect(!hostile.text.contains("<b>"))
        }
    }
}

extension Browser.Page {
    /// The names on the cards.
    fileprivate var titles: [String] {
        text.split(separator: "class=\"product-card\"").dropFirst().compactMap { card in
            guard let link = card.ranges(of: "href=\"/products/").first,
                let end = card[link.upperBound...].firstIndex(of: ">")
            else { return nil }
            return String(card[card.index(after: end)...].prefix { $0 != "<" })
        }
    }
}

extension LiveStorefront {
    fileprivate func shirts() async throws {
        let store = maya.store
        let shirts: [(String, Int64, [String])] = [
            ("Linen shirt", 4000, ["S", "M"]), ("Cotton shirt", 2000, ["M", "L"]), ("Silk shirt", 9000, ["XL"]),
        ]
        try await maya.database.write("test.shirts") { tx in
            for (title, price, sizes) in shirts {
                let money = try Money(price, store.currency)
                let draft = ProductDraft(
                    title: title, status: .active, vendor: "Weaver",
                    categories: [.init(handle: "shirts", title: "Shirts")],
                    variants: sizes.map { .init(sku: "", price: money, options: [("Size", $0)]) })
                _ = try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system).run(in: tx)
            }
        }
    }
}
