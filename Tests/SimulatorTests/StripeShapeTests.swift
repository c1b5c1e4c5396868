import Foundation
import Primitives
import Testing

@testable import Simulators

/// The simulator's objects beside Stripe's own fixtures, where those are at hand.
struct StripeShapeTests {
    private static let fixtures: JSON? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.deletingLastPathComponent().appendingPathComponent("shared/data/stripe/fixtures.json")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        return try? JSON(parsing: text)
    }()

    private static func samples() throws -> [String: JSONObject] {
        var account = StripeAccount()
        let call = StripeCall(
            now: .init(microseconds: 0), requestID: "req_1", idempotencyKey: nil, publicURL: "http://x")
        let form = """
            mode=payment&success_url=http://x/ok&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd\
            &line_items[0][price_data][unit_amount]=500&line_items[0][price_data][product_data][name]=Soap
            """
        let made = try account.createSession(StripeParameters(parsing: Array(form.utf8)), call)
        let id = try #require(made["id"]?.string)
        let session = try account.pay(session: id, with: .success, email: nil, call)
        let intent = try account.intent(session.text("payment_intent"))
        let refund = try account.createRefund(
            StripeParameters(parsing: Array("payment_intent=\(intent.text("id"))".utf8)), call)
        return [
            "checkout.session": session, "payment_intent": intent,
            "charge": try account.find(\.charges, "charge", intent.text("latest_charge")),
            "refund": try #require(refund.object), "customer": StripeShapes.customer(id: "cus_1", created: 0),
            "webhook_endpoint": StripeShapes.webhookEndpoint(id: "we_1", url: "http://x", events: ["*"], created: 0),
            "event": try #require(account.events.newestFirst.first { _ in true }),
        ]
    }

    @Test(.enabled(if: StripeShapeTests.fixtures != nil))
    func `every member of Stripe's objects is there, and of its type`() throws {
        let fixtures = try #require(Self.fixtures)
        for (kind, object) in try Self.samples() {
            let fixture = try #require(fixtures[kind]?.object)
            let missing = fixture.map(\.key).filter { object[$0] == nil }
            // What generated fixtures fill in and Stripe leaves out of such objects.
            #expect(Set(missing).subtracting(["source"]).isEmpty, "\(kind) lacks \(missing)")
            for member in fixture {
                guard let ours = object[member.key], !ours.isNull, !member.value.isNull else { continue }
                #expect(Self.type(ours) == Self.type(member.value), "\(kind).\(member.key)")
            }
        }
    }

    @Test func `a session that was paid tells so everywhere`() throws {
        let samples = try Self.samples()
        #expect(samples["checkout.session"]?["status"] == "complete")
        #expect(samples["checkout.session"]?["payment_status"] == "paid")
        #expect(samples["payment_intent"]?["amount_received"] == 500)
        #expect(samples["charge"]?["paid"] == true)
        #expect(samples["refund"]?["amount"] == 500)
    }

    private static func type(_ json: JSON) -> String {
        switch json {
        case .null: "null"
        case .bool: "bool"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

struct StripeSessionTests {
    private func call(_ seconds: Int64) -> StripeCall {
        StripeCall(
            now: .init(microseconds: seconds * 1_000_000), requestID: nil, idempotencyKey: nil, publicURL: "http://x")
    }

    private func open(_ account: inout StripeAccount, expiresAt: Int) throws -> String {
        let form = """
            mode=payment&success_url=http://x/ok&expires_at=\(expiresAt)&line_items[0][quantity]=1\
            &line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=500\
            &line_items[0][price_data][product_data][name]=Soap
            """
        return try #require(
            try account.createSession(StripeParameters(parsing: Array(form.utf8)), call(0))["id"]?.string)
    }

    @Test func `a session expires at its moment, once, and cannot be paid afterwards`() throws {
        var account = StripeAccount()
        let id = try open(&account, expiresAt: 1800)
        account.expireDue(call(1799))
        #expect(try account.session(id)["status"] == "open")
        account.expireDue(call(1800))
        account.expireDue(call(1801))
        #expect(try account.session(id)["status"] == "expired")
        #expect(account.outbox.map { $0.text("type") } == ["checkout.session.expired"])
        #expect(try account.pay(session: id, with: .success, email: nil, call(1802))["payment_status"] == "unpaid")
        #expect(account.outbox.count == 1)
    }

    @Test func `a session lives half an hour at least and a day at most`() throws {
        var account = StripeAccount()
        #expect(throws: StripeError.self) { try open(&account, expiresAt: 1799) }
        #expect(throws: StripeError.self) { try open(&account, expiresAt: 86_401) }
        #expect(account.sessions.newestFirst.first { _ in true } == nil)
    }

    @Test func `paying twice charges once`() throws {
        var account = StripeAccount()
        let id = try open(&account, expiresAt: 1800)
        for _ in 0..<3 { _ = try account.pay(session: id, with: .success, email: nil, call(1)) }
        #expect(account.charges.newestFirst.reduce(0) { count, _ in count + 1 } == 1)
        #expect(account.outbox.count { $0.text("type") == "checkout.session.completed" } == 1)
    }

    @Test(arguments: [
        #"{"kind": "explode"}"#, #"{"kind": "drop", "count": 0}"#, #"{"kind": "drop", "count": "1"}"#,
        #"{"kind": "delay", "seconds": -1}"#, #"{"kind": "delay", "seconds": 1e9}"#, #"{"kind": "drop", "x": 1}"#, "[]",
        #"{"kind": "drop", "count": 100001}"#,
    ])
    func `what is no fault is none`(_ text: String) throws {
        #expect(StripeFault(json: try JSON(parsing: text)) == nil)
    }
}
