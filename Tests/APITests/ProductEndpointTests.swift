import Catalog
import Inventory
import Orders
import Primitives
import ShopWorld
import TestSupport
import Testing

struct ProductEndpointTests {
    private static let kettle: JSON = [
        "title": "Wasserkessel – großer", "description_html": "<p>Pfeift</p>", "vendor": "Blech & Söhne",
        "status": "active", "options": ["Size", "Colour"],
        "variants": [
            [
                "sku": "K-1", "price": Bodies.pounds(1999), "compare_at_price": Bodies.pounds(2499),
                "options": ["Size": "1 l", "Colour": "Red"], "weight_grams": 900,
            ],
            ["sku": "K-2", "price": Bodies.pounds(2999), "options": ["Size": "2 l", "Colour": "Red"]],
        ],
        "images": [["url": "https://cdn.example/k.jpg", "alt": "A kettle"]],
        "categories": [["handle": "kitchen", "title": "Kitchen"], ["handle": "gifts"]],
        "tags": ["blech", "rot"],
    ]

    @Test(arguments: TestEngine.available)
    func `a product is made, read by handle and id, changed and removed`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let made = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: Self.kettle)
            #expect(made.status == 201)
            let id = try #require(made["id"]?.string)
            #expect(made["handle"] == "wasserkessel-grosser")
            #expect(made["title"] == "Wasserkessel – großer")
            #expect(made["description_html"] == "<p>Pfeift</p>")
            #expect(
                made["options"] == [
                    ["name": "Size", "values": ["1 l", "2 l"]], ["name": "Colour", "values": ["Red"]],
                ])
            #expect(made["variants", "0", "title"] == "1 l / Red")
            #expect(made["variants", "0", "price"] == Bodies.pounds(1999))
            #expect(made["variants", "0", "compare_at_price"] == Bodies.pounds(2499))
            #expect(made["variants", "0", "options"] == ["Size": "1 l", "Colour": "Red"])
            #expect(made["variants", "1", "compare_at_price"] == .null)
            #expect(made["variants", "1", "available"] == .null)
            #expect(
                made["categories"] == [
                    ["handle": "kitchen", "title": "Kitchen"], ["handle": "gifts", "title": "gifts"],
                ])
            #expect(
                made["images"] == [
                    [
                        "url": "https://cdn.example/k.jpg", "alt": "A kettle",
                        "source_url": "https://cdn.example/k.jpg", "width": nil, "height": nil,
                    ]
                ])
            #expect(made["tags"] == ["blech", "rot"])

            for reference in ["wasserkessel-grosser", id] {
                for caller in [shop.buyer, shop.staff] {
                    let read = try await shop.send("GET", "/api/v1/products/\(reference)", as: caller)
                    #expect(read.status == 200)
                    #expect(read.body == made.body)
                }
            }
            let red = try #require(made["variants", "0", "id"])
            let changed = try await shop.send(
                "PATCH", "/api/v1/products/\(id)", as: shop.staff,
                body: [
                    "tags": [], "vendor": nil,
                    "variants": [["id": red, "price": Bodies.pounds(1), "options": ["Size": "1 l", "Colour": "Red"]]],
                ])
            #expect(changed.status == 200)
            #expect(changed["tags"] == [])
            #expect(changed["vendor"] == "Blech & Söhne")
            #expect(changed["variants"]?.array?.count == 1)
            #expect(changed["variants", "0", "id"] == red)
            #expect(changed["variants", "0", "price"] == Bodies.pounds(1))
            let seen = try await shop.send("GET", "/api/v1/products/\(id)", as: shop.buyer)
            #expect(seen.body == changed.body)

            let removed = try await shop.send("DELETE", "/api/v1/products/\(id)", as: shop.staff)
            #expect(removed.status == 204)
            #expect(removed.body == [])
            for caller in [shop.buyer, shop.staff] {
                let gone = try await shop.send("GET", "/api/v1/products/\(id)", as: caller)
                #expect(gone.verdict == "404 not_found")
            }
            let again = try await shop.send("DELETE", "/api/v1/products/\(id)", as: shop.staff)
            #expect(again.verdict == "404 not_found")
        }
    }

    @Test(arguments: TestEngine.available)
    func `the stock of variants that a change removes goes with them`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let made = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: Self.kettle)
            let product = try #require(made["id"]?.string)
            let ids = try (0...1).map { index -> VariantID in
                try #require(made["variants", "\(index)", "id"]?.identifier(IdentifierKinds.Variant.self))
            }
            for id in ids {
                let path = "/api/v1/variants/\(id)/stock"
                #expect(try await shop.send("PUT", path, as: shop.staff, body: ["on_hand": 3]).status == 200)
            }
            let changed = try await shop.send(
                "PATCH", "/api/v1/products/\(product)", as: shop.staff,
                body: [
                    "options": ["Colour", "Size"],
                    "variants": [["price": Bodies.pounds(1), "options": ["Size": "2 l", "Colour": "Red"]]],
                ])
            #expect(changed["variants", "0", "id"] == JSON(ids[1]))
            #expect(changed["variants", "0", "available"] == 3)
            #expect(try await shop.maya.level(ids[0]) == nil)
            #expect(try await shop.maya.level(ids[1])?.onHand == 3)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is not active is for staff alone`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for status in [ProductStatus.draft, .archived] {
                let variant = try await shop.maya.variant("Secret \(status.rawValue)", status: status)
                let path = "/api/v1/products/\(variant.product)"
                #expect(try await shop.send("GET", path, as: shop.buyer).verdict == "404 not_found")
                #expect(try await shop.send("GET", path, as: shop.staff).status == 200)
                let line = Bodies.checkout([(variant.id, 1)])
                let checkout = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: line)
                #expect(checkout.verdict == "422 validation.failed /lines/0/variant_id unavailable")
            }
            let buyers = try await shop.send("GET", "/api/v1/products?query=secret", as: shop.buyer)
            #expect(buyers["data"] == [])
            let staff = try await shop.send("GET", "/api/v1/products?query=secret", as: shop.staff)
            #expect(staff["data"]?.array?.count == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `pages of products follow each other without gaps`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for index in 1...23 {
                _ = try await shop.maya.variant("Jam \(index)")
                shop.maya.clock.advance(seconds: 0.001)
            }
            let all = try await shop.send("GET", "/api/v1/products?limit=100", as: shop.buyer)
            let titles = (1...23).map { JSON.string("Jam \($0)") }
            #expect(all["data"]?.array?.map { $0["title"] } == titles)
            #expect(all["next_cursor"] == .null)

            let first = try await shop.send("GET", "/api/v1/products", as: shop.buyer)
            #expect(first["data"]?.array?.count == 20)

            var found: [JSON?] = []
            var path: String? = "/api/v1/products?limit=5"
            var sizes: [Int] = []
            while let next = path {
                let page = try await shop.send("GET", next, as: shop.buyer)
                let data = try #require(page["data"]?.array)
                sizes.append(data.count)
                found += data.map { $0["title"] }
                path = page["next_cursor"]?.string.map { "/api/v1/products?limit=5&cursor=\($0)" }
            }
            #expect(sizes == [5, 5, 5, 5, 3])
            #expect(found == titles)
        }
    }

    @Test(arguments: TestEngine.available)
    func `products are found by words and by category`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            _ = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: Self.kettle)
            _ = try await shop.maya.variant("Crème brûlée")
            for (query, title) in [
                ("query=GROSSER", "Wasserkessel – großer"), ("query=creme+br", "Crème brûlée"),
                ("query=CR%C3%88ME", "Crème brûlée"), ("query=k-2", "Wasserkessel – großer"),
                ("category=kitchen", "Wasserkessel – großer"), ("category=gifts&query=rot", "Wasserkessel – großer"),
            ] {
                let page = try await shop.send("GET", "/api/v1/products?\(query)", as: shop.buyer)
                #expect(page["data"]?.array?.map { $0["title"] } == [.string(title)], "\(query)")
            }
            for query in [
                "query=kettle", "category=none", "category=gifts&query=creme", "query=%27+OR+1%3D1", "query=%25",
            ] {
                let page = try await shop.send("GET", "/api/v1/products?\(query)", as: shop.buyer)
                #expect(page["data"] == [], "\(query)")
            }
            let categories = try await shop.send("GET", "/api/v1/categories", as: shop.buyer)
            #expect(categories["data"]?.array?.map { $0["handle"] } == ["gifts", "kitchen"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `categories are listed by handle, in pages without gaps`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let handles = (0..<103).map { "c\($0)" }
            for start in stride(from: 0, to: 103, by: 50) {
                var body = try #require(Bodies.product("Box \(start)").object)
                body["categories"] = .array(handles[start..<min(start + 50, 103)].map { ["handle": .string($0)] })
                #expect(
                    try await shop.send("POST", "/api/v1/products", as: shop.staff, body: .object(body)).status == 201)
            }
            for (limit, sizes) in [("", [100, 3]), ("limit=40&", [40, 40, 23])] {
                var found: [String] = []
                var counts: [Int] = []
                var cursor: String? = ""
                while let next = cursor {
                    let rest = next.isEmpty ? "" : "cursor=\(next)"
                    let page = try await shop.send("GET", "/api/v1/categories?\(limit)\(rest)", as: shop.buyer)
                    let data = try #require(page["data"]?.array)
                    counts.append(data.count)
                    found += data.compactMap { $0["handle"]?.string }
                    cursor = page["next_cursor"]?.string
                }
                #expect(counts == sizes)
                #expect(found == handles.sorted())
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `handles are made from titles, numbered, and refused when taken`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            var handles: [JSON?] = []
            for title in ["Sea salt", "Sea salt", "SEA  SALT!", "صابون", "🧂", "Ångström"] {
                let made = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: Bodies.product(title))
                #expect(made.status == 201)
                handles.append(made["handle"])
            }
            #expect(handles == ["sea-salt", "sea-salt-2", "sea-salt-3", "product", "product-2", "angstrom"])
            for number in 3...12 {
                let made = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: Bodies.product("ملح"))
                #expect(made["handle"] == .string("product-\(number)"))
            }
            var body = try #require(Bodies.product().object)
            body["handle"] = "sea-salt"
            let before = try await shop.contents()
            let taken = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: .object(body))
            #expect(taken.verdict == "409 product.handle_taken /handle taken")
            #expect(try await shop.contents() == before)
        }
    }

    @Test(arguments: TestEngine.available)
    func `stock is untracked until it is set, and then counted`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let variant = try await shop.maya.variant("Quince jam")
            let path = "/api/v1/variants/\(variant.id)/stock"
            let id = JSON(variant.id)
            let untracked = try await shop.send("GET", path, as: shop.staff)
            #expect(untracked["variant_id"] == id)
            for field in ["on_hand", "reserved", "available", "backordered"] {
                #expect(untracked[field] == .null, "\(field)")
            }
            let set = try await shop.send("PUT", path, as: shop.staff, body: ["on_hand": 10])
            #expect(set["on_hand"] == 10)
            #expect(set["reserved"] == 0)
            #expect(set["available"] == 10)
            let checkout = try await shop.maya.checkout([(variant, 4)])
            _ = try await shop.maya.place(checkout.id)
            let read = try await shop.send("GET", path, as: shop.staff)
            #expect(read["on_hand"] == 10)
            #expect(read["reserved"] == 4)
            #expect(read["available"] == 6)
            let product = try await shop.send("GET", "/api/v1/products/\(variant.product)", as: shop.buyer)
            #expect(product["variants", "0", "available"] == 6)

            let before = try await shop.contents()
            let below = try await shop.send("PUT", path, as: shop.staff, body: ["on_hand": 3])
            #expect(below.verdict == "409 stock.below_reserved /on_hand below_reserved")
            #expect(try await shop.contents() == before)
            let level = try await shop.send("PUT", path, as: shop.staff, body: ["on_hand": 4])
            #expect(level["available"] == 0)
        }
    }
}
