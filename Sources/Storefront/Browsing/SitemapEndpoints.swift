import Catalog
import HTTPServer
import Markup
import Persistence
import Primitives
import Stores

/// What search engines are told of the shop (https://www.sitemaps.org/protocol.html).
extension Storefront {
    var sitemapEndpoints: [Endpoint] { [robots, sitemapIndex, sitemap] }

    /// Products on one sheet; the protocol allows ten times as many.
    private static let sheetSize = 5000
    /// Categories and collections that are listed of each.
    private static let mostLists = 2000
    private static let shopSheet = "shop"

    private var robots: Endpoint {
        Endpoint(
            .get, "/robots.txt", "showRobots", summary: "What search engines may read", policy: Self.browsing,
            takes: .page, answers: .web
        ) { _ in
            let paths = ["/basket", "/checkout", "/orders/", "/search", "/dashboard", "/api/"]
            let text =
                "User-agent: *\n" + paths.map { "Disallow: \($0)\n" }.joined() + "\nSitemap: \(origin())/sitemap.xml\n"
            return .value(.content(EncodedBody(Array(text.utf8)), type: "text/plain; charset=utf-8"))
        }
    }

    private var sitemapIndex: Endpoint {
        Endpoint(
            .get, "/sitemap.xml", "showSitemapIndex", summary: "The sheets on which the shop's pages are listed",
            policy: Self.browsing, takes: .page, answers: .web
        ) { _ in
            let shop = try await shop()
            let body = try await sheets.value(for: SheetKey(store: shop.store.id, name: "")) { [database] in
                let parts = try await database.read("storefront.sitemap") { tx in
                    try Catalog.listedParts(of: shop.store.id, size: Self.sheetSize, in: tx)
                }
                let names = [Self.shopSheet, "products"] + parts.map { "products-\($0)" }
                return EncodedBody(
                    XML.document(
                        "sitemapindex",
                        names.map { name in
                            "<sitemap>" + XML.element("loc", "\(origin())/sitemaps/\(name)") + "</sitemap>"
                        }))
            }
            return .value(.content(body, type: XML.type))
        }
    }

    private var sitemap: Endpoint {
        Endpoint(
            .get, "/sitemaps/{sheet}", "showSitemap", summary: "Addresses of the shop's pages",
            policy: Self.browsing, takes: .page(PathShape("sheet", .text(1...100))), answers: .web
        ) { call in
            let shop = try await shop()
            let name = call.path
            let after = name.hasPrefix("products-") ? ProductID(String(name.dropFirst(9))) : nil
            guard name == Self.shopSheet || name == "products" || after != nil else {
                throw Problem.notFound("sitemap")
            }
            let body = try await sheets.value(for: SheetKey(store: shop.store.id, name: name)) {
                if name == Self.shopSheet {
                    return EncodedBody(XML.document("urlset", try await lists(of: shop)))
                }
                return EncodedBody(XML.document("urlset", try await products(of: shop, after)))
            }
            return .value(.content(body, type: XML.type))
        }
    }

    private func products(of shop: Shop, _ after: ProductID?) async throws -> [String] {
        let found = try await database.read("storefront.sitemap_products") { tx in
            try Catalog.listedProducts(of: shop.store.id, after: after, size: Self.sheetSize, in: tx)
        }
        return found.map { url("/products/\($0.handle)", $0.updatedAt) }
    }

    private func lists(of shop: Shop) async throws -> [String] {
        let (categories, collections) = try await database.read("storefront.sitemap_lists") { tx in
            (
                try Catalog.categoryTree(of: shop.store.id, limit: Self.mostLists, in: tx),
                try Catalog.collections(of: shop.store.id, limit: Self.mostLists, in: tx)
            )
        }
        return [url("/", nil)] + categories.map { url("/categories/\($0.handle)", nil) }
            + collections.map { url("/collections/\($0.handle)", $0.updatedAt) }
    }

    private func url(_ address: WebAddress, _ updatedAt: Instant?) -> String {
        "<url>" + XML.element("loc", origin() + address.description)
            + (updatedAt.map { XML.element("lastmod", $0.description) } ?? "") + "</url>"
    }
}

/// A sheet that is kept for a moment.
struct SheetKey: Hashable, Sendable {
    let store: StoreID
    let name: String
}

/// The few pieces of XML that a list of addresses needs.
private enum XML {
    static let type = "application/xml; charset=utf-8"

    static func document(_ root: String, _ parts: [String]) -> [UInt8] {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let opening = "<\(root) xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        return Array((head + opening + parts.joined(separator: "\n") + "\n</\(root)>\n").utf8)
    }

    static func element(_ name: String, _ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
        return "<\(name)>\(escaped)</\(name)>"
    }
}
