import Payments
import Primitives
import Testing

@testable import PaymentsStripe

struct StripeSignatureTests {
    private static let body = Array(#"{"id":"evt_1","type":"checkout.session.completed","data":{"object":{}}}"#.utf8)
    private static let moment = Instant(microseconds: 1_767_225_600_000_000)
    private let provider = StripeProvider(address: "http://127.0.0.1:1")
    private let credentials = ProviderCredentials(
        secretKey: Secret("sk_test_1"), webhookSecrets: [Secret("whsec_new"), Secret("whsec_old")])

    /// Made with openssl: the HMAC-SHA-256 of `1767225600.` and the body above, under each secret.
    private static let known = (
        new: "4bd4299cba3ac7d7e4b30a14873fbe726afb8310363eb7182853ff5839729fa5",
        old: "e3ff5b902aad2da9400c628e570ff11a0346ed483215b8d22f0bfd3fd2cc3d88",
        other: "36877ed01c39e90358afbbbbab6c962e82924178cbe2f9010fa22be28cba0f74"
    )

    private func verify(
        _ header: String?, body: [UInt8] = body, at now: Instant = moment
    ) throws(WebhookFault) -> ProviderEventHead {
        try provider.verify(body, header: { $0 == "Stripe-Signature" ? header : nil }, with: credentials, at: now)
    }

    @Test func `either secret opens, among several signatures and schemes`() throws {
        for header in [
            "t=1767225600,v1=\(Self.known.new)", "t=1767225600,v1=\(Self.known.old)",
            "t=1767225600,v1=\(Self.known.other),v1=\(Self.known.old),v0=\(Self.known.other)",
            "v1=\(Self.known.new), t=1767225600",
        ] {
            #expect(try verify(header) == ProviderEventHead(id: "evt_1", type: "checkout.session.completed"))
        }
    }

    @Test func `nothing else opens`() {
        for header in [
            nil, "", "t=1767225600", "v1=\(Self.known.new)", "t=1767225600,v1=", "t=1767225600,v0=\(Self.known.new)",
            "t=1767225600,v1=\(Self.known.other)", "t=1767225601,v1=\(Self.known.new)",
            "t=01767225600,v1=\(Self.known.new)", "t=,v1=\(Self.known.new)", "t=-1,v1=\(Self.known.new)",
            "t=1767225600,v1=\(Self.known.new.uppercased())", "t=1767225600,v1=\(Self.known.new.dropLast())",
            "t=99999999999999999999,v1=\(Self.known.new)", String(repeating: "v1=a,", count: 1000),
        ] {
            #expect(throws: WebhookFault.signature) { try verify(header) }
        }
    }

    @Test func `an altered body does not open`() {
        let header = "t=1767225600,v1=\(Self.known.new)"
        for index in Self.body.indices {
            var body = Self.body
            body[index] ^= 1
            #expect(throws: WebhookFault.signature) { try verify(header, body: body) }
        }
        #expect(throws: WebhookFault.signature) { try verify(header, body: Self.body + [0x20]) }
    }

    @Test(arguments: [(-301.0, false), (-300, true), (0, true), (300, true), (301, false)])
    func `a signature holds for 300 seconds either way`(_ age: Double, _ holds: Bool) throws {
        let header = "t=1767225600,v1=\(Self.known.new)"
        let now = Self.moment.adding(seconds: age)
        if holds {
            #expect(try verify(header, at: now).id == "evt_1")
        } else {
            #expect(throws: WebhookFault.age) { try verify(header, at: now) }
        }
    }
}

struct StripeEventTests {
    private let provider = StripeProvider(address: "http://127.0.0.1:1")
    private let payment = PaymentID(.init(high: 1, low: 2))
    private let store = StoreID(.init(high: 3, low: 4))

    private func report(_ type: String, _ change: JSONObject = [:]) throws -> PaymentReport? {
        var session: JSONObject = [
            "id": "cs_test_1", "object": "checkout.session", "status": "complete", "payment_status": "paid",
            "amount_total": 1250, "currency": "gbp", "payment_intent": "pi_1",
            "client_reference_id": JSON(payment),
            "metadata": ["store_id": JSON(store), "payment_id": JSON(payment)],
        ]
        for member in change { session[member.key] = member.value }
        let event: JSON = ["id": "evt_1", "type": .string(type), "data": ["object": .object(session)]]
        return try provider.report(in: event.bytes)
    }

    @Test func `each type says what became of the payment`() throws {
        #expect(try report("checkout.session.completed")?.state == .paid)
        #expect(try report("checkout.session.completed", ["payment_status": "unpaid"])?.state == .processing)
        #expect(try report("checkout.session.async_payment_succeeded")?.state == .paid)
        #expect(
            try report("checkout.session.async_payment_failed", ["payment_status": "unpaid"])?.state
                == .failed(code: "async_payment_failed"))
        #expect(
            try report("checkout.session.expired", ["status": "expired", "payment_status": "unpaid"])?.state == .expired
        )
        let declined: JSONObject = [
            "id": "pi_1", "metadata": ["payment_id": JSON(payment)],
            "last_payment_error": ["code": "card_declined", "decline_code": "insufficient_funds"],
        ]
        let report = try report("payment_intent.payment_failed", declined)
        #expect(report?.state == .declined(code: "insufficient_funds"))
        #expect(report?.payment == payment)
        #expect(report?.session == nil)
        for other in ["payment_intent.succeeded", "charge.refunded", "customer.created"] {
            #expect(try self.report(other) == nil)
        }
    }

    @Test func `a report carries what it has to be compared with`() throws {
        let report = try #require(try report("checkout.session.completed"))
        #expect(report.payment == payment)
        #expect(report.store == store)
        #expect(report.session == "cs_test_1")
        #expect(report.intent == "pi_1")
        #expect(report.amount == (try Money(1250, #require(Currency("GBP")))))
        let strange = try #require(
            try self.report("checkout.session.completed", ["metadata": ["payment_id": "cart 7"], "currency": "xxx"]))
        // A buyer chooses that one on a payment link of the account.
        #expect(try self.report("checkout.session.completed", ["metadata": [:]])?.payment == nil)
        #expect(strange.payment == nil)
        #expect(strange.amount == nil)
    }
}
