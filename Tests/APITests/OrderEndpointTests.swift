import Catalog
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import TestSupport
import Testing

struct OrderEndpointTests {
    @Test(arguments: TestEngine.available)
    func `staff enter an order with its own prices and moment`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let soap = try await shop.maya.variant("Soap", sku: "85123A", price: 500, stock: 20)
            let body: JSON = [
                "lines": [
                    ["sku": "85123A", "quantity": 6, "unit_price": Bodies.pounds(255)],
                    ["title": "POSTAGE", "sku": "POST", "quantity": 1, "unit_price": Bodies.pounds(1800)],
                    ["variant_id": JSON(soap.id), "quantity": 1],
                ],
                "placed_at": "2010-12-01T09:26:00+01:00", "external_id": "536365", "payment_method": "paid_elsewhere",
                "tags": ["import"], "email": "zoë@example.com",
            ]
            let made = try await shop.send("POST", "/api/v1/orders", as: shop.staff, key: "first", body: body)
            #expect(made.status == 201)
            #expect(made["external_id"] == "536365")
            #expect(made["placed_at"] == "2010-12-01T08:26:00Z")
            #expect(made["payment_status"] == "paid")
            #expect(made["totals", "total"] == Bodies.pounds(6 * 255 + 1800 + 500))
            #expect(made["lines"]?.array?.map { $0["variant_id"] } == [JSON(soap.id), .null, JSON(soap.id)])
            #expect(made["lines"]?.array?.map { $0["title"] } == ["Soap", "POSTAGE", "Soap"])
            #expect(try await shop.maya.level(soap.id)?.reserved == 7)

            let before = try await shop.contents()
            let replay = try await shop.send("POST", "/api/v1/orders", as: shop.staff, key: "first", body: body)
            #expect(replay.status == 201)
            #expect(replay.headers["idempotency-replayed"] == "true")
            #expect(replay.body == made.body)
            let second = try await shop.send("POST", "/api/v1/orders", as: shop.staff, key: "second", body: body)
            #expect(second.verdict == "409 order.external_id_taken /external_id taken")
            #expect(second["order_id"] == made["id"])
            let missing = try await shop.client.send(
                "POST", "/api/v1/orders", headers: shop.staff.headers, body: body.bytes)
            #expect(missing.verdict == "400 idempotency_key.missing Idempotency-Key required")
            #expect(try await shop.contents() == before)

            // Another store's order may have the same reference, and its key the same idempotency key.
            let theirs: JSON = [
                "external_id": "536365",
                "lines": [["title": "Tofu", "quantity": 1, "unit_price": ["amount": 100, "currency": "JPY"]]],
            ]
            let otto = Credential.secret(shop.keys.ottoSecret)
            let other = try await shop.send("POST", "/api/v1/orders", as: otto, key: "first", body: theirs)
            #expect(other.status == 201)
            #expect(other["number"] == "#1001")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a thousand lines are kept in their order`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let soap = try await shop.maya.variant("Soap", sku: "S", price: 3, stock: 5000)
            func lines(_ count: Int) -> [JSON] {
                (0..<count).map { index in
                    index.isMultiple(of: 2)
                        ? ["variant_id": JSON(soap.id), "quantity": JSON(index % 7 + 1)]
                        : ["title": "Line \(index)", "quantity": 1, "unit_price": Bodies.pounds(index)]
                }
            }
            let before = try await shop.contents()
            let beyond = try await shop.send(
                "POST", "/api/v1/orders", as: shop.staff, body: Bodies.order(lines(1001)))
            #expect(beyond.verdict == "422 validation.failed /lines too_many")
            #expect(try await shop.contents() == before)
            let made = try await shop.send("POST", "/api/v1/orders", as: shop.staff, body: Bodies.order(lines(1000)))
            #expect(made.status == 201)
            let expected = (0..<1000).map { index -> JSON in index.isMultiple(of: 2) ? "Soap" : "Line \(index)" }
            #expect(made["lines"]?.array?.map { $0["title"] } == expected)
            let id = try #require(made["id"]?.string)
            #expect(try await shop.send("GET", "/api/v1/orders/\(id)", as: shop.staff).body == made.body)

            let wanted = (0..<1000).map { _ in (soap.id, 1) }
            let checkout = try await shop.send(
                "POST", "/api/v1/checkouts", as: shop.buyer, body: Bodies.checkout(wanted))
            #expect(checkout.status == 201)
            #expect(checkout["totals", "total"] == Bodies.pounds(3000))
            let path = "/api/v1/checkouts/\(try #require(checkout["id"]?.string))/order"
            let placed = try await shop.send("POST", path, as: shop.buyer, body: Bodies.cash)
            #expect(placed.status == 201)
            #expect(placed["order", "lines"]?.array?.count == 1000)
            #expect(try await shop.maya.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order is delivered in parts`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", stock: 9)
            let id = try await shop.entered([
                ["variant_id": JSON(jam.id), "quantity": 5], ["variant_id": JSON(jam.id), "quantity": 2],
            ])
            let order = try await shop.send("GET", "/api/v1/orders/\(id)", as: shop.staff)
            let lines = try #require(order["lines"]?.array?.map { $0["id"] ?? .null })
            let path = "/api/v1/orders/\(id)/fulfillments"
            let first = try await shop.send(
                "POST", path, as: shop.staff,
                body: ["lines": [["line_id": lines[0], "quantity": 2]], "tracking_number": "RM 1"])
            #expect(first.status == 201)
            #expect(first["order_id"] == .string(id))
            #expect(first["tracking_number"] == "RM 1")
            #expect(first["lines"] == [["line_id": lines[0], "quantity": 2]])
            #expect(first["order", "fulfillment_status"] == "partially_fulfilled")
            #expect(first["order", "lines", "0", "fulfilled_quantity"] == 2)
            #expect(try await shop.maya.level(jam.id) == StockLevel(variant: jam.id, onHand: 7, reserved: 5))

            let before = try await shop.contents()
            let stranger = try await shop.placedOrder().lines[0].id
            let afterStranger = try await shop.contents()
            #expect(afterStranger != before)
            for (body, verdict) in [
                (["lines": [["line_id": lines[0], "quantity": 4]]], "/lines/0/quantity range"),
                (
                    ["lines": [["line_id": lines[0], "quantity": 2], ["line_id": lines[0], "quantity": 2]]],
                    "/lines/1/quantity range"
                ),
                (["lines": [["line_id": JSON(stranger), "quantity": 1]]], "/lines/0/line_id unknown"),
            ] as [(JSON, String)] {
                let refused = try await shop.send("POST", path, as: shop.staff, body: body)
                #expect(refused.verdict == "422 validation.failed \(verdict)")
            }
            let canceled = try await shop.send("POST", "/api/v1/orders/\(id)/cancellation", as: shop.staff)
            #expect(canceled.verdict == "409 order.not_cancelable")
            #expect(try await shop.contents() == afterStranger)

            // A line may be there twice as long as enough of it is left.
            let twice = try await shop.send(
                "POST", path, as: shop.staff,
                body: ["lines": [["line_id": lines[0], "quantity": 1], ["line_id": lines[0], "quantity": 2]]])
            #expect(twice.status == 201)
            #expect(twice["order", "lines", "0", "fulfilled_quantity"] == 5)
            #expect(try await shop.maya.level(jam.id) == StockLevel(variant: jam.id, onHand: 4, reserved: 2))

            let rest = try await shop.send("POST", path, as: shop.staff)
            #expect(rest.status == 201)
            #expect(rest["lines"] == [["line_id": lines[1], "quantity": 2]])
            #expect(rest["order", "fulfillment_status"] == "fulfilled")
            let none = try await shop.send("POST", path, as: shop.staff)
            #expect(none.verdict == "409 order.not_fulfillable")
            #expect(try await shop.maya.level(jam.id) == StockLevel(variant: jam.id, onHand: 2, reserved: 0))
            #expect(try await shop.maya.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a change that is sent again with its key is made once`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", stock: 9)
            let (id, other) = try await (
                shop.entered([["variant_id": JSON(jam.id), "quantity": 5]]),
                shop.entered([["variant_id": JSON(jam.id), "quantity": 1]])
            )
            let line = try #require(
                try await shop.send("GET", "/api/v1/orders/\(id)", as: shop.staff)["lines", "0", "id"])
            let requests: [(path: String, body: JSON, other: JSON)] = [
                (
                    "orders/\(id)/fulfillments", ["lines": [["line_id": line, "quantity": 2]]],
                    ["lines": [["line_id": line, "quantity": 1]]]
                ),
                ("orders/\(other)/cancellation", ["reason": "Broken"], ["reason": "Lost"]),
                ("products", Bodies.product("Salt"), Bodies.product("Pepper")),
            ]
            for (path, body, otherBody) in requests {
                let made = try await shop.send("POST", "/api/v1/\(path)", as: shop.staff, key: path, body: body)
                #expect(made.status == 201)
                let before = try await shop.contents()
                let again = try await shop.send("POST", "/api/v1/\(path)", as: shop.staff, key: path, body: body)
                #expect(again.status == 201)
                #expect(again.headers["idempotency-replayed"] == "true")
                #expect(again.body == made.body)
                let reused = try await shop.send(
                    "POST", "/api/v1/\(path)", as: shop.staff, key: path, body: otherBody)
                #expect(reused.verdict == "422 idempotency_key.reused Idempotency-Key reused")
                #expect(try await shop.contents() == before)
            }
            #expect(try await shop.maya.level(jam.id) == StockLevel(variant: jam.id, onHand: 7, reserved: 3))
            // Without a key each is a delivery of its own.
            let (path, body, _) = requests[0]
            let keyless = try await shop.client.send(
                "POST", "/api/v1/\(path)", headers: shop.staff.headers, body: body.bytes)
            #expect(keyless.status == 201)
            #expect(try await shop.maya.level(jam.id) == StockLevel(variant: jam.id, onHand: 5, reserved: 1))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a cancellation gives the stock back, or does not`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for (restock, level) in [(true, (5, 0)), (false, (3, 0))] {
                let jam = try await shop.maya.variant("Jam", stock: 5)
                let id = try await shop.entered([["variant_id": JSON(jam.id), "quantity": 2]])
                let body: JSON = ["reason": "Broken\njar", "restock": .bool(restock)]
                let path = "/api/v1/orders/\(id)/cancellation"
                let canceled = try await shop.send("POST", path, as: shop.staff, body: body)
                #expect(canceled.status == 201)
                #expect(canceled["status"] == "canceled")
                #expect(canceled["payment_status"] == "voided")
                #expect(canceled["canceled_at"] == "2026-01-15T09:30:00Z")
                #expect(canceled["cancel_reason"] == "Broken\njar")
                #expect(
                    try await shop.maya.level(jam.id) == StockLevel(variant: jam.id, onHand: level.0, reserved: level.1)
                )
                let before = try await shop.contents()
                let again = try await shop.send("POST", path, as: shop.staff, body: body)
                #expect(again.verdict == "409 order.not_cancelable")
                let delivery = try await shop.send("POST", "/api/v1/orders/\(id)/fulfillments", as: shop.staff)
                #expect(delivery.verdict == "409 order.not_fulfillable")
                #expect(try await shop.contents() == before)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `notes, tags and the timeline`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let id = try await shop.entered([["title": "Lantern", "quantity": 1, "unit_price": Bodies.pounds(5)]])
            let path = "/api/v1/orders/\(id)"
            let noted = try await shop.send(
                "PATCH", path, as: shop.staff, body: ["staff_note": "Call first", "tags": ["vip"]])
            #expect(noted["staff_note"] == "Call first")
            #expect(noted["note"] == "")
            #expect(noted["tags"] == ["vip"])
            let cleared = try await shop.send("PATCH", path, as: shop.staff, body: ["staff_note": "", "tags": nil])
            #expect(cleared["staff_note"] == "")
            #expect(cleared["tags"] == ["vip"])
            _ = try await shop.send("POST", path + "/fulfillments", as: shop.staff)

            let timeline = try await shop.send("GET", path + "/events", as: shop.staff)
            #expect(
                timeline["data"]?.array?.map { $0["type"] } == [
                    "order.placed", "order.annotated", "order.annotated", "order.fulfilled",
                ])
            #expect(timeline["data"]?.array?.map { $0["version"] } == [1, 2, 3, 4])
            #expect(timeline["data", "1", "data", "tags"] == ["vip"])
            #expect(timeline["data", "1", "actor"]?.string?.hasPrefix("key_") == true)
            #expect(timeline["next_cursor"] == .null)
            let first = try await shop.send("GET", path + "/events?limit=3", as: shop.staff)
            #expect(first["data"]?.array?.count == 3)
            let cursor = try #require(first["next_cursor"]?.string)
            let second = try await shop.send("GET", path + "/events?limit=3&cursor=\(cursor)", as: shop.staff)
            #expect(second["data"]?.array?.map { $0["version"] } == [4])
            let beyond = try await shop.send("GET", path + "/events?cursor=4", as: shop.staff)
            #expect(beyond["data"] == [])
            let asked = shop.statements.take().filter { $0.text.contains("orders") || $0.text.contains("order_lines") }
            #expect(asked.map(\.text).allSatisfy { $0.hasPrefix("SELECT 1 FROM orders") })
            let unknown = try await shop.send(
                "GET", "/api/v1/orders/ord_00000000000000000000000000/events", as: shop.staff)
            #expect(unknown.verdict == "404 not_found")
        }
    }
}

extension LiveShop {
    /// Enters an order and says its id.
    func entered(_ lines: [JSON], externalID: String? = nil, more: JSONObject = [:]) async throws -> String {
        var body = try #require(Bodies.order(lines, externalID: externalID).object)
        for member in more { body[member.key] = member.value }
        let reply = try await send("POST", "/api/v1/orders", as: staff, body: .object(body))
        #expect(reply.status == 201, "\(reply.text)")
        return try #require(reply["id"]?.string)
    }
}
