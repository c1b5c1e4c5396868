import Catalog
import HTTPServer
import Inventory
import Orders
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

/// Requests that meet each other, and stores that share a database.
struct RaceTests {
    @Test(arguments: TestEngine.available)
    func `one key sent many times at once makes one order with one answer`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", stock: 5)
            let checkout = try await shop.maya.checkout([(jam, 2)])
            let path = "/api/v1/checkouts/\(checkout.id)/order"
            let replies = try await shop.together(12) { _ in
                try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.cash)
            }
            #expect(replies.map(\.status) == Array(repeating: 201, count: 12))
            #expect(Set(replies.map(\.body)).count == 1)
            #expect(replies.filter { $0.headers["idempotency-replayed"] == nil }.count == 1)
            #expect(try await shop.maya.count(of: .orders) == 1)
            #expect(try await shop.maya.level(jam.id)?.reserved == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a checkout completed with many keys at once is one order`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let checkout = try await shop.maya.checkout([(shop.maya.variant("Jam", stock: 5), 2)])
            let path = "/api/v1/checkouts/\(checkout.id)/order"
            let replies = try await shop.together(12) { index in
                try await shop.send("POST", path, as: shop.buyer, key: "key \(index)", body: Bodies.cash)
            }
            #expect(replies.filter { $0.status == 201 }.count == 1)
            #expect(replies.filter { $0.status == 200 }.count == 11)
            #expect(Set(replies.map(\.body)).count == 1)
            #expect(try await shop.maya.count(of: .orders) == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the last units go to as many buyers as there are units`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", stock: 5)
            var checkouts: [CheckoutID] = []
            for _ in 0..<30 { checkouts.append(try await shop.maya.checkout([(jam, 1)]).id) }
            let ids = checkouts
            let replies = try await shop.together(30) { index in
                try await shop.send(
                    "POST", "/api/v1/checkouts/\(ids[index])/order", as: shop.buyer, key: "same", body: Bodies.cash)
            }
            #expect(replies.filter { $0.status == 201 }.count == 5)
            let refusal = "409 stock.insufficient /lines/0/quantity insufficient"
            #expect(replies.filter { $0.verdict == refusal && $0["errors", "0", "available"] == 0 }.count == 25)
            #expect(Set(replies.compactMap { $0["order", "number"] }).count == 5)
            #expect(try await shop.maya.level(jam.id) == StockLevel(variant: jam.id, onHand: 5, reserved: 5))
            #expect(try await shop.maya.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `two stores use the same keys, references and numbers at once`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let replies = try await shop.together(8) { index in
                let (caller, currency) =
                    index.isMultiple(of: 2) ? (shop.staff, "GBP") : (.secret(shop.keys.ottoSecret), "JPY")
                let price: JSON = ["amount": 100, "currency": .string(currency)]
                let line: JSON = ["title": "Lantern", "quantity": 1, "unit_price": price]
                let body = Bodies.order([line], externalID: "E-\(index / 2)")
                return try await shop.send("POST", "/api/v1/orders", as: caller, key: "key \(index / 2)", body: body)
            }
            #expect(replies.map(\.status) == Array(repeating: 201, count: 8))
            let expected: Set<JSON> = ["#1001", "#1002", "#1003", "#1004"]
            for store in 0...1 {
                let numbers = replies.indices.filter { $0 % 2 == store }.compactMap { replies[$0]["number"] }
                #expect(Set(numbers) == expected)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a key belongs to who sends it`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let body = Bodies.order([["title": "Lantern", "quantity": 1, "unit_price": Bodies.pounds(5)]])
            let other = Credential.secret(try #require(shop.keys.only["orders:write"]))
            let first = try await shop.send("POST", "/api/v1/orders", as: shop.staff, key: "k", body: body)
            let second = try await shop.send("POST", "/api/v1/orders", as: other, key: "k", body: body)
            #expect([first.status, second.status] == [201, 201])
            #expect(first["id"] != second["id"])
            // Under a publishable key it belongs to the checkout: two buyers may use the same.
            let jam = try await shop.maya.variant("Jam")
            var orders: Set<JSON> = []
            for _ in 0..<2 {
                let checkout = try await shop.maya.checkout([(jam, 1)])
                let path = "/api/v1/checkouts/\(checkout.id)/order"
                let placed = try await shop.send("POST", path, as: shop.buyer, key: "k", body: Bodies.cash)
                #expect(placed.status == 201)
                orders.insert(try #require(placed["order", "id"]))
                // And it stays with the checkout when another of the store's keys sends it.
                let bound = Credential.publishable(shop.keys.boundPublishable)
                let replay = try await shop.send("POST", path, as: bound, key: "k", body: Bodies.cash)
                #expect(replay.body == placed.body)
                #expect(replay.headers["idempotency-replayed"] == "true")
                // Not, however, when another store does.
                let otto = Credential.publishable(shop.keys.ottoPublishable)
                let foreign = try await shop.send("POST", path, as: otto, key: "k", body: Bodies.cash)
                #expect(foreign.verdict == "404 not_found")
            }
            #expect(orders.count == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `of cancellation and delivery at once, one wins`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for _ in 0..<5 {
                let jam = try await shop.maya.variant("Jam", stock: 3)
                let id = try await shop.entered([["variant_id": JSON(jam.id), "quantity": 3]])
                let replies = try await shop.together(4) { index in
                    let verb = index.isMultiple(of: 2) ? "cancellation" : "fulfillments"
                    return try await shop.send("POST", "/api/v1/orders/\(id)/\(verb)", as: shop.staff)
                }
                #expect(replies.filter { $0.status == 201 }.count == 1)
                #expect(replies.filter { $0.status == 409 }.count == 3)
                let level = try #require(try await shop.maya.level(jam.id))
                #expect(level.reserved == 0)
                #expect([0, 3].contains(level.onHand))
                #expect(try await shop.maya.contradictions().isEmpty)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `parts delivered at once never exceed the line`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", stock: 10)
            let id = try await shop.entered([["variant_id": JSON(jam.id), "quantity": 10]])
            let order = try await shop.send("GET", "/api/v1/orders/\(id)", as: shop.staff)
            let line = try #require(order["lines", "0", "id"])
            let replies = try await shop.together(6) { _ in
                try await shop.send(
                    "POST", "/api/v1/orders/\(id)/fulfillments", as: shop.staff,
                    body: ["lines": [["line_id": line, "quantity": 3]]])
            }
            #expect(replies.filter { $0.status == 201 }.count == 3)
            #expect(replies.filter { $0.verdict == "422 validation.failed /lines/0/quantity range" }.count == 3)
            #expect(try await shop.maya.level(jam.id) == StockLevel(variant: jam.id, onHand: 1, reserved: 1))
        }
    }

    @Test(arguments: TestEngine.available)
    func `products that want one handle at once get it or are refused`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for round in 0..<3 {
                var ids: [ProductID] = []
                for index in 0..<6 { ids.append(try await shop.maya.variant("Jam \(round) \(index)").product) }
                let products = ids
                let replies = try await shop.together(9) { index in
                    let body: JSON = ["handle": "wanted-\(round)"]
                    guard index >= 6 else {
                        return try await shop.send(
                            "PATCH", "/api/v1/products/\(products[index])", as: shop.staff, body: body)
                    }
                    // Made from the title.
                    let new = Bodies.product("Wanted \(round)")
                    return try await shop.send("POST", "/api/v1/products", as: shop.staff, body: new)
                }
                #expect(replies.prefix(6).filter { $0.status == 200 }.count <= 1)
                #expect(replies.prefix(6).allSatisfy { [200, 409].contains($0.status) })
                #expect(replies.suffix(3).map(\.status) == [201, 201, 201])
                let handles = replies.compactMap { $0["handle"] }
                #expect(Set(handles).count == handles.count)
                #expect(handles.contains(.string("wanted-\(round)")))
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `handles that read the same are the same`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            func body(_ handle: String) throws -> JSON {
                var body = try #require(Bodies.product().object)
                body["handle"] = .string(handle)
                return .object(body)
            }
            let made = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: body("Käse_한국"))
            #expect(made.status == 201)
            #expect(made["handle"]?.string.map { Array($0.utf8) } == Array("käse_한국".utf8))
            for twin in ["käse_한국", "KÄSE_한국", "ka\u{308}se_\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}"] {
                let taken = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: body(twin))
                #expect(taken.verdict == "409 product.handle_taken /handle taken", "\(twin)")
                let escaped = twin.utf8.map { "%" + String(Int($0) + 0x100, radix: 16).dropFirst() }.joined()
                for caller in [shop.buyer, shop.staff] {
                    let found = try await shop.send("GET", "/api/v1/products/\(escaped)", as: caller)
                    #expect(found.body == made.body)
                }
            }
            let id = try #require(made["id"]?.string)
            let disguised = try await shop.send("POST", "/api/v1/products", as: shop.staff, body: body(id))
            #expect(disguised.verdict == "422 validation.failed /handle handle")
        }
    }

    @Test(arguments: TestEngine.available)
    func `ids of another store in a body are unknown`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let mine = try await World(shop.otto.store, in: shop.maya).variant("Tofu", sku: "TOFU")
            let hers = try await shop.maya.variant("Jam", sku: "JAM", stock: 4)
            let order = try await shop.placedOrder()
            let otto = Credential.secret(shop.keys.ottoSecret)
            let own: JSON = ["title": "Tofu", "quantity": 1, "unit_price": ["amount": 100, "currency": "JPY"]]
            let entered = try await shop.send("POST", "/api/v1/orders", as: otto, body: Bodies.order([own]))
            let id = try #require(entered["id"]?.string)
            let before = try await shop.contents()
            for (method, path, body, verdict) in [
                (
                    "POST", "orders", Bodies.order([["variant_id": JSON(hers.id), "quantity": 1]]),
                    "422 validation.failed /lines/0/variant_id unknown"
                ),
                (
                    "POST", "orders", Bodies.order([["sku": "JAM", "quantity": 1]]),
                    "422 validation.failed /lines/0/sku unknown"
                ),
                (
                    "POST", "orders/\(id)/fulfillments",
                    ["lines": [["line_id": JSON(order.lines[0].id), "quantity": 1]]],
                    "422 validation.failed /lines/0/line_id unknown"
                ),
                (
                    "PATCH", "products/\(mine.product)",
                    ["variants": [["id": JSON(hers.id), "price": ["amount": 1, "currency": "JPY"]]]],
                    "422 validation.failed /variants/0/id unknown"
                ),
                ("PUT", "variants/\(hers.id)/stock", ["on_hand": 0], "404 not_found"),
            ] as [(String, String, JSON, String)] {
                let reply = try await shop.send(method, "/api/v1/\(path)", as: otto, body: body)
                #expect(reply.verdict == verdict)
            }
            #expect(try await shop.contents() == before)
        }
    }
}

extension LiveShop {
    /// Sends so many requests at once; the answers in their order.
    func together(
        _ count: Int, _ send: @escaping @Sendable (Int) async throws -> Reply
    ) async throws -> [Reply] {
        try await withThrowingTaskGroup(of: (Int, Reply).self) { group in
            for index in 0..<count { group.addTask { (index, try await send(index)) } }
            var replies: [Int: Reply] = [:]
            for try await (index, reply) in group { replies[index] = reply }
            return try (0..<count).map { try #require(replies[$0]) }
        }
    }
}
