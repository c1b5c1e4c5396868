import Catalog
import Orders
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct ProductSearchEndpointTests {
    private static func product(_ title: String, _ price: Int, sizes: [String], tags: [JSON] = []) -> JSON {
        [
            "title": .string(title), "status": "active", "vendor": "Weaver", "tags": .array(tags),
            "categories": [["handle": "shirts", "title": "Shirts"]],
            "variants": .array(
                sizes.map {
                    ["sku": .string("\(title)-\($0)"), "price": Bodies.pounds(price), "options": ["Size": .string($0)]]
                }),
        ]
    }

    private static func titles(_ reply: Reply) -> [JSON]? { reply["data"]?.array?.compactMap { $0["title"] } }

    @Test(arguments: TestEngine.available)
    func `products are filtered, sorted, counted and paged in one address`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for body in [
                Self.product("Linen shirt", 4000, sizes: ["S", "M"], tags: ["linen", "a,b"]),
                Self.product("Cotton shirt", 2000, sizes: ["M", "L"]), Self.product("Silk shirt", 9000, sizes: ["XL"]),
            ] {
                #expect(try await shop.send("POST", "/api/v1/products", as: shop.staff, body: body).status == 201)
            }
            for (query, titles) in [
                ("query=shirt&sort=price", ["Cotton shirt", "Linen shirt", "Silk shirt"]),
                ("sort=-price", ["Silk shirt", "Linen shirt", "Cotton shirt"]),
                ("sort=newest", ["Silk shirt", "Cotton shirt", "Linen shirt"]),
                ("sort=title", ["Cotton shirt", "Linen shirt", "Silk shirt"]),
                ("query=shrits&sort=oldest", ["Linen shirt", "Cotton shirt", "Silk shirt"]),
                ("option.Size=M&sort=price", ["Cotton shirt", "Linen shirt"]),
                ("option.Size=S,XL&sort=price", ["Linen shirt", "Silk shirt"]),
                ("tag=linen", ["Linen shirt"]), ("tag=a%5C,b", ["Linen shirt"]), ("tag=a,b", []),
                ("min_price=2001&max_price=8999", ["Linen shirt"]), ("vendor=Weaver&max_price=2000", ["Cotton shirt"]),
                ("vendor=Nobody", []), ("category=shirts&min_price=4001", ["Silk shirt"]),
                ("category=none&sort=title", []), ("available=false", []), ("option.Colour=Red", []),
            ] {
                let page = try await shop.send("GET", "/api/v1/products?\(query)", as: shop.buyer)
                #expect(page.status == 200, "\(query)")
                #expect(Self.titles(page) == titles.map { JSON.string($0) }, "\(query)")
                #expect(page["total"] == JSON(titles.count), "\(query)")
                #expect(page["facets"] == .null, "\(query)")
            }
            var path = "/api/v1/products?query=shirt&sort=price&limit=1"
            var found: [JSON] = []
            while found.count < 9 {
                let page = try await shop.send("GET", path, as: shop.buyer)
                found += try #require(Self.titles(page))
                guard let cursor = page["next_cursor"]?.string else { break }
                path = "/api/v1/products?query=shirt&sort=price&limit=1&cursor=\(cursor)"
            }
            #expect(found == ["Cotton shirt", "Linen shirt", "Silk shirt"])
            let counted = try await shop.send(
                "GET", "/api/v1/products?query=shirtt&option.Size=M&facets=true&limit=1", as: shop.buyer)
            #expect(counted["corrected_query"] == "shirt")
            #expect(counted["total"] == 2)
            #expect(
                counted["facets"] == [
                    "categories": [["value": "shirts", "title": "Shirts", "count": 2]],
                    "tags": [
                        ["value": "a,b", "title": "a,b", "count": 1], ["value": "linen", "title": "linen", "count": 1],
                    ],
                    "vendors": [["value": "Weaver", "title": "Weaver", "count": 2]],
                    "options": [
                        [
                            "name": "Size",
                            "values": [
                                ["value": "M", "title": "M", "count": 2], ["value": "L", "title": "L", "count": 1],
                                ["value": "S", "title": "S", "count": 1], ["value": "XL", "title": "XL", "count": 1],
                            ],
                        ]
                    ],
                    "availability": ["available": 2, "sold_out": 0], "lowest_price": Bodies.pounds(2000),
                    "highest_price": Bodies.pounds(4000), "complete": true,
                ])
            let plain = try await shop.send("GET", "/api/v1/products", as: shop.buyer)
            #expect(plain["total"] == .null)
            #expect(plain["data"]?.array?.count == 3)
        }
    }

    @Test(arguments: TestEngine.available)
    func `availability follows stock that staff set, and orders and their ends through jobs`(
        _ engine: TestEngine
    ) async throws {
        try await LiveShop.open(engine) { shop in
            let variant = try await shop.maya.variant("Last jar", price: 300, stock: 2)
            func available() async throws -> [JSON?] {
                var counts: [JSON?] = []
                for word in ["true", "false"] {
                    let page = try await shop.send("GET", "/api/v1/products?available=\(word)", as: shop.buyer)
                    counts.append(page["total"])
                }
                return counts
            }
            #expect(try await available() == [1, 0])
            let path = "/api/v1/variants/\(variant.id)/stock"
            _ = try await shop.send("PUT", path, as: shop.staff, body: ["on_hand": 0])
            #expect(try await available() == [0, 1])
            _ = try await shop.send("PUT", path, as: shop.staff, body: ["on_hand": 2])
            #expect(try await available() == [1, 0])
            let order = try await shop.maya.place(shop.maya.checkout([(variant, 2)]).id).order
            try await shop.maya.reviewShelves()
            #expect(try await available() == [0, 1])
            _ = try await shop.send(
                "POST", "/api/v1/orders/\(order.id)/cancellation", as: shop.staff, body: ["restock": true])
            try await shop.maya.reviewShelves()
            #expect(try await available() == [1, 0])
        }
    }

    @Test(arguments: TestEngine.available)
    func `the language and the synonyms of a store are its own`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            _ = try await shop.maya.variant("Kaffeemaschine", sku: "KM")
            let path = "/api/v1/search/settings"
            #expect(try await shop.send("GET", path, as: shop.staff).json == ["language": "en"])
            func total(_ query: String) async throws -> JSON? {
                try await shop.send("GET", "/api/v1/products?query=\(query)", as: shop.buyer)["total"]
            }
            #expect(try await total("maschinen") == 0)
            #expect(try await shop.send("PUT", path, as: shop.staff, body: ["language": "de"]).status == 200)
            try await shop.maya.indexProducts()
            #expect(try await total("maschinen") == 1)
            #expect(try await total("brewer") == 0)
            let added = try await shop.send(
                "POST", "/api/v1/synonyms", as: shop.staff, body: ["terms": ["Brewer", "Kaffeemaschinen"]])
            #expect(added.status == 201)
            #expect(try await total("brewers") == 0)
            #expect(try await total("brewer") == 1)
            let same = try await shop.send(
                "POST", "/api/v1/synonyms", as: shop.staff, body: ["terms": ["Tasse", "Tassen"]])
            #expect(same.verdict == "422 validation.failed /terms synonym")
            let list = try await shop.send("GET", "/api/v1/synonyms", as: shop.staff)
            #expect(list["data"]?.array?.map { $0["terms"] } == [["Brewer", "Kaffeemaschinen"]])
            let id = try #require(added["id"]?.string)
            #expect(try await shop.send("DELETE", "/api/v1/synonyms/\(id)", as: shop.staff).status == 204)
            #expect(try await shop.send("DELETE", "/api/v1/synonyms/\(id)", as: shop.staff).verdict == "404 not_found")
            #expect(try await total("brewer") == 0)
        }
    }
}
