import Catalog
import HTTPServer
import Orders
import Payments
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

/// Paying by card over HTTP.
struct PaymentEndpointTests {
    @Test(arguments: TestEngine.available)
    func `an order by card is answered with the page to pay on, and replayed`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let (path, _) = try await Self.checkout(in: shop)
            let reply = try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.card)
            #expect(reply.status == 201)
            #expect(reply["payment", "status"] == "pending")
            #expect(reply["payment", "redirect_url"]?.string?.hasPrefix("https://pay.example/cs_pay_") == true)
            #expect(reply["order", "payment_status"] == "pending")
            let again = try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.card)
            #expect(again.status == 201)
            #expect(again.body == reply.body)
            #expect(again.headers["idempotency-replayed"] == "true")
            let other = try await shop.send("POST", path, as: shop.buyer, key: "another", body: Bodies.card)
            #expect(other.status == 200)
            #expect(other.body == reply.body)
            #expect(shop.maya.provider.opened.count == 1)
            #expect(try await shop.maya.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `one key sent many times at once opens one page`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let (path, _) = try await Self.checkout(in: shop)
            let replies = try await shop.together(8) { _ in
                try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.card)
            }
            let verdicts = Set(replies.map { $0.status == 201 ? "201" : $0.verdict })
            #expect(verdicts.isSubset(of: ["201", "409 idempotency_key.in_progress"]))
            #expect(Set(replies.filter { $0.status == 201 }.map(\.body)).count == 1)
            #expect(shop.maya.provider.opened.count == 1)
            #expect(try await shop.maya.count(of: .orders) == 1)
            #expect(try await shop.maya.count(of: .payments) == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a request that died on the way goes on when it is sent again`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let (path, checkout) = try await Self.checkout(in: shop)
            let reply = try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.card)
            let order = try #require(reply["order", "id"]?.identifier(IdentifierKinds.Order.self))
            let payment = try #require(reply["payment", "id"]?.identifier(IdentifierKinds.Payment.self))
            // As the process leaves it that dies between the commit and the call to the provider.
            try await shop.maya.database.write("test.crash") { tx in
                try tx.execute("UPDATE idempotency_keys SET status = NULL, body = NULL")
                try tx.execute(
                    """
                    UPDATE payments SET session = NULL, redirect_url = NULL,
                        leased_until = \(tx.now.adding(seconds: Payment.leaseSeconds)) WHERE id = \(payment)
                    """)
            }
            let early = try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.card)
            #expect(early.verdict == "409 idempotency_key.in_progress")
            shop.maya.clock.advance(seconds: Payment.leaseSeconds)
            let late = try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.card)
            #expect(late.status == 201)
            #expect(late["order", "id"] == JSON(order))
            #expect(late["payment"] == reply["payment"])
            #expect(try await shop.maya.payments(of: order).count == 1)
            let replay = try await shop.send("POST", path, as: shop.buyer, key: "once", body: Bodies.card)
            #expect(replay.body == late.body)
            #expect(replay.headers["idempotency-replayed"] == "true")
            _ = checkout
        }
    }

    @Test(arguments: TestEngine.available)
    func `a provider that cannot be reached is no error, and is tried again`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let (path, _) = try await Self.checkout(in: shop)
            shop.maya.provider.fail(.unreachable(code: "provider_timeout"))
            let reply = try await shop.send("POST", path, as: shop.buyer, body: Bodies.card)
            #expect(reply.status == 201)
            #expect(reply["payment", "status"] == "failed")
            #expect(reply["payment", "failure_code"] == "provider_timeout")
            #expect(reply["payment", "redirect_url"] == .null)
            let id = try #require(reply["order", "id"]?.string)
            let token = try #require(reply["order_token"]?.string)
            let retry = try await shop.send(
                "POST", "/api/v1/orders/\(id)/payments", as: .order(token), key: "retry", body: Bodies.card)
            #expect(retry.status == 201)
            #expect(retry["payment", "status"] == "pending")
            #expect(retry["payment", "id"] != reply["payment", "id"])
            let replay = try await shop.send(
                "POST", "/api/v1/orders/\(id)/payments", as: .order(token), key: "retry", body: Bodies.card)
            #expect(replay.body == retry.body)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a retry that is refused leaves its key free`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let (order, _) = try await shop.maya.orderByCard([(shop.maya.variant(stock: 3), 1)])
            let path = "/api/v1/orders/\(order.id)/payments"
            shop.maya.clock.advance(seconds: Payment.lifetimeSeconds)
            for _ in 0..<2 {
                let reply = try await shop.send("POST", path, as: shop.staff, key: "late", body: Bodies.card)
                #expect(reply.verdict == "410 payment.too_late")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a card needs an address to return to, and a store that takes cards`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let (path, _) = try await Self.checkout(in: shop)
            let lacking = try await shop.send("POST", path, as: shop.buyer, body: ["payment_method": "card"])
            #expect(lacking.verdict == "422 validation.failed /return_url required")
            for address in ["ftp://shop.example/", "javascript:alert(1)", "/thanks"] {
                let reply = try await shop.send(
                    "POST", path, as: shop.buyer, body: ["payment_method": "card", "return_url": .string(address)])
                #expect(reply.status == 422)
            }
            let variant = try await Self.ottosVariant(in: shop)
            let foreign = try await shop.otto.checkout([(variant, 1)])
            let otto = Credential.publishable(shop.keys.ottoPublishable)
            let refused = try await shop.send(
                "POST", "/api/v1/checkouts/\(foreign.id)/order", as: otto, body: Bodies.card)
            #expect(refused.verdict == "422 payment_method.unavailable /payment_method unavailable")
            #expect(try await shop.maya.count(of: .orders) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a webhook is answered once it is stored, and pays the order`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let (order, payment) = try await shop.maya.orderByCard([(shop.maya.variant(stock: 3), 1)])
            let event = ScriptedEvent("paid", of: payment, store: shop.maya.store.id)
            let path = "/api/v1/webhooks/stripe/default"
            let signed = Credential(headers: [("Stripe-Signature", "genuine")])
            for _ in 0..<2 {
                let reply = try await shop.send("POST", path, as: signed, bytes: event.body)
                #expect(reply.status == 200)
            }
            let forged = Credential(headers: [("Stripe-Signature", "forged")])
            #expect(try await shop.send("POST", path, as: forged, bytes: event.body).verdict == "400 signature.invalid")
            #expect(try await shop.send("POST", path, as: .nobody, bytes: []).verdict == "400 signature.invalid")
            for unknown in ["/api/v1/webhooks/stripe/con_x", "/api/v1/webhooks/paypal/default"] {
                #expect(try await shop.send("POST", unknown, as: signed, bytes: event.body).verdict == "404 not_found")
            }
            #expect(try await shop.maya.workOnPayments() == ["payments.process_event"])
            #expect(try await shop.maya.order(order.id)?.paymentStatus == .paid)
        }
    }

    private static func checkout(in shop: LiveShop) async throws -> (path: String, id: CheckoutID) {
        let checkout = try await shop.maya.checkout([(shop.maya.variant("Jam", stock: 5), 2)])
        return ("/api/v1/checkouts/\(checkout.id)/order", checkout.id)
    }

    private static func ottosVariant(in shop: LiveShop) async throws -> Variant {
        try await shop.otto.variant(stock: 3)
    }
}
