import Catalog
import Inventory
import Orders
import Primitives
import ShopWorld
import TestSupport
import Testing
import UseCases

struct CheckoutEndpointTests {
    @Test(arguments: TestEngine.available)
    func `a checkout is opened, read and changed`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let tart = try await shop.maya.variant("Tarte", sku: "T", price: 1250, stock: 10)
            let jam = try await shop.maya.variant("Jam", sku: "J", price: 399)
            let body = Bodies.checkout([(tart.id, 2), (jam.id, 1), (tart.id, 1)])
            let made = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: body)
            #expect(made.status == 201)
            #expect(made["status"] == "open")
            #expect(made["lines"]?.array?.map { $0["variant_id"] } == [JSON(tart.id), JSON(jam.id), JSON(tart.id)])
            #expect(made["lines"]?.array?.map { $0["quantity"] } == [2, 1, 1])
            #expect(made["lines", "0", "unit_price"] == Bodies.pounds(1250))
            #expect(made["lines", "0", "total"] == Bodies.pounds(2500))
            #expect(made["taxes_included"] == false)
            #expect(
                made["totals"] == [
                    "subtotal": Bodies.pounds(4149), "discount": Bodies.pounds(0), "shipping": Bodies.pounds(0),
                    "tax": Bodies.pounds(0), "total": Bodies.pounds(4149),
                ])
            #expect(
                made["delivery_methods"] == [
                    [
                        "id": "standard", "title": "Standard delivery", "description": "", "kind": "shipping",
                        "price": Bodies.pounds(0), "estimate": nil, "location": nil, "windows": [],
                    ]
                ])
            #expect(made["delivery_method"] == "standard")
            #expect(made["delivery_problems"] == [])
            #expect(made["email"] == "zoë@example.com")
            #expect(made["shipping_address", "name"] == "Zoë Wölfle")
            #expect(made["expires_at"] == "2026-01-16T09:30:00Z")
            #expect(made["order_id"] == .null)
            let id = try #require(made["id"]?.string)
            let path = "/api/v1/checkouts/\(id)"
            let read = try await shop.send("GET", path, as: shop.buyer)
            #expect(read.body == made.body)

            shop.maya.clock.advance(seconds: 3600)
            let changed = try await shop.send(
                "PATCH", path, as: shop.buyer,
                body: [
                    "lines": [["variant_id": JSON(jam.id), "quantity": 3]], "phone": "+44 20 7946 0000",
                    "note": "Ring twice\nplease", "email": nil, "delivery_method": "standard",
                ])
            #expect(changed.status == 200)
            #expect(changed["lines", "0", "id"] == made["lines", "1", "id"])
            #expect(changed["totals", "total"] == Bodies.pounds(1197))
            #expect(changed["email"] == "zoë@example.com")
            #expect(changed["phone"] == "+442079460000")
            #expect(changed["note"] == "Ring twice\nplease")
            #expect(changed["expires_at"] == "2026-01-16T10:30:00Z")
            #expect(try await shop.maya.level(tart.id)?.reserved == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an empty checkout and what cannot be had are refused`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam")
            let strange = try await World(shop.otto.store, in: shop.maya).variant("Tofu")
            let checkout = try await shop.maya.checkout([(jam, 1)])
            let path = "/api/v1/checkouts/\(checkout.id)"
            let before = try await shop.contents()
            for empty: JSON in [[:], ["lines": []], ["lines": nil]] {
                let reply = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: empty)
                #expect(reply.verdict == "422 checkout.empty /lines required")
            }
            let emptied = try await shop.send("PATCH", path, as: shop.buyer, body: ["lines": []])
            #expect(emptied.verdict == "422 checkout.empty /lines required")
            for unknown in [strange.id, VariantID(.init(high: 1, low: 2))] {
                let body = Bodies.checkout([(jam.id, 1), (unknown, 1)])
                let reply = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: body)
                #expect(reply.verdict == "422 validation.failed /lines/1/variant_id unavailable")
                let change = try await shop.send("PATCH", path, as: shop.buyer, body: body)
                #expect(change.verdict == "422 validation.failed /lines/1/variant_id unavailable")
            }
            let method: JSON = ["delivery_method": "drone"]
            let drone = try await shop.send("PATCH", path, as: shop.buyer, body: method)
            #expect(drone.verdict == "422 validation.failed /delivery_method unavailable")
            #expect(try await shop.contents() == before)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a checkout expires a day after it was last touched`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let checkout = try await shop.maya.checkout([(shop.maya.variant(stock: 1), 1)])
            let path = "/api/v1/checkouts/\(checkout.id)"
            shop.maya.clock.advance(seconds: 86_399)
            #expect(try await shop.send("GET", path, as: shop.buyer)["status"] == "open")
            shop.maya.clock.advance(seconds: 1)
            let read = try await shop.send("GET", path, as: shop.buyer)
            #expect(read.status == 200)
            #expect(read["status"] == "expired")
            let before = try await shop.contents()
            let changed = try await shop.send("PATCH", path, as: shop.buyer, body: ["note": "Wait"])
            #expect(changed.verdict == "410 checkout.expired")
            let completed = try await shop.send("POST", path + "/order", as: shop.buyer, body: Bodies.cash)
            #expect(completed.verdict == "410 checkout.expired")
            #expect(try await shop.contents() == before)
        }
    }

    @Test(arguments: TestEngine.available)
    func `completing a checkout makes one order, whatever is repeated`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", price: 399, stock: 5)
            let checkout = try await shop.maya.checkout([(jam, 2)])
            let path = "/api/v1/checkouts/\(checkout.id)/order"
            let body: JSON = ["payment_method": "cash_on_delivery", "expected_total": Bodies.pounds(798)]
            let made = try await shop.send("POST", path, as: shop.buyer, key: "once", body: body)
            #expect(made.status == 201)
            #expect(made.headers["idempotency-replayed"] == nil)
            #expect(made["order", "number"] == "#1001")
            #expect(made["order", "status"] == "open")
            #expect(made["order", "payment_status"] == "pending")
            #expect(made["order", "fulfillment_status"] == "unfulfilled")
            #expect(made["order", "totals", "total"] == Bodies.pounds(798))
            #expect(made["order", "placed_at"] == "2026-01-15T09:30:00Z")
            #expect(made["payment", "method"] == "cash_on_delivery")
            #expect(made["payment", "status"] == "pending")
            #expect(made["payment", "redirect_url"] == .null)

            let before = try await shop.contents()
            let again = try await shop.send("POST", path, as: shop.buyer, key: "once", body: body)
            #expect(again.status == 201)
            #expect(again.headers["idempotency-replayed"] == "true")
            #expect(again.body == made.body)
            let other = try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.cash)
            #expect(other.verdict == "422 idempotency_key.reused Idempotency-Key reused")
            let none = try await shop.client.send("POST", path, headers: shop.buyer.headers, body: body.bytes)
            #expect(none.verdict == "400 idempotency_key.missing Idempotency-Key required")
            #expect(try await shop.contents() == before)

            let second = try await shop.send("POST", path, as: shop.buyer, key: "twice", body: Bodies.cash)
            #expect(second.status == 200)
            #expect(second.body == made.body)
            let change = try await shop.send(
                "PATCH", "/api/v1/checkouts/\(checkout.id)", as: shop.buyer, body: ["note": "Late"])
            #expect(change.verdict == "409 checkout.completed")
            let read = try await shop.send("GET", "/api/v1/checkouts/\(checkout.id)", as: shop.buyer)
            #expect(read["status"] == "completed")
            #expect(read["order_id"] == made["order", "id"])
            #expect(try await shop.maya.count(of: .orders) == 1)
            #expect(try await shop.maya.level(jam.id)?.reserved == 2)

            let id = try #require(made["order", "id"]?.string)
            let token = try #require(made["order_token"]?.string)
            let mine = try await shop.send("GET", "/api/v1/orders/\(id)", as: .order(token))
            #expect(try mine.json == made["order"])
            let tagged = try await shop.send(
                "PATCH", "/api/v1/orders/\(id)", as: shop.staff, body: ["tags": ["call before 9"]])
            #expect(tagged["tags"] == ["call before 9"])
            let still = try await shop.send("GET", "/api/v1/orders/\(id)", as: .order(token))
            #expect(still["tags"] == [], "what staff keep for themselves")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a total that differs and stock that lacks are conflicts that change nothing`(
        _ engine: TestEngine
    ) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", price: 399, stock: 2)
            let tart = try await shop.maya.variant("Tarte", stock: 0)
            let checkout = try await shop.maya.checkout([(jam, 2), (tart, 1), (jam, 1)])
            let path = "/api/v1/checkouts/\(checkout.id)/order"
            let before = try await shop.contents()
            let short = try await shop.send("POST", path, as: shop.buyer, body: Bodies.cash)
            #expect(
                short.verdict == "409 stock.insufficient /lines/0/quantity insufficient "
                    + "/lines/1/quantity insufficient /lines/2/quantity insufficient")
            #expect(short["errors"]?.array?.map { $0["available"] } == [2, 0, 2])
            for amount in [1646, 0, -1647] {
                let body: JSON = ["payment_method": "cash_on_delivery", "expected_total": Bodies.pounds(amount)]
                let changed = try await shop.send("POST", path, as: shop.buyer, body: body)
                #expect(changed.verdict == "409 checkout.changed /expected_total changed")
            }
            let yen: JSON = [
                "payment_method": "cash_on_delivery", "expected_total": ["amount": 1647, "currency": "JPY"],
            ]
            let currency = try await shop.send("POST", path, as: shop.buyer, body: yen)
            #expect(currency.verdict == "409 checkout.changed /expected_total changed")
            let card = try await shop.send("POST", path, as: shop.buyer, body: ["payment_method": "card"])
            #expect(card.verdict == "422 validation.failed /return_url required")
            #expect(try await shop.contents() == before)
            #expect(try await shop.maya.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `completing needs somebody to reach and somewhere to send to`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let checkout = try await shop.maya.checkout([(shop.maya.variant(), 1)], contact: Contact())
            let path = "/api/v1/checkouts/\(checkout.id)/order"
            let before = try await shop.contents()
            let reply = try await shop.send("POST", path, as: shop.buyer, key: "k", body: Bodies.cash)
            #expect(reply.verdict == "422 validation.failed /email required /shipping_address required")
            #expect(try await shop.contents() == before)
            let contact: JSON = ["phone": "+49301234567", "shipping_address": Bodies.address]
            _ = try await shop.send("PATCH", "/api/v1/checkouts/\(checkout.id)", as: shop.buyer, body: contact)
            let placed = try await shop.send("POST", path, as: shop.buyer, key: "k", body: Bodies.cash)
            #expect(placed.status == 201)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product that went off sale stops its checkouts`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", stock: 3)
            let checkout = try await shop.maya.checkout([(jam, 1)])
            let path = "/api/v1/checkouts/\(checkout.id)"
            let archived: JSON = ["status": "archived"]
            _ = try await shop.send("PATCH", "/api/v1/products/\(jam.product)", as: shop.staff, body: archived)
            let before = try await shop.contents()
            let placed = try await shop.send("POST", path + "/order", as: shop.buyer, body: Bodies.cash)
            #expect(placed.verdict == "409 variant.unavailable /lines/0/variant_id unavailable")
            #expect(try await shop.contents() == before)
            let read = try await shop.send("GET", path, as: shop.buyer)
            #expect(read.status == 200)
            #expect(read["lines", "0", "title"] == "No longer available")
            #expect(read["totals", "total"] == Bodies.pounds(0))
        }
    }
}
