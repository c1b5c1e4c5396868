import FoundationEssentials
import HTTPOutbound
import Primitives

/// The buyer of a smoke test, and the merchant who cleans up.
struct SmokeBuyer: Sendable {
    /// What a step needs to know of those before.
    struct Purchase: Sendable {
        var variant = ""
        var available: Int64?
        var checkout = ""
        var order = ""
        var token = ""
        var redirect: String?
    }

    private struct Failure: Error {
        let sentence: String
        var code: String?
    }

    private let shop: OutboundClient
    private let keys: SmokeKeys
    private let onStep: @Sendable (Smoke.Step) -> Void
    private let clock = ContinuousClock()

    init(base: String, keys: SmokeKeys, onStep: @escaping @Sendable (Smoke.Step) -> Void) {
        shop = OutboundClient(base: base)
        self.keys = keys
        self.onStep = onStep
    }

    /// Buys by cash, then by card where the store takes cards.
    func buy() async -> Bool {
        guard
            await step(
                "the server is ready",
                { _ in
                    _ = try await ask(200, .get, "/health/ready", [])
                    return "200"
                })
        else { return false }
        guard await purchase("cash_on_delivery") else { return false }
        return await purchase("card")
    }

    private func purchase(_ method: String) async -> Bool {
        let words = method == "card" ? "by card" : "by cash on delivery"
        var purchase = Purchase()
        var isWell = await step("a product is for sale", &purchase) { try await findVariant(&$0) }
        guard isWell else { return false }
        isWell = await step("a checkout opens", &purchase) { try await openCheckout(&$0) }
        guard isWell else { return false }
        isWell = await step("an order is placed \(words)", &purchase) { try await placeOrder(&$0, method) }
        guard isWell, !purchase.order.isEmpty else { return isWell }
        if method == "card" { isWell = await step("it is paid", &purchase) { try await pay(&$0) } }
        isWell = await step("its buyer reads it", &purchase) { try await readOrder(&$0) } && isWell
        isWell = await step("its page opens", &purchase) { try await openPage(&$0) } && isWell
        isWell = await step("it is tagged as a test and canceled", &purchase) { try await cancel(&$0) } && isWell
        return await step("its units are back", &purchase) { try await lookAtStock(&$0) } && isWell
    }

    // MARK: Steps

    private func findVariant(_ purchase: inout Purchase) async throws -> String {
        let page = try await ask(200, .get, "/api/v1/products?limit=50", buyer)
        for product in page["data"]?.array ?? [] {
            for variant in product["variants"]?.array ?? [] {
                let available = variant["available"]?.integer
                guard available != 0, let id = variant["id"]?.string else { continue }
                (purchase.variant, purchase.available) = (id, available.map(Int64.init))
                return product["title"]?.string ?? id
            }
        }
        throw Failure(sentence: "None of the first 50 products is in stock.")
    }

    private func openCheckout(_ purchase: inout Purchase) async throws -> String {
        let checkout = try await ask(
            201, .post, "/api/v1/checkouts", buyer,
            [
                "lines": [["variant_id": JSON(purchase.variant), "quantity": 1]], "phone": "+442079460000",
                "note": "Smoke test: do not deliver.",
                "shipping_address": [
                    "name": "Smoke test", "line1": "1 Test Row", "city": "London", "postal_code": "EC1A 1BB",
                    "country": "GB",
                ],
            ])
        purchase.checkout = checkout["id"]?.string ?? ""
        return "\(checkout["totals"]?["total"]?["amount"]?.integer ?? 0) minor units"
    }

    private func placeOrder(_ purchase: inout Purchase, _ method: String) async throws -> String {
        var body: JSONObject = ["payment_method": JSON(method)]
        if method == "card" { body["return_url"] = "https://smoke.example/back" }
        let key = ("Idempotency-Key", "smoke-\(UUID().uuidString)")
        let path = "/api/v1/checkouts/\(purchase.checkout)/order"
        let placed: JSON
        do {
            placed = try await ask(201, .post, path, buyer + [key], .object(body))
        } catch let failure as Failure where failure.code == "payment_method.unavailable" && method == "card" {
            return "skipped: the store takes no cards"
        }
        guard let order = placed["order"]?["id"]?.string, let token = placed["order_token"]?.string else {
            throw Failure(sentence: "The answer has no order.")
        }
        (purchase.order, purchase.token) = (order, token)
        purchase.redirect = placed["payment"]?["redirect_url"]?.string
        return placed["order"]?["number"]?.string ?? order
    }

    private func pay(_ purchase: inout Purchase) async throws -> String {
        guard let redirect = purchase.redirect else { throw Failure(sentence: "The payment has no page.") }
        let page = OutboundClient(base: redirect)
        let opened = try await page.send(OutboundRequest(.get, ""))
        guard opened.status < 400 else { throw Failure(sentence: "The payment page answers \(opened.status).") }
        // Stripe's own pages are encrypted; only a simulator's is not.
        guard redirect.hasPrefix("http://") else { return "the page opens; not paid, because the money would be real" }
        _ = try await page.send(
            OutboundRequest(
                .post, "", headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array("outcome=success&email=smoke%40example.com".utf8)))
        for _ in 0..<100 {
            let order = try await ask(200, .get, "/api/v1/orders/\(purchase.order)", buyerOf(purchase))
            if order["payment_status"]?.string == "paid" { return "the webhook has arrived" }
            try await clock.sleep(for: .milliseconds(100))
        }
        throw Failure(sentence: "The order was not marked as paid within 10 s: look at the webhooks and the jobs.")
    }

    private func readOrder(_ purchase: inout Purchase) async throws -> String {
        let order = try await ask(200, .get, "/api/v1/orders/\(purchase.order)", buyerOf(purchase))
        guard order["status"]?.string == "open", order["lines"]?.array?.count == 1 else {
            throw Failure(sentence: "The order is not as it was placed.")
        }
        let events = try await ask(200, .get, "/api/v1/orders/\(purchase.order)/events", staff)
        guard events["data"]?.array?.first?["type"]?.string == "order.placed" else {
            throw Failure(sentence: "Its timeline does not begin with order.placed.")
        }
        return "\(events["data"]?.array?.count ?? 0) events"
    }

    private func openPage(_ purchase: inout Purchase) async throws -> String {
        let path = "/orders/\(purchase.order)/\(purchase.token)"
        let answer = try await shop.send(OutboundRequest(.get, path, headers: [("Accept", "text/html")]))
        guard answer.status == 200 else { throw Failure(sentence: "Its page answers \(answer.status).") }
        return "\(answer.body.count) bytes"
    }

    private func cancel(_ purchase: inout Purchase) async throws -> String {
        let path = "/api/v1/orders/\(purchase.order)"
        _ = try await ask(200, .patch, path, staff, ["tags": ["test"]])
        let canceled = try await ask(
            201, .post, path + "/cancellation", staff, ["reason": "Smoke test", "restock": true])
        guard canceled["status"]?.string == "canceled" else { throw Failure(sentence: "The order is not canceled.") }
        return "payment \(canceled["payment_status"]?.string ?? "?")"
    }

    private func lookAtStock(_ purchase: inout Purchase) async throws -> String {
        guard purchase.available != nil else { return "not tracked" }
        let stock = try await ask(200, .get, "/api/v1/variants/\(purchase.variant)/stock", staff)
        guard let onHand = stock["on_hand"]?.integer, let reserved = stock["reserved"]?.integer else {
            throw Failure(sentence: "The stock cannot be read.")
        }
        // Others may buy at the same time, so the number itself proves nothing; that it adds up does.
        guard stock["available"]?.integer == onHand - reserved, reserved >= 0 else {
            throw Failure(sentence: "The stock does not add up.")
        }
        return "\(onHand) on hand, \(reserved) reserved"
    }

    // MARK: Asking

    private var buyer: [(name: String, value: String)] { [("Shipshape-Key", keys.publishable)] }
    private var staff: [(name: String, value: String)] { [("Authorization", "Bearer \(keys.secret)")] }

    private func buyerOf(_ purchase: Purchase) -> [(name: String, value: String)] {
        [("Order-Token", purchase.token)]
    }

    private func ask(
        _ status: Int, _ method: OutboundRequest.Method, _ path: String, _ headers: [(name: String, value: String)],
        _ body: JSON? = nil
    ) async throws -> JSON {
        let type = body == nil ? [] : [(name: "Content-Type", value: "application/json")]
        let answer: OutboundAnswer
        do {
            answer = try await shop.send(OutboundRequest(method, path, headers: headers + type, body: body?.bytes))
        } catch {
            throw Failure(sentence: "\(method.rawValue) \(path): the server cannot be reached (\(error.code)).")
        }
        // ignored: what is no document is told by its status
        let document = (try? JSON(parsing: answer.body)) ?? .null
        guard answer.status == status else {
            let detail = document["detail"]?.string ?? "no reason given"
            throw Failure(
                sentence: "\(method.rawValue) \(path) answers \(answer.status): \(detail)",
                code: document["code"]?.string)
        }
        return document
    }

    func step(_ name: String, _ work: (Int) async throws -> String) async -> Bool {
        var none = Purchase()
        return await step(name, &none) { _ in try await work(0) }
    }

    private func step(
        _ name: String, _ purchase: inout Purchase, _ work: (inout Purchase) async throws -> String
    ) async -> Bool {
        var step = Smoke.Step(name: name, detail: "", failure: nil, milliseconds: 0)
        let start = clock.now
        do {
            step.detail = try await work(&purchase)
        } catch let failure as Failure {
            step.failure = failure.sentence
        } catch {
            step.failure = Refusal.sentence(for: error)
        }
        step.milliseconds = Int((clock.now - start) / .milliseconds(1))
        report(step)
        return step.failure == nil
    }

    private func report(_ step: Smoke.Step) { onStep(step) }
}
