import Orders
import Primitives
import ShopWorld
import TestSupport
import Testing

struct OrderListTests {
    private static let lantern: [JSON] = [["title": "Lantern", "quantity": 1, "unit_price": Bodies.pounds(5)]]

    /// Nine orders, one a day; several at the same moment at the end.
    private static func fill(_ shop: LiveShop) async throws -> [String] {
        var ids: [String] = []
        for index in 1...9 {
            shop.maya.clock.advance(seconds: 0.001)
            let day = min(index, 7)
            ids.append(
                try await shop.entered(
                    lantern, externalID: "E-\(index)",
                    more: [
                        "placed_at": .string("2025-11-0\(day)T10:00:00Z"),
                        "email": .string("buyer\(index)@example.com"),
                        "payment_method": index.isMultiple(of: 3) ? "paid_elsewhere" : "cash_on_delivery",
                    ]))
        }
        _ = try await shop.send("POST", "/api/v1/orders/\(ids[1])/cancellation", as: shop.staff)
        _ = try await shop.send("POST", "/api/v1/orders/\(ids[2])/fulfillments", as: shop.staff)
        return ids
    }

    @Test(arguments: TestEngine.available)
    func `orders are listed newest first, in pages without gaps`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let ids = try await Self.fill(shop)
            let all = try await shop.send("GET", "/api/v1/orders?limit=100", as: shop.staff)
            let newest = ids.reversed().map { JSON.string($0) }
            #expect(all["data"]?.array?.map { $0["id"] } == newest)
            var found: [JSON?] = []
            var path: String? = "/api/v1/orders?limit=2"
            while let next = path {
                let page = try await shop.send("GET", next, as: shop.staff)
                found += try #require(page["data"]?.array).map { $0["id"] }
                path = page["next_cursor"]?.string.map { "/api/v1/orders?limit=2&cursor=\($0)" }
            }
            #expect(found == newest)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a page of large orders ends early, and the next goes on`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            var ids: [JSON] = []
            for count in [1, 700, 700, 600, 1000, 1000, 1] {
                shop.maya.clock.advance(seconds: 0.001)
                let lines = [JSON](repeating: Self.lantern[0], count: count)
                ids.append(.string(try await shop.entered(lines)))
            }
            var pages: [[JSON?]] = []
            var cursor: String? = ""
            while let next = cursor {
                let rest = next.isEmpty ? "" : "&cursor=\(next)"
                let page = try await shop.send("GET", "/api/v1/orders?limit=6\(rest)", as: shop.staff)
                pages.append(try #require(page["data"]?.array).map { $0["id"] })
                cursor = page["next_cursor"]?.string
            }
            // Newest first: 1 and 1000 (one more would make 2001), 1000 and 600, then 700, 700 and 1.
            #expect(pages == [[ids[6], ids[5]], [ids[4], ids[3]], [ids[2], ids[1], ids[0]]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `orders are filtered by state, moment and what people say`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let ids = try await Self.fill(shop)
            for (query, expected) in [
                ("status=canceled", [2]), ("status=completed", [3]), ("payment_status=paid", [9, 6, 3]),
                ("payment_status=voided", [2]), ("fulfillment_status=fulfilled", [3]),
                ("placed_after=2025-11-06T10:00:00Z", [9, 8, 7]),
                ("placed_after=2025-11-06T09:59:59.999999Z", [9, 8, 7, 6]),
                ("placed_before=2025-11-02T10:00:00Z", [1]),
                ("placed_after=2025-11-02T10:00:00Z&placed_before=2025-11-05T11:00:00%2B01:00", [4, 3]),
                ("query=E-4", [4]), ("query=buyer5@example.com", [5]), ("query=buyer5@EXAMPLE.com", [5]),
                ("query=e-4", []), ("query=%23nothing", []), ("query=%25", []), ("query=999999999999999999999", []),
                ("status=open&payment_status=paid", [9, 6]),
            ] as [(String, [Int])] {
                let page = try await shop.send("GET", "/api/v1/orders?\(query)", as: shop.staff)
                let wanted = expected.map { JSON.string(ids[$0 - 1]) }
                #expect(page["data"]?.array?.map { $0["id"] } == wanted, "\(query): \(page.verdict)")
            }
            let order = try await shop.send("GET", "/api/v1/orders/\(ids[3])", as: shop.staff)
            let number = try #require(order["number"]?.string?.dropFirst())
            for query in ["\(number)", "%23\(number)"] {
                let page = try await shop.send("GET", "/api/v1/orders?query=\(query)", as: shop.staff)
                #expect(page["data"]?.array?.map { $0["id"] } == [.string(ids[3])])
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `lists and searches of one store show nothing of another`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let ids = try await Self.fill(shop)
            _ = try await shop.maya.variant("Crème brûlée")
            let mayas = try await shop.send("GET", "/api/v1/orders?limit=2", as: shop.staff)
            let cursor = try #require(mayas["next_cursor"]?.string)
            let products = try await shop.send("GET", "/api/v1/products", as: shop.staff)
            let product = try #require(products["data", "0", "id"]?.string)
            let otto = Credential.secret(shop.keys.ottoSecret)
            for path in [
                "orders", "orders?query=1001", "orders?query=%231001", "orders?query=E-4",
                "orders?query=buyer5@example.com", "orders?cursor=\(cursor)", "orders?status=canceled", "products",
                "products?query=creme", "products?cursor=prod_00000000000000000000000000", "categories",
            ] {
                let page = try await shop.send("GET", "/api/v1/\(path)", as: otto)
                #expect(page.status == 200)
                #expect(page["data"] == [], "\(path)")
            }
            for path in ["orders/\(ids[0])", "orders/\(ids[0])/events", "products/\(product)", "products/creme-brulee"]
            {
                let page = try await shop.send("GET", "/api/v1/\(path)", as: otto)
                #expect(page.verdict == "404 not_found", "\(path)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order's token opens that order alone`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let mine = try await shop.placedOrder()
            let other = try await shop.placedOrder()
            let token = Credential.order(shop.tokens.token(for: mine.id, of: mine.store))
            let read = try await shop.send("GET", "/api/v1/orders/\(mine.id)", as: token)
            #expect(read["id"] == JSON(mine.id))
            for (method, path) in [
                ("GET", "orders/\(other.id)"), ("GET", "orders"), ("GET", "orders/\(mine.id)/events"),
                ("POST", "orders/\(mine.id)/cancellation"), ("PATCH", "orders/\(mine.id)"),
                ("POST", "orders/\(mine.id)/fulfillments"),
            ] {
                let reply = try await shop.send(method, "/api/v1/\(path)", as: token)
                #expect(reply.verdict == "401 unauthenticated", "\(method) \(path)")
            }
            let upper = try await shop.send("GET", "/api/v1/orders/\(mine.id.description.uppercased())", as: token)
            #expect(upper.verdict == "401 unauthenticated")
        }
    }
}
