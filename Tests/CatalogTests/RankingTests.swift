import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

/// Sixty queries over 150 products in three languages, with what has to come first. Both engines answer alike.
struct RankingTests {
    @Test(arguments: TestEngine.available, RankedShelf.all)
    func `a query finds first what it means`(_ engine: TestEngine, _ shelf: RankedShelf) async throws {
        try await World.open(engine) { world in
            try await shelf.fill(world)
            for query in shelf.queries {
                let found = try await world.find(ProductSearch(text: query.text, publishedOnly: true))
                let titles = found.products.map(\.title)
                #expect(
                    Array(titles.prefix(query.first.count)) == query.first || query.first == ["–"] && titles.isEmpty,
                    "\(query.text): \(titles.prefix(5))")
                for title in query.among { #expect(titles.prefix(8).contains(title), "\(query.text): \(titles)") }
                for title in query.absent { #expect(!titles.contains(title), "\(query.text): \(titles)") }
            }
        }
    }

    @Test func `there are sixty queries over 150 products`() {
        #expect(RankedShelf.all.map(\.queries.count).reduce(0, +) == 60)
        #expect(RankedShelf.all.map(\.products.count).reduce(0, +) == 150)
    }
}

/// Products of one language and what is asked for among them.
struct RankedShelf: Sendable, CustomTestStringConvertible {
    struct Query: Sendable {
        let text: String
        /// In this order at the beginning; a dash for no result at all.
        var first: [String] = []
        /// Among the first eight.
        var among: [String] = []
        /// Nowhere.
        var absent: [String] = []
    }

    let language: SearchLanguage
    /// Title, vendor, category, tags, SKU and description, with bars between them.
    let products: [[String]]
    /// `words => first; second + among - absent`.
    let queries: [Query]

    static let all = [english, german, french]

    var testDescription: String { language.rawValue }

    init(_ language: SearchLanguage, products: String, queries: String) {
        self.language = language
        self.products = products.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingSpaces }
        }
        self.queries = queries.split(separator: "\n").map { line in
            let sides = line.split(separator: "=>", maxSplits: 1).map(\.trimmingSpaces)
            var query = Query(text: sides[0])
            for part in sides[1].split(separator: ";").map(\.trimmingSpaces) {
                if part.hasPrefix("+ ") {
                    query.among.append(String(part.dropFirst(2)))
                } else if part.hasPrefix("- ") {
                    query.absent.append(String(part.dropFirst(2)))
                } else {
                    query.first.append(part)
                }
            }
            return query
        }
    }

    func fill(_ world: World) async throws {
        let (store, price) = (world.store, try world.pence(100))
        let (products, language) = (products, language)
        var handles: [String: String] = [:]
        for product in products where handles[product[2]] == nil { handles[product[2]] = "category-\(handles.count)" }
        let categories = handles
        try await world.database.write("test.shelf") { tx in
            try Catalog.setSearchLanguage(language, of: store.id, in: tx)
            for product in products {
                let draft = ProductDraft(
                    title: product[0], descriptionHTML: "<p>\(product[5])</p>", status: .active, vendor: product[1],
                    tags: product[3].split(separator: ",").map(\.trimmingSpaces),
                    categories: [.init(handle: categories[product[2]] ?? "none", title: product[2])],
                    variants: [.init(sku: product[4], price: price)])
                _ = try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system).run(in: tx)
            }
        }
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
