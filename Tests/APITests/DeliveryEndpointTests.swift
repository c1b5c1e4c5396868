import Catalog
import Orders
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct DeliveryEndpointTests {
    private static let settings = "/api/v1/settings/delivery"

    @Test(arguments: TestEngine.available)
    func `a new store delivers everywhere, free, until it is told otherwise`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let fresh = try await shop.send("GET", Self.settings, as: shop.staff)
            #expect(fresh["version"] == 0)
            #expect(fresh["methods"]?.array?.count == 1)
            #expect(fresh["methods", "0", "id"] == "standard")
            #expect(fresh["zones", "0", "everywhere_else"] == true)

            let saved = try await shop.send(
                "PUT", Self.settings, as: shop.staff, body: DeliverySamples.body(version: 0))
            #expect(saved.status == 200)
            #expect(saved["version"] == 1)
            let read = try await shop.send("GET", Self.settings, as: shop.staff)
            #expect(read.body == saved.body)
            // What is answered can be sent again.
            let again = try await shop.send("PUT", Self.settings, as: shop.staff, body: read.json)
            #expect(again["version"] == 2)
            let before = try await shop.contents()
            let stale = try await shop.send("PUT", Self.settings, as: shop.staff, body: read.json)
            #expect(stale.verdict == "409 delivery_settings.changed /version changed")
            #expect(try await shop.contents() == before)
        }
    }

    @Test(arguments: TestEngine.available)
    func `settings that make no sense are refused with the places of all mistakes`(
        _ engine: TestEngine
    ) async throws {
        try await LiveShop.open(engine) { shop in
            let yen: JSON = ["amount": 5, "currency": "JPY"]
            let before = try await shop.contents()
            let strange: JSON = [
                "version": 0, "time_zone": "Europe/Atlantis",
                "methods": [
                    ["id": "a", "title": "A", "kind": "shipping", "zones": ["nowhere"]],
                    ["id": "a", "title": "B", "kind": "pickup"],
                ],
            ]
            let reply = try await shop.send("PUT", Self.settings, as: shop.staff, body: strange)
            #expect(
                reply.faults == [
                    "/time_zone unknown", "/methods/1/id duplicate", "/methods/0/zones/0 unknown",
                    "/methods/1/location required",
                ])
            let foreign: JSON = [
                "version": 0, "time_zone": "UTC",
                "methods": [
                    [
                        "id": "a", "title": "A", "kind": "shipping", "free_from": yen,
                        "rate": ["basis": "weight", "steps": [["from": 0, "price": yen]]],
                    ]
                ],
            ]
            let wrong = try await shop.send("PUT", Self.settings, as: shop.staff, body: foreign)
            #expect(
                wrong.faults == [
                    "/methods/0/rate/steps/0/price/currency currency_mismatch",
                    "/methods/0/free_from/currency currency_mismatch",
                ])
            #expect(try await shop.contents() == before)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a buyer sees the methods of the address, chooses a window and gets it`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            try await shop.configureDelivery()
            let jam = try await shop.maya.variant(price: 450, stock: 5)
            let made = try await shop.send(
                "POST", "/api/v1/checkouts", as: shop.buyer,
                body: ["lines": [["variant_id": JSON(jam.id), "quantity": 1]], "email": "zoë@example.com"])
            #expect(made["delivery_method"] == "standard", "the only one that is certain without an address")
            #expect(made["unavailable_delivery_methods", "0", "reason"] == "address_needed")
            let path = "/api/v1/checkouts/\(try #require(made["id"]?.string))"

            let there = try await shop.send(
                "PATCH", path, as: shop.buyer, body: ["shipping_address": DeliverySamples.neighbour])
            #expect(there["delivery_method"] == "standard", "the first that ships, until another is chosen")
            #expect(there["delivery_problems"] == [])
            #expect(there["delivery_methods", "1", "id"] == "van")
            #expect(there["delivery_methods", "1", "price"] == Bodies.pounds(250))
            #expect(there["time_zone"] == "Europe/London")
            #expect(
                there["delivery_methods", "1", "windows"]?.array?.compactMap { $0["id"]?.string }
                    == DeliverySamples.windows)
            #expect(
                there["delivery_methods", "1", "windows", "0"] == [
                    "id": "van.1768557600", "starts_at": "2026-01-16T10:00:00Z", "ends_at": "2026-01-16T12:00:00Z",
                    "date": "2026-01-16", "available": 20,
                ])

            let chosen = try await shop.send(
                "PATCH", path, as: shop.buyer, body: ["delivery_window": .string(DeliverySamples.windows[0])])
            #expect(chosen["delivery_method"] == "van")
            #expect(chosen["delivery_window"] == "van.1768557600")
            #expect(chosen["totals", "shipping"] == Bodies.pounds(250))
            #expect(chosen["delivery_problems"] == [])
            let before = try await shop.contents()
            let past = try await shop.send(
                "PATCH", path, as: shop.buyer, body: ["delivery_window": "van.1768557601"])
            #expect(past.verdict == "422 validation.failed /delivery_window unavailable")
            #expect(try await shop.contents() == before)

            let placed = try await shop.send(
                "POST", "\(path)/order", as: shop.buyer,
                body: ["payment_method": "cash_on_delivery", "expected_total": Bodies.pounds(700)])
            #expect(placed.status == 201)
            #expect(placed["order", "delivery", "title"] == "Our van")
            #expect(placed["order", "delivery", "window", "starts_at"] == "2026-01-16T10:00:00Z")
            let after = try await shop.send("GET", path, as: shop.buyer)
            #expect(after["delivery_methods", "1", "windows", "0", "available"] == 19)
        }
    }

    @Test(arguments: TestEngine.available)
    func `windows are listed page by page`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            try await shop.configureDelivery()
            let jam = try await shop.maya.variant()
            let made = try await shop.send(
                "POST", "/api/v1/checkouts", as: shop.buyer,
                body: [
                    "lines": [["variant_id": JSON(jam.id), "quantity": 1]],
                    "shipping_address": DeliverySamples.neighbour,
                ])
            let path = "/api/v1/checkouts/\(try #require(made["id"]?.string))/delivery_windows"
            let first = try await shop.send("GET", "\(path)?method=van&limit=1", as: shop.buyer)
            #expect(first["data"]?.array?.compactMap { $0["id"]?.string } == [DeliverySamples.windows[0]])
            let after = try #require(first["next_cursor"]?.string)
            let second = try await shop.send("GET", "\(path)?method=van&limit=5&after=\(after)", as: shop.buyer)
            #expect(second["data"]?.array?.compactMap { $0["id"]?.string } == [DeliverySamples.windows[1]])
            #expect(second["next_cursor"] == .null)
            let none = try await shop.send("GET", "\(path)?method=standard", as: shop.buyer)
            #expect(none.verdict == "422 validation.failed ?method unavailable")
        }
    }

    @Test(arguments: TestEngine.available)
    func `staff move an order to another window`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let order = try await shop.orderWithWindow()
            let path = "/api/v1/orders/\(order.id)/delivery_window"
            let moved = try await shop.send(
                "PUT", path, as: shop.staff, body: ["delivery_window": .string(DeliverySamples.windows[1])])
            #expect(moved["delivery", "window", "starts_at"] == "2026-01-23T10:00:00Z")
            let events = try await shop.send("GET", "/api/v1/orders/\(order.id)/events", as: shop.staff)
            #expect(events["data", "1", "type"] == "order.delivery_moved")
            #expect(events["data", "1", "data", "from"] == "2026-01-16T10:00:00Z")
            let plain = try await shop.placedOrder()
            let refused = try await shop.send(
                "PUT", "/api/v1/orders/\(plain.id)/delivery_window", as: shop.staff,
                body: ["delivery_window": .string(DeliverySamples.windows[1])])
            #expect(refused.verdict == "409 order.not_movable")
        }
    }
}
