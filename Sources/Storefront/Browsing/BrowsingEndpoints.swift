import Catalog
import DesignSystem
import HTTPServer
import Markup
import Persistence
import Primitives
import Stores

extension Storefront {
    var browsingEndpoints: [Endpoint] { [home, category, collection, search, product] }

    static let browsing = Policy(.anyone, rateLimit: .browse)
    static let pageSize = 24

    private var home: Endpoint {
        Endpoint(
            .get, "/", "showHome", summary: "The shop's first page", policy: Self.browsing, takes: .page, answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            let count = Basket.count(call.cookie(Basket.countCookie))
            return .value(
                try await shared("/", of: shop, basketCount: count) { [database] in
                    let page = try await database.read("storefront.home") { tx in
                        let shelves = try shop.categories.prefix(8).map { category in
                            try ProductCard.cards(
                                of: Catalog.products(
                                    ProductFilter(category: category.handle, publishedOnly: true), of: shop.store.id,
                                    after: nil, limit: 3, in: tx), shop: shop, in: tx)
                        }
                        let collections = try Catalog.collections(
                            of: shop.store.id, featuredOnly: true, limit: 4, in: tx
                        ).map { try CollectionShelf($0, of: shop, after: nil, limit: 4, in: tx) }
                        return HomePage(shop: shop, shelves: shelves, collections: collections)
                    }
                    return page.render(Frame(shop: shop, basketCount: count))
                })
        }
    }

    /// Not kept: what people search for differs.
    private var search: Endpoint {
        Endpoint(
            .get, "/search", "showSearch", summary: "Products that fit some words, filtered and sorted",
            policy: Self.browsing, takes: .page, answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            let query = ShelfQuery(page: "/search", call.query)
            let words = query.text.allSatisfy(\.isWhitespace) ? "" : query.text
            let frame = Frame(shop: shop, basketCount: Basket.count(call.cookie(Basket.countCookie)), query: words)
            let page = try await list(
                query, words.isEmpty ? (query.isNarrowed ? "All products" : "Search") : "Results for “\(words)”",
                of: shop
            ) { $0.render(frame, isListed: false) }
            return .value(.shop(EncodedBody(page)))
        }
    }

    /// A page with the products that its address asks for, and a few others when there are none. It is rendered where
    /// it is read: a thread that has begun a page ends it, and others wait in the order in which they came.
    func list(
        _ query: ShelfQuery, _ title: String, of shop: Shop, render: @escaping @Sendable (ListPage) -> [UInt8]
    ) async throws -> [UInt8] {
        try await database.read("storefront.list") { [searches] tx in
            if query.isEmpty { return render(ListPage(title: title, query: query, cards: [], found: .nothing)) }
            let (search, store) = (query.search(in: shop.store.currency), shop.store.id)
            // A category's page offers no other categories.
            let found = try Catalog.search(
                search, of: store, after: query.start(of: search), limit: Self.pageSize,
                counting: query.category == nil ? .all : .values, memory: searches, in: tx)
            var page = ListPage(
                title: title, query: query, cards: try ProductCard.cards(of: found.products, shop: shop, in: tx),
                found: found)
            if found.total == 0, !query.isNarrowed {
                let newest = ProductSearch(isAvailable: true, publishedOnly: true, sort: .newest)
                page.suggestions = try ProductCard.cards(
                    of: Catalog.search(newest, of: store, after: nil, limit: 4, memory: searches, in: tx).products,
                    shop: shop, in: tx)
            }
            return render(page)
        }
    }

    private var product: Endpoint {
        Endpoint(
            .get, "/products/{product}", "showProduct", summary: "A product and what it can be bought in",
            policy: Self.browsing, takes: .page(PathShape("product", .text(1...200))), answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            // One spelling, so that the cache keeps no page twice.
            let handle = Catalog.normalHandle(call.path)
            if handle != call.path { return .value(.redirect(to: ("/products/\(handle)" as WebAddress).description)) }
            let count = Basket.count(call.cookie(Basket.countCookie))
            do {
                return .value(
                    try await shared("/products/\(handle)", of: shop, basketCount: count) {
                        let shown = try await self.shownProduct(handle, of: shop)
                        let present = shown.card.product.handle
                        guard present == handle else { throw MovedProduct(handle: present) }
                        return ProductPage(shop: shop, origin: origin(), shown: shown).render(
                            Frame(shop: shop, basketCount: count))
                    })
            } catch let moved as MovedProduct {
                return .value(.moved(to: ("/products/\(moved.handle)" as WebAddress).description))
            }
        }
    }

    /// The published product with what its page says besides.
    /// - Throws: `not_found`.
    func shownProduct(_ handle: String, of shop: Shop) async throws -> ShownProduct {
        let shown = try await database.read("storefront.product") { tx -> ShownProduct? in
            guard let product = try Catalog.product(handle: handle, of: shop.store.id, in: tx),
                product.isShown(at: tx.now)
            else { return nil }
            return try ShownProduct(product, shop: shop, in: tx)
        }
        guard let shown else { throw Problem.notFound("product") }
        return shown
    }

    /// A page that is the same for all with as much in the basket: made at most once in a moment.
    func shared(
        _ path: String, of shop: Shop, basketCount: Int, make: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> WebAnswer {
        let key = PageKey(path: path, basketCount: basketCount, currency: shop.currency)
        let body = try await pages.value(for: key) { EncodedBody(try await make()) }
        return .shop(body, isShared: true)
    }
}

/// What was asked for by a former handle.
private struct MovedProduct: Error {
    let handle: String
}
