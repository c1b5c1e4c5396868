import Catalog
import Customers
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct PriceEndpointTests {
    @Test(arguments: TestEngine.available)
    func `buyers see and pay prices in the currency that they name`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", price: 450)
            try await shop.sell(in: "EUR", rate: "1.15", step: 5)
            let product = "/api/v1/products/\(jam.product)"
            let euro: JSON = ["amount": 520, "currency": "EUR"]
            for path in ["\(product)?currency=EUR", "/api/v1/products?currency=EUR"] {
                let reply = try await shop.send("GET", path, as: shop.buyer)
                let found = try reply["data", "0"] ?? reply.json
                #expect(found["variants"]?.array?.first?["price"] == euro, "\(path)")
            }
            // Searched and filtered in pounds, told in euros.
            let found = try await shop.send(
                "GET", "/api/v1/products?query=jam&max_price=450&facets=true&currency=EUR", as: shop.buyer)
            #expect(found["data", "0", "variants"]?.array?.first?["price"] == euro)
            #expect(found["facets", "highest_price"] == Bodies.pounds(450))
            #expect(
                try await shop.send("GET", "\(product)/related?currency=JPY", as: shop.buyer).verdict
                    == "422 validation.failed ?currency unavailable")
            let own = try await shop.send("GET", product, as: shop.buyer)
            #expect(own["variants", "0", "price"] == Bodies.pounds(450))
            let yen = try await shop.send("GET", "\(product)?currency=JPY", as: shop.buyer)
            #expect(yen.verdict == "422 validation.failed ?currency unavailable")
            var body = try #require(Bodies.checkout([(jam.id, 2)]).object)
            body["currency"] = "JPY"
            let refused = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: .object(body))
            #expect(refused.verdict == "422 validation.failed /currency unavailable")
            body["currency"] = "EUR"
            let checkout = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: .object(body))
            #expect(checkout["currency"] == "EUR")
            #expect(checkout["lines", "0", "unit_price"] == euro)
            #expect(checkout["totals", "total"] == ["amount": 1040, "currency": "EUR"])
            let path = "/api/v1/checkouts/\(checkout["id"]?.string ?? "")"
            let wrong = try await shop.send(
                "POST", "\(path)/order", as: shop.buyer,
                body: ["payment_method": "cash_on_delivery", "expected_total": Bodies.pounds(1040)])
            #expect(wrong.verdict == "409 checkout.changed /expected_total changed")
            let placed = try await shop.send(
                "POST", "\(path)/order", as: shop.buyer,
                body: [
                    "payment_method": "cash_on_delivery", "expected_total": ["amount": 1040, "currency": "EUR"],
                ])
            #expect(placed["order", "currency"] == "EUR")
            #expect(placed["payment", "amount"] == ["amount": 1040, "currency": "EUR"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a price list is seen at once by buyers and left out for staff`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", price: 450)
            let product = "/api/v1/products/\(jam.product)"
            #expect(try await shop.send("GET", product, as: shop.buyer)["variants", "0", "price"] == Bodies.pounds(450))
            let list = try await shop.send(
                "POST", "/api/v1/price_lists", as: shop.staff, body: ["name": "Sale", "currency": "GBP"])
            let path = "/api/v1/price_lists/\(list["id"]?.string ?? "")"
            let set = try await shop.send(
                "PUT", "\(path)/prices", as: shop.staff,
                body: [
                    "prices": [
                        [
                            "variant_id": JSON(jam.id), "price": Bodies.pounds(400),
                            "compare_at_price": Bodies.pounds(450),
                        ]
                    ]
                ])
            #expect(set["prices_count"] == 1)
            let seen = try await shop.send("GET", product, as: shop.buyer)
            #expect(seen["variants", "0", "price"] == Bodies.pounds(400))
            #expect(seen["variants", "0", "compare_at_price"] == Bodies.pounds(450))
            let staff = try await shop.send("GET", product, as: shop.staff)
            #expect(staff["variants", "0", "price"] == Bodies.pounds(450))
            let asked = try await shop.send("GET", "\(product)?currency=GBP", as: shop.staff)
            #expect(asked["variants", "0", "price"] == Bodies.pounds(400))
            let prices = try await shop.send("GET", "\(path)/prices", as: shop.staff)
            #expect(prices["data", "0", "variant_id"] == JSON(jam.id))
            let ended = try await shop.send(
                "PATCH", path, as: shop.staff, body: ["ends_at": "2001-01-01T00:00:00Z"])
            #expect(ended.status == 200)
            #expect(try await shop.send("GET", product, as: shop.buyer)["variants", "0", "price"] == Bodies.pounds(450))
            let again = try await shop.send("PATCH", path, as: shop.staff, body: ["ends_at": ""])
            #expect(again["ends_at"] == .null)
            #expect(try await shop.send("DELETE", "\(path)/prices/\(jam.id)", as: shop.staff).status == 204)
            #expect(try await shop.send("GET", product, as: shop.buyer)["variants", "0", "price"] == Bodies.pounds(450))
        }
    }

    @Test(arguments: TestEngine.available)
    func `only a secret key names a customer, whose group's prices count`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let jam = try await shop.maya.variant("Jam", price: 450)
            let group = try await shop.customerGroup()
            let customer = try await shop.customer()
            _ = try await shop.send(
                "PATCH", "/api/v1/customers/\(customer.id)", as: shop.staff, body: ["group_ids": [JSON(group.id)]])
            _ = try await shop.maya.priceList("Trade", group: group.id, adjustmentPPM: -200_000)
            shop.maya.clock.advance(seconds: 1)
            var body = try #require(Bodies.checkout([(jam.id, 1)]).object)
            body["customer_id"] = JSON(customer.id)
            let buyer = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: .object(body))
            #expect(buyer.verdict == "422 validation.failed /customer_id unexpected")
            let staff = try await shop.send("POST", "/api/v1/checkouts", as: shop.staff, body: .object(body))
            #expect(staff["totals", "total"] == Bodies.pounds(360))
            let id = staff["id"]?.string ?? ""
            let read = try await shop.send("GET", "/api/v1/checkouts/\(id)", as: shop.buyer)
            #expect(read["totals", "total"] == Bodies.pounds(360))
            body["customer_id"] = "cus_00000000000000000000000000"
            let nobody = try await shop.send("POST", "/api/v1/checkouts", as: shop.staff, body: .object(body))
            #expect(nobody.verdict == "422 validation.failed /customer_id unknown")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a currency is kept, listed and dropped`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let kept = try await shop.send(
                "PUT", "/api/v1/currencies/KWD", as: shop.staff,
                body: ["rate": "0.390", "rated_at": "2026-01-02T00:00:00Z"])
            #expect(kept["rate"] == "0.39")
            #expect(kept["exponent"] == 3)
            // Cards are charged no less than ten fils.
            #expect(kept["rounding_step"] == 10)
            for (path, body, verdict) in [
                ("KWD", [:], "422 validation.failed /rate required"),
                ("GBP", ["rate": "1"], "422 validation.failed /rate unexpected"),
                ("KWD", ["rate": "1", "rounding_offset": 1], "422 validation.failed /rounding_step required"),
                (
                    "KWD", ["rate": "1", "rounding_step": 5, "rounding_offset": 5],
                    "422 validation.failed /rounding_offset exceeds_step"
                ), ("XXX", ["rate": "1"], "404 not_found"),
            ] as [(String, JSON, String)] {
                let reply = try await shop.send("PUT", "/api/v1/currencies/\(path)", as: shop.staff, body: body)
                #expect(reply.verdict == verdict)
            }
            let list = try await shop.send("GET", "/api/v1/currencies", as: shop.buyer)
            #expect(list["currencies"]?.array?.map { $0["currency"] } == ["GBP", "KWD"])
            #expect(list["currencies", "0", "is_base"] == true)
            for wrong in ["kwd", "KW", "KWDD", "XXX", "..", "%00", "cur_1", "EUR"] {
                let reply = try await shop.send("DELETE", "/api/v1/currencies/\(wrong)", as: shop.staff)
                #expect(reply.verdict == "404 not_found", "\(wrong)")
            }
            #expect(try await shop.send("DELETE", "/api/v1/currencies/KWD", as: shop.staff).status == 204)
            #expect(try await shop.send("DELETE", "/api/v1/currencies/GBP", as: shop.staff).status == 404)
        }
    }
}
