import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

/// Searches of a shop with many products against a slow, obvious model.
struct SearchModelTests {
    @Test(arguments: TestEngine.available)
    func `the order of titles is the same in pages of any size, whether many begin alike or few`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            var random = SeededRandom(seed: 263)
            let products = try await world.stockShelves(1300, &random)
            for (vendors, limit) in [([], 97), (["Rare"], 1), (["Rare"], 3), (["Maya"], 41)] as [([String], Int)] {
                let search = ProductSearch(vendors: vendors, publishedOnly: true, sort: .title)
                let ordered = Model(search: search, products: products).ordered.map(\.handle)
                var met: [String] = []
                var position: SearchPosition?
                repeat {
                    let page = try await world.find(search, after: position, limit: limit)
                    met += page.products.map(\.handle)
                    position = page.next
                } while position != nil && met.count <= ordered.count
                #expect(met == ordered)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `filters, counts, prices and orders are those of going through all products`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            var random = SeededRandom(seed: 20)
            let products = try await world.stockShelves(1400, &random)
            for round in 0..<60 {
                var search = ProductSearch(
                    publishedOnly: true, sort: ProductSort.allCases.randomElement(using: &random))
                if search.sort == .relevance { search.sort = .oldest }
                if Bool.random(using: &random) {
                    search.categories = [["teas", "pots"].randomElement(using: &random)!]
                }
                if Bool.random(using: &random) {
                    search.vendors = Array(["Maya", "Otto", "Rare", "Nobody"].shuffled(using: &random).prefix(2))
                }
                if Bool.random(using: &random) {
                    search.options = [
                        ProductOption(name: "Size", values: Array(["S", "M", "L"].shuffled(using: &random).prefix(2)))
                    ]
                }
                if Bool.random(using: &random) { search.tags = ["sale"] }
                if Bool.random(using: &random) { search.lowestPrice = Int64.random(in: 0..<4000, using: &random) }
                if Bool.random(using: &random) { search.highestPrice = Int64.random(in: 0..<5000, using: &random) }
                let model = Model(search: search, products: products)
                let found = try await world.find(search, limit: 100, wantsFacets: true)
                #expect(found.total == model.found.count, "round \(round)")
                #expect(found.products.map(\.handle) == model.ordered.prefix(100).map(\.handle), "round \(round)")
                let facets = try #require(found.facets)
                for group in ["category", "vendor", "tag", "Size"] {
                    #expect(Model.read(facets, group) == model.counts(group), "round \(round), \(group)")
                }
                #expect(facets.available == model.found.count)
                #expect(facets.prices == model.prices, "round \(round)")
                guard let next = found.next else { continue }
                let second = try await world.find(search, after: next, limit: 100)
                #expect(second.products.map(\.handle) == model.ordered.dropFirst(100).prefix(100).map(\.handle))
            }
        }
    }
}

/// What a search finds, by asking each product.
private struct Model {
    let search: ProductSearch
    let products: [Product]

    var found: [Product] { products.filter { fits($0, but: nil) } }

    var ordered: [Product] {
        switch search.order {
        case .newest: found.reversed()
        case .priceAscending: found.enumerated().sorted { ($0.1.least, $0.0) < ($1.1.least, $1.0) }.map(\.1)
        case .priceDescending: found.enumerated().sorted { (-$0.1.least, $0.0) < (-$1.1.least, $1.0) }.map(\.1)
        case .title:
            found.enumerated().sorted {
                let (first, second) = (Self.key($0.1.title), Self.key($1.1.title))
                return first == second ? $0.0 < $1.0 : first.lexicographicallyPrecedes(second)
            }.map(\.1)
        case .oldest, .relevance: found
        }
    }

    /// The beginnings of the titles that are made here, as they are sorted.
    static let beginnings = [
        ("Thing", "thing"), ("A", "a"), ("Be", "be"), ("Été", "ete"), ("椅", "椅"), ("Thin", "thin"),
        ("Zebra", "zebra"), ("Thinner", "thinner"), ("Özil", "ozil"),
    ]

    private static func key(_ title: String) -> [UInt8] {
        let parts = title.split(separator: " ").map(String.init)
        let word = beginnings.first { $0.0 == parts[0] }?.1 ?? parts[0]
        return Array(([word] + parts.dropFirst()).joined(separator: " ").utf8)
    }

    var prices: ClosedRange<Int64>? {
        let priced = products.filter { fits($0, but: "price") }
        guard let least = priced.map(\.least).min(), let most = priced.map(\.most).max() else { return nil }
        return least...most
    }

    func counts(_ group: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for product in products where fits(product, but: group) {
            for value in Set(Self.values(product, group)) { counts[value, default: 0] += 1 }
        }
        return counts
    }

    /// The counts that were found, without those that are there only because they were chosen.
    static func read(_ facets: ProductFacets, _ group: String) -> [String: Int] {
        let list =
            switch group {
            case "category": facets.categories
            case "vendor": facets.vendors
            case "tag": facets.tags
            default: facets.options.first { $0.name == group }?.values ?? []
            }
        return Dictionary(uniqueKeysWithValues: list.filter { $0.count > 0 }.map { ($0.value, $0.count) })
    }

    private static func values(_ product: Product, _ group: String) -> [String] {
        switch group {
        case "category": product.categories.map(\.handle)
        case "vendor": [product.vendor]
        case "tag": product.tags
        default: product.options.first { $0.name == group }?.values ?? []
        }
    }

    private func fits(_ product: Product, but group: String?) -> Bool {
        guard product.status == .active else { return false }
        let sizes = Self.values(product, "Size")
        let isOfCategory =
            search.categories.isEmpty || product.categories.contains { search.categories.contains($0.handle) }
        let isOfVendor = search.vendors.isEmpty || search.vendors.contains(product.vendor)
        let hasSize = search.options.allSatisfy { option in option.values.contains { sizes.contains($0) } }
        let isWithin = (search.lowestPrice ?? 0) <= product.most && product.least <= (search.highestPrice ?? .max)
        // Several tags narrow each other, so their counts are those of what was found.
        return (isOfCategory || group == "category") && (isOfVendor || group == "vendor")
            && (hasSize || group == "Size") && (isWithin || group == "price")
            && search.tags.allSatisfy(product.tags.contains)
    }
}

extension Product {
    fileprivate var least: Int64 { variants.map(\.priceMinorUnits).min() ?? 0 }
    fileprivate var most: Int64 { variants.map(\.priceMinorUnits).max() ?? 0 }
}

extension World {
    /// Makes so many products that sets of documents are kept in every way: some of a few, some of most.
    fileprivate func stockShelves(_ count: Int, _ random: inout SeededRandom) async throws -> [Product] {
        var drafts: [ProductDraft] = []
        for number in 0..<count {
            let sizes = Array(["S", "M", "L"].shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))
            let vendor = number % 90 == 7 ? "Rare" : ["Maya", "Otto"][Int.random(in: 0..<2, using: &random)]
            let prices = (0..<max(1, sizes.count)).map { _ in Int64.random(in: 0..<50, using: &random) * 100 }
            let variants: [ProductDraft.VariantDraft] = try prices.enumerated().map { index, price in
                .init(sku: "", price: try pence(price), options: sizes.isEmpty ? [] : [("Size", sizes[index])])
            }
            // More than a thousand begin alike.
            let kind = number % 6 == 0 ? Int.random(in: 0..<Model.beginnings.count, using: &random) : 0
            let word = Model.beginnings[kind]
            drafts.append(
                ProductDraft(
                    title: "\(word.0) \(Int.random(in: 100..<400, using: &random))", handle: "thing-\(number)",
                    status: Int.random(in: 0..<20, using: &random) == 0 ? .draft : .active, vendor: vendor,
                    tags: Int.random(in: 0..<3, using: &random) == 0 ? ["sale"] : [],
                    categories: [["teas", "pots", "books"][Int.random(in: 0..<3, using: &random)]].map {
                        .init(handle: $0, title: nil)
                    }, variants: variants))
        }
        var products: [Product] = []
        for start in stride(from: 0, to: count, by: 200) {
            let part = Array(drafts[start..<min(start + 200, count)])
            products += try await database.write("test.add") { [store] tx in
                try AddProducts(store: store.id, currency: store.currency, drafts: part, actor: .system).run(in: tx)
            }
        }
        return products
    }
}
