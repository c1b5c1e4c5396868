import Catalog
import Customers
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct CustomerEndpointTests {
    @Test(arguments: TestEngine.available)
    func `an order makes a customer whose orders staff read`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let order = try await shop.placedOrder()
            try await shop.maya.database.write("test.note") { tx in
                try OrderCustomers.note(
                    Orders.timeline(of: order.id, store: order.store, after: 0, limit: 9, in: tx), in: tx)
            }
            let found = try await shop.send("GET", "/api/v1/customers?query=w%C3%B6l+zo", as: shop.staff)
            let id = try #require(found["data", "0", "id"]?.string)
            #expect(found["data", "0", "orders_count"] == 1)
            #expect(found["data", "0", "email"] == "zoë@example.com")
            #expect(found["next_cursor"] == .null)
            let orders = try await shop.send("GET", "/api/v1/customers/\(id)/orders", as: shop.staff)
            #expect(orders["data"]?.array?.map { $0["id"] } == [JSON(order.id)])
            #expect(orders["data", "0", "lines"]?.array?.count == 1)
            let empty = try await shop.send(
                "GET", "/api/v1/customers/\(id)/orders?cursor=1.\(order.id)", as: shop.staff)
            #expect(empty["data"] == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `an address that is taken names its customer, and an empty text clears it`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let first = try await shop.send(
                "POST", "/api/v1/customers", as: shop.staff, body: ["email": "zoe@example.com", "first_name": "Zoë"])
            #expect(first.status == 201)
            let id = try #require(first["id"]?.string)
            let second = try await shop.send(
                "POST", "/api/v1/customers", as: shop.staff, body: ["email": "ZOE@example.com"])
            #expect(second.verdict == "409 customer.email_taken /email taken")
            #expect(second["customer_id"] == .string(id))
            let cleared = try await shop.send(
                "PATCH", "/api/v1/customers/\(id)", as: shop.staff, body: ["email": ""])
            #expect(cleared["email"] == .null)
            let nameless = try await shop.send(
                "PATCH", "/api/v1/customers/\(id)", as: shop.staff, body: ["first_name": ""])
            #expect(nameless.verdict == "422 validation.failed /email required")
            let third = try await shop.send(
                "POST", "/api/v1/customers", as: shop.staff, body: ["email": "ZOE@example.com"])
            #expect(third.status == 201)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a list goes on where the page before ended`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            var made: [String] = []
            for _ in 0..<5 { made.append(try await shop.customer().id.description) }
            var seen: [String] = []
            var cursor = ""
            repeat {
                let page = try await shop.send("GET", "/api/v1/customers?limit=2\(cursor)", as: shop.staff)
                seen += (page["data"]?.array ?? []).compactMap { $0["id"]?.string }
                cursor = page["next_cursor"]?.string.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen == made.sorted().reversed())
        }
    }
}
