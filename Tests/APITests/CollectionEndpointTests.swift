import Catalog
import Primitives
import ShopWorld
import TestSupport
import Testing

struct CollectionEndpointTests {
    @Test(arguments: TestEngine.available)
    func `a collection by a rule takes in what is saved from then on`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let made = try await shop.send(
                "POST", "/api/v1/collections", as: shop.staff,
                body: [
                    "title": "Cheap & vegan", "featured": true, "sort_order": "price_ascending",
                    "rule": [
                        "conditions": [
                            ["field": "tag", "operator": "is", "value": "vegan"],
                            ["field": "price", "operator": "less_than", "price": Bodies.pounds(500)],
                        ]
                    ],
                ])
            #expect(made.status == 201)
            #expect(made["handle"] == "cheap-vegan")
            #expect(made["settled"] == false)
            #expect(made["rule", "match"] == "all")
            #expect(made["rule", "conditions", "1", "price"] == Bodies.pounds(500))
            #expect(made["rule", "conditions", "1", "value"] == .null)
            for (title, tags, price) in [
                ("Beans", ["Vegan"], 260), ("Oil", ["vegan"], 890), ("Honey", [], 250), ("Salt", ["vegan"], 120),
                ("Peas", ["vegan"], 260),
            ] as [(String, [JSON], Int)] {
                // What is made at one moment has no order.
                shop.maya.clock.advance(seconds: 1)
                let product = try await shop.send(
                    "POST", "/api/v1/products", as: shop.staff,
                    body: [
                        "title": .string(title), "status": "active", "tags": .array(tags),
                        "variants": [["price": Bodies.pounds(price)]],
                    ])
                #expect(product.status == 201)
            }
            let path = "/api/v1/collections/cheap-vegan/products"
            var titles: [JSON?] = []
            var cursor: String? = ""
            while let next = cursor {
                let page = try await shop.send(
                    "GET", "\(path)?limit=1\(next.isEmpty ? "" : "&cursor=\(next)")", as: shop.buyer)
                titles += page["data"]?.array?.map { $0["title"] } ?? []
                cursor = page["next_cursor"]?.string
            }
            #expect(titles == ["Salt", "Beans", "Peas"])
            let salt = try await shop.send("GET", "/api/v1/products/salt", as: shop.staff)
            let saltPath = "/api/v1/products/\(try #require(salt["id"]?.string))"
            _ = try await shop.send("PATCH", saltPath, as: shop.staff, body: ["status": "draft"])
            let seen = try await shop.send("GET", path, as: shop.buyer)
            #expect(seen["data"]?.array?.map { $0["title"] } == ["Beans", "Peas"])
            let all = try await shop.send("GET", path, as: shop.staff)
            #expect(all["data"]?.array?.map { $0["title"] } == ["Salt", "Beans", "Peas"])
            _ = try await shop.send("PATCH", saltPath, as: shop.staff, body: ["tags": []])
            let fewer = try await shop.send("GET", path, as: shop.staff)
            #expect(fewer["data"]?.array?.map { $0["title"] } == ["Beans", "Peas"])
            let bad = try await shop.send("GET", "\(path)?cursor=rubbish", as: shop.buyer)
            #expect(bad.verdict == "422 validation.failed ?cursor format")
            let featured = try await shop.send("GET", "/api/v1/collections?featured=true", as: shop.buyer)
            #expect(featured["data"]?.array?.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `products that are chosen keep their order, and what is wrong changes nothing`(
        _ engine: TestEngine
    ) async throws {
        try await LiveShop.open(engine) { shop in
            var ids: [JSON] = []
            for title in ["One", "Two", "Three"] {
                ids.append(JSON(try await shop.maya.variant(title, sku: title).product))
            }
            let made = try await shop.send(
                "POST", "/api/v1/collections", as: shop.staff,
                body: ["title": "Picks", "product_ids": [ids[2], ids[0], ids[1]]])
            #expect(made.status == 201)
            #expect(made["sort_order"] == "manual")
            #expect(made["rule"] == .null)
            #expect(made["settled"] == true)
            let path = "/api/v1/collections/\(try #require(made["id"]?.string))"
            func titles() async throws -> [JSON?]? {
                let page = try await shop.send("GET", "\(path)/products", as: shop.buyer)
                return page["data"]?.array?.map { $0["title"] }
            }
            #expect(try await titles() == ["Three", "One", "Two"])
            _ = try await shop.send("PATCH", path, as: shop.staff, body: ["sort_order": "title"])
            #expect(try await titles() == ["One", "Three", "Two"])
            _ = try await shop.send("PATCH", path, as: shop.staff, body: ["sort_order": "manual"])
            #expect(try await titles() == ["Three", "One", "Two"])

            let before = try await shop.contents()
            for (body, verdict) in Self.badBodies(ids[0]) {
                let reply = try await shop.send("PATCH", path, as: shop.staff, body: body)
                #expect(reply.verdict.hasPrefix(verdict), "\(reply.text)")
            }
            #expect(try await shop.contents() == before)
            let renamed = try await shop.send("PATCH", path, as: shop.staff, body: ["handle": "our-picks"])
            #expect(renamed.status == 200)
            let former = try await shop.send("GET", "/api/v1/collections/picks", as: shop.buyer)
            #expect(former["handle"] == "our-picks")
            #expect(try await shop.send("DELETE", path, as: shop.staff).status == 204)
            #expect(try await shop.send("GET", "/api/v1/collections/picks", as: shop.buyer).status == 404)
            #expect(try await shop.send("GET", "/api/v1/products/one", as: shop.buyer).status == 200)
        }
    }

    /// What is wrong for a collection of chosen products, and what is said of it.
    private static func badBodies(_ product: JSON) -> [(JSON, String)] {
        let strange: JSON = "prod_01h455vb4pex5vsknk084sn02q"
        let tag: JSON = ["field": "tag", "operator": "is", "value": "x"]
        return [
            (["product_ids": [product, strange]], "422 validation.failed /product_ids/1 unknown"),
            (["product_ids": [product, product]], "422 validation.failed /product_ids duplicate"),
            (["rule": ["conditions": [tag]]], "422 validation.failed /sort_order manual"),
            (
                ["rule": ["conditions": [tag]], "sort_order": "newest"], "422 validation.failed /rule kind"
            ),
            (["rule": ["conditions": []]], "422 validation.failed /rule/conditions too_few"),
            (
                ["rule": ["conditions": [["field": "tag", "operator": "contains", "value": "x"]]]],
                "422 validation.failed /rule/conditions/0/operator operator"
            ),
            (
                ["rule": ["conditions": [["field": "price", "operator": "is"]]]],
                "422 validation.failed /rule/conditions/0/price required"
            ),
            (
                [
                    "rule": [
                        "conditions": [
                            [
                                "field": "price", "operator": "is",
                                "price": ["amount": 1, "currency": "EUR"],
                            ]
                        ]
                    ]
                ], "422 validation.failed /rule/conditions/0/price/currency currency_mismatch"
            ),
        ]
    }
}
