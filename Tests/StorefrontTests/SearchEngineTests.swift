import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct SearchEngineTests {
    @Test(arguments: TestEngine.available)
    func `a product's page says what it is to who reads it by machine`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            let page = try await shop.browser.get("/products/country-loaf")
            #expect(page.text.contains("<link rel=\"canonical\" href=\"http://shop.test/products/country-loaf\">"))
            #expect(page.text.contains("<meta property=\"og:url\" content=\"http://shop.test/products/country-loaf\">"))
            #expect(page.text.contains("<meta property=\"og:type\" content=\"product\">"))
            let text = try #require(page.between("<script type=\"application/ld+json\">", "</script>"))
            let data = try JSON(parsing: text)
            #expect(data["@type"] == "Product")
            #expect(data["name"] == "Country loaf")
            #expect(data["description"] == "A slow loaf")
            #expect(data["brand"] == ["@type": "Brand", "name": "Maya"])
            #expect(
                data["offers"] == [
                    "@type": "AggregateOffer", "priceCurrency": "GBP", "lowPrice": "2.60", "highPrice": "4.80",
                    "offerCount": 2, "availability": "https://schema.org/InStock",
                    "url": "http://shop.test/products/country-loaf",
                ])
            // The policy allows no script of the page's own; this is none.
            #expect(page.header("content-security-policy")?.contains("script-src 'self';") == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product is told to search engines in the words that were meant for them`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let price = try shop.maya.pence(250)
            for (title, barcode) in [("Pen", "4006381333931"), ("Pencil", "4006381333932"), ("Ink", "SHOP-7")] {
                let draft = ProductDraft(
                    title: title, descriptionHTML: "<p>Writes</p>", status: .active,
                    details: ProductDetails(
                        seoTitle: "\(title) for \"letters\"", seoDescription: "Writes & stays.\nFor years."),
                    variants: [.init(price: price, details: VariantDetails(barcode: barcode))])
                _ = try await shop.maya.database.write("test.pen") { [store = shop.maya.store] tx in
                    try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system).run(in: tx)
                }
            }
            let page = try await shop.browser.get("/products/pen")
            #expect(try #require(page.between("<title>", "</title>")).hasPrefix("Pen for "))
            #expect(page.text.contains("<meta name=\"description\" content=\"Writes &amp; stays.\nFor years.\">"))
            #expect(try #require(page.between("property=\"og:title\" content=\"", ">")).hasPrefix("Pen for "))
            #expect(page.text.contains("<h1>Pen</h1>"))
            func data(_ handle: String) async throws -> JSON {
                let page = try await shop.browser.get("/products/\(handle)")
                return try JSON(
                    parsing: try #require(page.between("<script type=\"application/ld+json\">", "</script>")))
            }
            let pen = try await data("pen")
            #expect(pen["name"] == "Pen")
            #expect(pen["gtin"] == "4006381333931")
            // A wrong check digit and a shop's own code are no trade item numbers.
            #expect(try await data("pencil")["gtin"] == nil)
            #expect(try await data("ink")["gtin"] == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `hostile words in a product end no script`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.maya.variant("</script><script>alert(1)</script>", sku: "<!--")
            let page = try await shop.browser.get("/products/script-script-alert-1-script")
            #expect(page.status == 200)
            #expect(!page.text.contains("<script>alert"))
            let text = try #require(page.between("<script type=\"application/ld+json\">", "</script>"))
            #expect(try JSON(parsing: text)["name"] == "</script><script>alert(1)</script>")
        }
    }

    @Test(arguments: TestEngine.available)
    func `the sitemap lists what buyers see, sheet by sheet`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            _ = try await shop.maya.variant("Draft", sku: "D", status: .draft)
            try await shop.maya.database.write("test.collection") { [store = shop.maya.store.id] tx in
                _ = try SaveCollection(store: store, draft: CollectionDraft(title: "Picks"), actor: .system).run(in: tx)
            }
            let browser = shop.browser
            let index = try await browser.get("/sitemap.xml")
            #expect(index.header("content-type") == "application/xml; charset=utf-8")
            #expect(index.text.contains("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"))
            for sheet in ["shop", "products"] {
                #expect(index.text.contains("<loc>http://shop.test/sitemaps/\(sheet)</loc>"))
            }
            let products = try await browser.get("/sitemaps/products").text
            #expect(products.components(after: "<loc>") == ["http://shop.test/products/country-loaf"])
            #expect(products.contains("<lastmod>"))
            let lists = try await browser.get("/sitemaps/shop").text
            #expect(
                lists.components(after: "<loc>") == [
                    "http://shop.test/", "http://shop.test/categories/bakery", "http://shop.test/collections/picks",
                ])
            #expect(try await browser.get("/sitemaps/other").status == 404)
            let robots = try await browser.get("/robots.txt").text
            #expect(robots.contains("Disallow: /checkout\n"))
            #expect(robots.contains("Sitemap: http://shop.test/sitemap.xml\n"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `one of a hundred variants is bought without scripts, and what is not made is told`(
        engine: TestEngine
    ) async throws {
        try await LiveStorefront.open(engine) { shop in
            let price = try shop.maya.pence(1500)
            try await shop.maya.database.write("test.shirt") { [store = shop.maya.store] tx in
                let variants = (0..<100).map { number in
                    ProductDraft.VariantDraft(
                        sku: "S-\(number)", price: price,
                        options: [
                            (name: "Size", value: "Size \(number % 20)"),
                            (name: "Colour", value: "Colour \(number / 20)"),
                            (name: "Cut", value: number.isMultiple(of: 2) ? "Slim" : "Wide"),
                        ])
                }
                _ = try SaveProduct(
                    store: store.id, currency: store.currency,
                    draft: ProductDraft(title: "Shirt", status: .active, variants: variants), actor: .system
                ).run(in: tx)
            }
            let browser = shop.browser
            let page = try await browser.get("/products/shirt")
            #expect(page.status == 200)
            // Twenty sizes are a list that opens, five colours and two cuts lie side by side.
            #expect(page.text.contains("<select id=\"option-0\""))
            #expect(page.text.contains("value=\"Colour 4\""))
            let unmade = try await browser.post(
                "/basket",
                [
                    "product": "shirt", "option-0": "Size 3", "option-1": "Colour 4", "option-2": "Slim",
                    "quantity": "1",
                ])
            #expect(unmade.status == 422)
            #expect(unmade.text.contains("Not made in this combination"))
            let basket = try await browser.post(
                "/basket",
                [
                    "product": "shirt", "option-0": "Size 3", "option-1": "Colour 4", "option-2": "Wide",
                    "quantity": "1",
                ])
            #expect(basket.address == "/basket")
            #expect(basket.text.contains("Size 3 / Colour 4 / Wide"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `collections are shown on the first page and their own, and what is not published yet is not`(
        engine: TestEngine
    ) async throws {
        try await LiveStorefront.open(engine) { shop in
            let now = shop.maya.clock.now()
            try await shop.maya.database.write("test.collection") { [store = shop.maya.store.id] tx in
                let rule = CollectionRule(.any, [CollectionCondition(.title, .contains, text: "jam")])
                _ = try SaveCollection(
                    store: store,
                    draft: CollectionDraft(
                        title: "Jams", descriptionHTML: "<p>Sweet</p>", rule: rule, order: .title, isFeatured: true),
                    actor: .system
                ).run(in: tx)
            }
            for number in 0..<26 { _ = try await shop.maya.variant("Jam \(100 + number)", sku: "J\(number)") }
            let early = try await shop.maya.variant("Jam 000", sku: "J-E")
            try await shop.maya.database.write("test.schedule") { [store = shop.maya.store] tx in
                _ = try ChangeProduct(
                    store: store.id, currency: store.currency, product: early.product, actor: .system, requestID: nil
                ) { $0.publishedAt = now.adding(seconds: 60) }.run(in: tx)
            }
            let browser = shop.browser
            let home = try await browser.get("/").text
            #expect(home.contains("href=\"/collections/jams\""))
            let page = try await browser.get("/collections/jams")
            #expect(page.text.contains("content=\"Sweet\""))
            #expect(page.text.contains("/products/jam-123") && !page.text.contains("/products/jam-124"))
            #expect(!page.text.contains("/products/jam-000"))
            #expect(try await browser.get("/products/jam-000").status == 404)
            let next = try #require(page.between("<a href=\"/collections/jams?after=", "\""))
            let second = try await browser.get("/collections/jams?after=\(next)").text
            #expect(second.contains("/products/jam-125") && !second.contains("/products/jam-123"))
            shop.maya.clock.advance(seconds: 60)
            #expect(try await browser.get("/products/jam-000").status == 200)
            #expect(try await browser.get("/collections/jams").text.contains("/products/jam-000"))
            #expect(try await browser.get("/collections/none").status == 404)
        }
    }
}

extension String {
    /// What follows each mark up to the next element.
    fileprivate func components(after mark: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: mark) {
            rest = rest[range.upperBound...]
            found.append(String(rest.prefix { $0 != "<" }))
        }
        return found
    }
}
