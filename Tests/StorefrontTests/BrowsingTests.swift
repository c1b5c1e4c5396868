import Catalog
import Inventory
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct BrowsingTests {
    @Test(arguments: TestEngine.available)
    func `a category shows the way to it, what is below it, and all their products`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let food = try await shop.category(
                CategoryDraft(
                    title: "Food", descriptionHTML: "<p>All to <em>eat</em><script>x</script></p>",
                    seoTitle: "Eat & drink"))
            let bakery = try await shop.category(CategoryDraft(title: "Bakery", parent: food.id))
            _ = try await shop.category(CategoryDraft(title: "Rolls", parent: bakery.id))
            _ = try await shop.loaf()
            let browser = shop.browser
            let home = try await browser.get("/").text
            #expect(home.contains("href=\"/categories/food\""))
            #expect(!home.contains("href=\"/categories/bakery\""))
            let page = try await browser.get("/categories/food")
            #expect(page.text.contains("<title>Eat &amp; drink · Mayas Lädchen</title>"))
            #expect(page.text.contains("content=\"All to eat\""))
            #expect(page.text.contains("<p>All to <em>eat</em></p>"))
            #expect(
                page.text.contains("href=\"/categories/bakery\" class=\"tile\"")
                    || page.text.contains("class=\"tile\" href=\"/categories/bakery\""))
            #expect(page.text.contains("href=\"/products/country-loaf\""))
            let below = try await browser.get("/categories/bakery").text
            #expect(
                below.between("aria-label=\"Breadcrumbs\"", "</nav>")?.contains("href=\"/categories/food\"") == true)
            #expect(below.contains("aria-current=\"page\">Food</a>"))
            let product = try await browser.get("/products/country-loaf").text
            let trail = try #require(product.between("aria-label=\"Breadcrumbs\"", "</nav>"))
            for address in ["/categories/food", "/categories/bakery"] {
                #expect(trail.contains("href=\"\(address)\""), "\(address)")
            }
            #expect(try await browser.get("/categories/rolls").text.contains("Nothing here"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `former addresses lead to the present ones`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            let loaf = try await shop.loaf()
            try await shop.maya.database.write("test.rename") { [store = shop.maya.store] tx in
                for handle in ["loaf", "big-loaf"] {
                    _ = try ChangeProduct(
                        store: store.id, currency: store.currency, product: loaf.id, actor: .system, requestID: nil
                    ) { $0.handle = handle }.run(in: tx)
                }
                let bakery = try Catalog.category(handle: "bakery", of: store.id, in: tx)?.id
                _ = try bakery.map { bakery in
                    try ChangeCategory(store: store.id, category: bakery, actor: .system) { $0.handle = "ovens" }
                        .run(in: tx)
                }
            }
            let browser = shop.browser
            for (former, present) in [
                ("/products/country-loaf", "/products/big-loaf"), ("/products/loaf", "/products/big-loaf"),
                ("/categories/bakery", "/categories/ovens"), ("/categories/OVENS", "/categories/ovens"),
            ] {
                let answer = try await browser.send("GET", former, form: nil)
                #expect(answer.status == 301, "\(former)")
                #expect(answer.header("location") == present, "\(former)")
                #expect(try await browser.get(present).status == 200)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `pages take few statements, and as many for ten times the products`(engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            try await shop.maya.database.write("test.collection") { [store = shop.maya.store.id] tx in
                let rule = CollectionRule(.any, [CollectionCondition(.title, .contains, text: "jam")])
                _ = try SaveCollection(
                    store: store, draft: CollectionDraft(title: "Jams", rule: rule, isFeatured: true), actor: .system
                ).run(in: tx)
            }
            let budgets = [
                ("/", 16), ("/categories/jars", 17), ("/collections/jams", 12), ("/products/jam-0", 16),
                ("/sitemap.xml", 5), ("/sitemaps/products", 5),
            ]
            try await shop.fillJars(0..<6)
            let few = try await shop.statementCounts(of: budgets.map(\.0))
            try await shop.fillJars(6..<60)
            let many = try await shop.statementCounts(of: budgets.map(\.0))
            #expect(many == few)
            for (page, most) in budgets { #expect(few[page] ?? 99 <= most, "\(page)") }
        }
    }
}

extension LiveStorefront {
    /// Products of one category that have everything a card shows.
    fileprivate func fillJars(_ numbers: Range<Int>) async throws {
        let price = try maya.pence(300)
        try await maya.database.write("test.jars") { [store = maya.store] tx in
            for number in numbers {
                let product = try SaveProduct(
                    store: store.id, currency: store.currency,
                    draft: ProductDraft(
                        title: "Jam \(number)", status: .active,
                        images: [ProductImage(url: "https://cdn.example/j.jpg", alt: "A jar")],
                        categories: [.init(handle: "jars", title: "Jars")], variants: [.init(price: price)]),
                    actor: .system
                ).run(in: tx)
                _ = try SetStock(store: store.id, variant: product.variants[0].id, onHand: 5, actor: .system)
                    .run(in: tx)
            }
        }
    }

    fileprivate func statementCounts(of pages: [String]) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for page in pages {
            // Nothing is kept any more, not even the lists for robots.
            maya.clock.advance(seconds: 61)
            _ = statements.take()
            #expect(try await browser.get(page).status == 200, "\(page)")
            counts[page] = statements.take().count
        }
        return counts
    }

    func category(_ draft: CategoryDraft) async throws -> CategoryDetails {
        try await maya.database.write("test.category") { [store = maya.store.id] tx in
            try MakeCategory(store: store, draft: draft, actor: .system).run(in: tx)
        }
    }
}

extension String {
    /// What stands between two texts, the first time.
    fileprivate func between(_ start: String, _ end: String) -> String? {
        guard let from = firstRange(of: start), let to = self[from.upperBound...].firstRange(of: end) else {
            return nil
        }
        return String(self[from.upperBound..<to.lowerBound])
    }
}
