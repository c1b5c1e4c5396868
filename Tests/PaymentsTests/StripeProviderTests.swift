import Catalog
import HTTPOutbound
import Logging
import Orders
import Payments
import Persistence
import Primitives
import ShopWorld
import Simulators
import Stores
import TestSupport
import Testing

@testable import PaymentsStripe

/// The adapter against the simulated Stripe, over HTTP.
struct StripeProviderTests {
    @Test func `one payment has one page, however often it is asked for`() async throws {
        try await Desk.open { desk in
            let first = try await desk.provider.open(desk.request, with: Desk.credentials, requestID: "req-1")
            let second = try await desk.provider.open(desk.request, with: Desk.credentials, requestID: "req-2")
            #expect(first == second)
            #expect(first.url.hasPrefix("http://127.0.0.1:"))
            let report = try await desk.provider.lookUp(session: first.id, with: Desk.credentials, requestID: nil)
            #expect(report.state == .open)
            #expect(report.payment == desk.request.payment.id)
            #expect(report.store == desk.request.store)
            #expect(report.session == first.id)
            #expect(report.amount == desk.request.payment.amount)
        }
    }

    @Test func `a page that is paid on is paid, and cannot be closed any more`() async throws {
        try await Desk.open { desk in
            let session = try await desk.provider.open(desk.request, with: Desk.credentials, requestID: nil)
            try await desk.pay(session, "success")
            for report in [
                try await desk.provider.lookUp(session: session.id, with: Desk.credentials, requestID: nil),
                try await desk.provider.expire(session: session.id, with: Desk.credentials, requestID: nil),
            ] {
                #expect(report.state == .paid)
                #expect(report.amount == desk.request.payment.amount)
                #expect(report.intent?.hasPrefix("pi_") == true)
            }
        }
    }

    @Test(arguments: [("JPY", "187.3", 1686), ("KWD", "0.39", 3520)])
    func `a payment in a currency of none or three decimals is paid to the unit`(
        _ code: String, _ rate: String, _ amount: Int64
    ) async throws {
        try await Desk.open(in: code, rate: rate) { desk in
            let currency = try #require(Currency(code))
            #expect(desk.request.payment.amount == (try Money(amount, currency)))
            #expect(desk.request.lines.map(\.unitPrice) == [try Money(amount / 2, currency)])
            let session = try await desk.provider.open(desk.request, with: Desk.credentials, requestID: nil)
            try await desk.pay(session, "success")
            let report = try await desk.provider.lookUp(session: session.id, with: Desk.credentials, requestID: nil)
            #expect(report.state == .paid)
            #expect(report.amount == desk.request.payment.amount)
        }
    }

    @Test func `a declined card leaves the page open`() async throws {
        try await Desk.open { desk in
            let session = try await desk.provider.open(desk.request, with: Desk.credentials, requestID: nil)
            try await desk.pay(session, "card_declined")
            let report = try await desk.provider.lookUp(session: session.id, with: Desk.credentials, requestID: nil)
            #expect(report.state == .open)
        }
    }

    @Test func `a page is closed once and stays closed`() async throws {
        try await Desk.open { desk in
            let session = try await desk.provider.open(desk.request, with: Desk.credentials, requestID: nil)
            for _ in 0..<2 {
                let report = try await desk.provider.expire(
                    session: session.id, with: Desk.credentials, requestID: nil)
                #expect(report.state == .expired)
            }
        }
    }

    @Test(arguments: ["server_error", "rate_limit", "timeout_after_success"])
    func `one fault is survived under the same key`(_ fault: String) async throws {
        try await Desk.open { desk in
            try await desk.fault(["kind": .string(fault), "count": 1, "seconds": 0])
            let session = try await desk.provider.open(desk.request, with: Desk.credentials, requestID: nil)
            let again = try await desk.provider.open(desk.request, with: Desk.credentials, requestID: nil)
            #expect(session == again)
        }
    }

    @Test func `a provider that stays away is told as such`() async throws {
        try await Desk.open { desk in
            try await desk.fault(["kind": "server_error", "count": 2])
            await #expect(throws: ProviderFault.unreachable(code: "api_error")) {
                try await desk.provider.open(desk.request, with: Desk.credentials, requestID: nil)
            }
        }
        let nobody = StripeProvider(address: "http://127.0.0.1:1")
        await #expect(throws: ProviderFault.unreachable(code: "provider_unreachable")) {
            try await nobody.lookUp(session: "cs_1", with: Desk.credentials, requestID: nil)
        }
    }

    @Test func `where webhooks are sent to is told`() async throws {
        try await Desk.open { desk in
            #expect(try await desk.provider.webhookEndpoints(with: Desk.credentials).isEmpty)
            try await desk.register("https://shop.example/a", events: ["checkout.session.completed", "charge.updated"])
            try await desk.register("https://shop.example/b", events: ["*"])
            let endpoints = try await desk.provider.webhookEndpoints(with: Desk.credentials)
            let (some, all) = try #require(
                endpoints.first { $0.url.hasSuffix("/a") }.flatMap { a in
                    endpoints.first { $0.url.hasSuffix("/b") }.map { (a, $0) }
                })
            #expect(some.isEnabled && all.isEnabled)
            #expect(all.missingEvents.isEmpty)
            #expect(
                some.missingEvents == [
                    "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
                    "checkout.session.expired", "payment_intent.payment_failed",
                ])
            let stranger = ProviderCredentials(secretKey: Secret("nonsense"), webhookSecrets: [])
            await #expect(throws: ProviderFault.self) {
                try await desk.provider.webhookEndpoints(with: stranger)
            }
        }
    }

    @Test func `an unknown page and a wrong key are told apart`() async throws {
        try await Desk.open { desk in
            await #expect(throws: ProviderFault.refused(code: "resource_missing")) {
                try await desk.provider.lookUp(session: "cs_test_none", with: Desk.credentials, requestID: nil)
            }
            let stranger = ProviderCredentials(secretKey: Secret("nonsense"), webhookSecrets: [])
            let failure = await #expect(throws: ProviderFault.self) {
                try await desk.provider.lookUp(session: "cs_test_none", with: stranger, requestID: nil)
            }
            guard case .unreachable = failure else {
                Issue.record("A key that is refused says nothing about a payment: \(String(describing: failure))")
                return
            }
        }
    }
}

/// A running simulator, and a payment to open pages for.
private struct Desk: Sendable {
    static let credentials = ProviderCredentials(
        secretKey: Secret("sk_test_of_these_tests"), webhookSecrets: [Secret("whsec_1")])

    let address: String
    let request: SessionRequest

    var provider: StripeProvider { StripeProvider(address: address) }

    /// - Parameters: a currency that the order is in, and how much of it is a pound.
    static func open(
        in code: String? = nil, rate: String = "1", _ body: (Desk) async throws -> Void
    ) async throws {
        var quiet = Logger(label: "test")
        quiet.logLevel = .critical
        let simulator = try await StripeSimulator(logger: quiet).start()
        do {
            // A page opens for half an hour from now, so the world's clock has to be the machine's.
            try await World.open(.sqlite) { world in
                world.clock.set(SystemClock().now())
                let jam = try await world.variant("Jam", price: 450, stock: 5)
                if let code {
                    try await world.sell(in: code, rate: rate, step: code == "KWD" ? 10 : 1)
                    let checkout = try await world.checkout([(jam, 2)], in: code)
                    let placed = try await world.place(checkout.id, method: .card, offered: [.card])
                    _ = try await world.begin(placed)
                } else {
                    _ = try await world.orderByCard([(jam, 2)])
                }
                let request = try #require(world.provider.opened.first)
                try await body(Desk(address: "http://127.0.0.1:\(simulator.port)", request: request))
            }
        } catch {
            await simulator.stop()
            throw error
        }
        await simulator.stop()
    }

    /// Has the buyer choose a card on the page.
    func pay(_ session: ProviderSession, _ outcome: String) async throws {
        let path = String(session.url.dropFirst(address.count))
        let answer = try await OutboundClient(base: address).send(
            OutboundRequest(
                .post, path, headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array("email=zoe%40example.com&outcome=\(outcome)".utf8)))
        #expect(answer.status < 400)
    }

    func register(_ url: String, events: [String]) async throws {
        let form = (["url=\(url)"] + events.map { "enabled_events[]=\($0)" }).joined(separator: "&")
        let key = Self.credentials.secretKey.withBytes { String(decoding: $0, as: UTF8.self) }
        let answer = try await OutboundClient(base: address).send(
            OutboundRequest(
                .post, "/v1/webhook_endpoints",
                headers: [
                    ("Authorization", "Bearer \(key)"), ("Content-Type", "application/x-www-form-urlencoded"),
                ], body: Array(form.utf8)))
        #expect(answer.status == 200)
    }

    func fault(_ fault: JSON) async throws {
        let answer = try await OutboundClient(base: address).send(
            OutboundRequest(
                .post, "/_faults", headers: [("Content-Type", "application/json")], body: fault.bytes))
        #expect(answer.status < 300)
    }
}
