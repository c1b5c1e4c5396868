import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct ProductSearchTests {
    @Test(arguments: TestEngine.available)
    func `what is saved, changed or deleted is found as it is in the same moment`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let kettle = try await world.shelve("Copper kettle", price: 4200, tags: ["kitchen"])
            #expect(try await world.titles("kettle") == ["Copper kettle"])
            _ = try await world.change(kettle) { $0.title = "Copper teapot" }
            #expect(try await world.titles("kettle").isEmpty)
            #expect(try await world.titles("teapot") == ["Copper teapot"])
            #expect(try await world.titles("copper", tags: ["kitchen"]) == ["Copper teapot"])
            _ = try await world.change(kettle) { $0.tags = [] }
            #expect(try await world.titles("copper", tags: ["kitchen"]).isEmpty)
            // Written and searched in one transaction.
            let store = world.store
            let (during, after) = try await world.database.write("test.both") { tx in
                let draft = ProductDraft(
                    title: "Copper pan", status: .active, variants: [.init(price: try Money(1, store.currency))])
                let pan = try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system)
                    .run(in: tx)
                let search = ProductSearch(text: "pan", publishedOnly: true)
                let during = try Catalog.search(search, of: store.id, after: nil, limit: 9, in: tx)
                _ = try DeleteProduct(store: store.id, product: pan.id, actor: .system).run(in: tx)
                return (during, try Catalog.search(search, of: store.id, after: nil, limit: 9, in: tx))
            }
            #expect(during.products.map(\.title) == ["Copper pan"])
            #expect(after.total == 0)
            _ = try await world.delete(kettle)
            #expect(try await world.titles("copper").isEmpty)
            #expect(try await world.find(ProductSearch(publishedOnly: false, sort: .newest)).total == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `mistakes are put right where the store has no such word`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for title in ["Chocolate cake", "Vanilla ice cream", "Strawberry jam", "Ladder", "Leather belt"] {
                _ = try await world.shelve(title, price: 100)
            }
            for (typed, title, corrected) in [
                ("choclate", "Chocolate cake", "chocolate"), ("chocolatte", "Chocolate cake", "chocolate"),
                ("chcoolate", "Chocolate cake", "chocolate"), ("vanila cream", "Vanilla ice cream", "vanilla cream"),
                ("strawbery", "Strawberry jam", "strawberry"), ("straberies", "Strawberry jam", "strawberry"),
                ("Lether", "Leather belt", "leather"),
            ] {
                let found = try await world.find(ProductSearch(text: typed, publishedOnly: true))
                #expect(found.products.first?.title == title, "\(typed)")
                #expect(found.corrected == corrected, "\(typed)")
            }
            // Words of up to four letters, and words that the store has, are taken as they are.
            for typed in ["cae", "beld", "jaml"] { #expect(try await world.titles(typed).isEmpty, "\(typed)") }
            let ladder = try await world.find(ProductSearch(text: "ladder", publishedOnly: true))
            #expect(ladder.products.map(\.title) == ["Ladder"])
            #expect(ladder.corrected == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `words written together or apart are found either way`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.shelve("Hair dryer", price: 100)
            _ = try await world.shelve("Sunglasses", price: 100)
            _ = try await world.shelve("Basic t-shirt", price: 100)
            for (typed, title) in [
                ("hairdryer", "Hair dryer"), ("sun glasses", "Sunglasses"), ("tshirt", "Basic t-shirt"),
                ("t shirt", "Basic t-shirt"), ("T-Shirts", "Basic t-shirt"),
            ] {
                #expect(try await world.titles(typed) == [title], "\(typed)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `filters narrow, counts leave their own choice out, and prices are a range`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let shirts: [(String, Int64, [String], [String])] = [
                ("Red shirt", 1000, ["S", "M"], ["sale"]), ("Blue shirt", 2000, ["M", "L"], []),
                ("Green shirt", 3000, ["L"], ["sale", "linen"]),
            ]
            for (title, price, sizes, tags) in shirts {
                _ = try await world.shelve(title, price: price, sizes: sizes, tags: tags, category: "shirts")
            }
            _ = try await world.shelve("Hat", price: 0, category: "hats", vendor: "Otto")

            func titles(_ search: ProductSearch) async throws -> [String] {
                try await world.find(search).products.map(\.title)
            }
            var search = ProductSearch(text: "shirt", publishedOnly: true, sort: .priceAscending)
            search.options = [ProductOption(name: "Size", values: ["M"])]
            #expect(try await titles(search) == ["Red shirt", "Blue shirt"])
            search.options = [ProductOption(name: "Size", values: ["S", "L"])]
            #expect(try await titles(search) == ["Red shirt", "Blue shirt", "Green shirt"])
            search.tags = ["sale"]
            #expect(try await titles(search) == ["Red shirt", "Green shirt"])
            search.tags = ["sale", "linen"]
            #expect(try await titles(search) == ["Green shirt"])
            for (lowest, highest, expected) in [
                (1000, 2000, ["Red shirt", "Blue shirt"]), (1001, 2999, ["Blue shirt"]), (3001, nil, []),
                (nil, 1000, ["Hat", "Red shirt"]), (nil, 0, ["Hat"]), (0, 0, ["Hat"]),
                (2500, nil, ["Green shirt"]),
            ] as [(Int64?, Int64?, [String])] {
                let search = ProductSearch(
                    lowestPrice: lowest, highestPrice: highest, publishedOnly: true, sort: .priceAscending)
                #expect(try await titles(search) == expected)
            }
            let counted = try await world.find(
                ProductSearch(
                    categories: ["shirts"], options: [ProductOption(name: "Size", values: ["L"])], highestPrice: 2500,
                    publishedOnly: true), wantsFacets: true)
            #expect(counted.products.map(\.title) == ["Blue shirt"])
            let facets = try #require(counted.facets)
            #expect(facets.categories.map(\.value) == ["shirts"])
            #expect(facets.options.map(\.name) == ["Size"])
            #expect(facets.options[0].values.map { "\($0.value) \($0.count)" } == ["M 2", "L 1", "S 1"])
            #expect(facets.tags.isEmpty)
            #expect(facets.prices == 2000...3000)
            #expect([facets.available, facets.soldOut] == [1, 0])
            #expect(facets.isComplete)
            let all = try await world.find(ProductSearch(publishedOnly: true), wantsFacets: true)
            #expect(all.facets?.tags.map { "\($0.value) \($0.count)" } == ["sale 2", "linen 1"])
            #expect(all.facets?.vendors.map { "\($0.value) \($0.count)" } == ["Otto 1"])
            #expect(all.facets?.categories.map { "\($0.title) \($0.count)" } == ["shirts 3", "hats 1"])
            #expect(all.facets?.prices == 0...3000)
        }
    }

    @Test(arguments: TestEngine.available, ProductSort.allCases)
    func `every order is the same in pages as at once`(_ engine: TestEngine, _ sort: ProductSort) async throws {
        try await World.open(engine) { world in
            var random = SeededRandom(seed: 240)
            for number in 0..<41 {
                world.clock.advance(seconds: 0.001)
                let word = ["Alder", "Birch", "Cedar"][Int.random(in: 0..<3, using: &random)]
                let suffix = Bool.random(using: &random) ? "" : " board \(Int.random(in: 0..<4, using: &random))"
                _ = try await world.shelve(
                    "\(word) plank\(suffix)", price: Int64.random(in: 0..<6, using: &random) * 100, sku: "P\(number)")
            }
            let search = ProductSearch(text: "plank", publishedOnly: true, sort: sort)
            let all = try await world.find(search, limit: 100)
            #expect(all.total == 41)
            #expect(all.products.count == 41)
            #expect(Set(all.products.map(\.id)).count == 41)
            let prices = all.products.map { $0.variants[0].priceMinorUnits }
            let titles = all.products.map { $0.title.lowercased() }
            switch sort {
            case .priceAscending: #expect(prices == prices.sorted())
            case .priceDescending: #expect(prices == prices.sorted(by: >))
            case .title: #expect(titles == titles.sorted())
            case .newest: #expect(all.products.map(\.id) == all.products.map(\.id).sorted(by: >))
            case .oldest: #expect(all.products.map(\.id) == all.products.map(\.id).sorted())
            case .relevance: #expect(!all.products[0].title.contains("board"))
            }
            var paged: [ProductID] = []
            var position: SearchPosition?
            repeat {
                let page = try await world.find(search, after: position, limit: 7)
                paged += page.products.map(\.id)
                position = try page.next.map { try #require(SearchPosition($0.description, sort: sort)) }
            } while position != nil
            #expect(paged == all.products.map(\.id))
        }
    }

    @Test(arguments: TestEngine.available)
    func `synonyms find each other, and no longer when they are taken away`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.shelve("Corner sofa", price: 100)
            _ = try await world.shelve("Velvet couch", price: 100)
            _ = try await world.shelve("Mobile phone case", price: 100)
            let store = world.store.id
            let synonym = try await world.database.write("test.synonym") { tx in
                _ = try AddSynonym(store: store, terms: ["cell", "mobile phone"]).run(in: tx)
                return try AddSynonym(store: store, terms: ["Sofas", "Couch", "settee"]).run(in: tx)
            }
            #expect(try await world.titles("settee") == ["Corner sofa", "Velvet couch"])
            #expect(try await world.titles("sofa") == ["Corner sofa", "Velvet couch"])
            #expect(try await world.titles("cell case") == ["Mobile phone case"])
            #expect(try await world.titles("settee velvet") == ["Velvet couch"])
            let elsewhere = World(try await world.anotherStore(), in: world)
            _ = try await elsewhere.shelve("Couch", price: 1)
            #expect(try await elsewhere.titles("settee").isEmpty)
            let other = elsewhere.store.id
            let refusal = try await #require(throws: Problem.self) {
                try await world.database.write("test.synonym") { tx in
                    try RemoveSynonym(store: other, synonym: synonym.id).run(in: tx)
                }
            }
            #expect(refusal.code == "not_found")
            try await world.database.write("test.synonym") { tx in
                try RemoveSynonym(store: store, synonym: synonym.id).run(in: tx)
            }
            #expect(try await world.titles("settee").isEmpty)
            for terms in [["one"], ["sofa", "sofas"], ["sofa", "!"], ["sofa", "a b c d"]] {
                let problem = try await #require(throws: Problem.self) {
                    try await world.database.write("test.synonym") { tx in
                        _ = try AddSynonym(store: store, terms: terms).run(in: tx)
                    }
                }
                #expect(problem.code == "validation.failed", "\(terms)")
            }
            let left = try await world.database.read("test.synonyms") { tx in
                try Catalog.synonyms(of: store, limit: 10, in: tx)
            }
            #expect(left.map(\.terms) == [["cell", "mobile phone"]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `what nobody would type is answered like anything else`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.shelve("Plain NEAR table AND chair", price: 100)
            var hostile = [
                "\"", "'", "NEAR(", "a NEAR/2 b", "*", "**", "tab*", "table OR 1=1", "AND", "NOT table", "-table",
                "^table", "{table}", "title:table", "(((", ")", "\\", "%", "_", "~", "=", "#fc", "#*", "🪑", "👩‍👩‍👧‍👦",
                "كرسي", "שולחן", "\u{202E}elbat", "\u{200B}", "\u{FEFF}table", "椅子", "ｔａｂｌｅ", "\u{1}1", "\u{10FFFF}",
                "a\u{301}\u{301}\u{301}", "' OR ''='", "; DROP TABLE products; --",
            ]
            hostile.append(String(repeating: "a", count: 10_000))
            hostile.append(String(repeating: "a ", count: 5_000))
            hostile.append(String(repeating: "table ", count: 2_000))
            hostile.append(String(repeating: "\u{300}", count: 10_000))
            for text in hostile {
                for sort in ProductSort.allCases {
                    let found = try await world.find(
                        ProductSearch(text: text, publishedOnly: true, sort: sort), wantsFacets: true)
                    #expect(found.total <= 1, "\(text.prefix(20))")
                }
            }
            #expect(try await world.titles("near and") == ["Plain NEAR table AND chair"])
            #expect(try await world.titles("ｔａｂｌｅ") == ["Plain NEAR table AND chair"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `products saved at once are all found, and none is lost`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    group.addTask { _ = try await world.shelve("Twin lamp \(number)", price: 100, tags: ["lit"]) }
                }
                try await group.waitForAll()
            }
            #expect(try await world.find(ProductSearch(text: "lamp", publishedOnly: true)).total == 24)
            #expect(try await world.find(ProductSearch(tags: ["lit"], publishedOnly: true)).total == 24)
        }
    }
}

extension World {
    /// Makes an active product; its id.
    func shelve(
        _ title: String, price: Int64, sku: String = "", sizes: [String] = [], tags: [String] = [],
        category: String? = nil, vendor: String = "", description: String = ""
    ) async throws -> ProductID {
        let money = try pence(price)
        let variants: [ProductDraft.VariantDraft] =
            sizes.isEmpty
            ? [.init(sku: sku, price: money)] : sizes.map { .init(sku: sku, price: money, options: [("Size", $0)]) }
        return try await save(
            ProductDraft(
                title: title, descriptionHTML: description, status: .active, vendor: vendor, tags: tags,
                categories: category.map { [.init(handle: $0, title: nil)] } ?? [], variants: variants)
        ).id
    }

    /// Searches, after all that was done before, with what is remembered from former searches and without: the answers
    /// are the same, and have the products as their own tables have them.
    func find(
        _ search: ProductSearch, after: SearchPosition? = nil, limit: Int = 20, wantsFacets: Bool = false
    ) async throws -> FoundProducts {
        let lists: FacetLists = wantsFacets ? .all : []
        let (fresh, remembered, tables) = try await database.read("test.search") { [store, searches] tx in
            let fresh = try Catalog.search(search, of: store.id, after: after, limit: limit, counting: lists, in: tx)
            let remembered = try Catalog.search(
                search, of: store.id, after: after, limit: limit, counting: lists, memory: searches, in: tx)
            return (fresh, remembered, try Catalog.products(fresh.products.map(\.id), of: store.id, in: tx))
        }
        #expect(remembered.products == fresh.products)
        #expect(remembered.total == fresh.total)
        #expect(remembered.next == fresh.next)
        #expect(remembered.corrected == fresh.corrected)
        #expect(remembered.facets == fresh.facets)
        #expect(Set(tables) == Set(fresh.products))
        return fresh
    }

    func titles(_ text: String, tags: [String] = []) async throws -> [String] {
        try await find(ProductSearch(text: text, tags: tags, publishedOnly: true)).products.map(\.title)
    }
}
