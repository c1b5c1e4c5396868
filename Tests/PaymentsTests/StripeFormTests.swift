import Catalog
import Foundation
import Orders
import Payments
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

@testable import PaymentsStripe

struct StripeAmountTests {
    @Test(arguments: [
        (1099, "USD", 1099), (500, "JPY", 500), (5, "ISK", 500), (5, "UGX", 500), (500, "MGA", 5),
        (5120, "KWD", 5120), (1, "HUF", 1), (1, "TWD", 1), (7, "KRW", 7), (0, "EUR", 0),
    ])
    func `amounts are told as Stripe counts them, and read back`(
        _ minor: Int64, _ code: String, _ units: Int64
    ) throws {
        let money = try Money(minor, #require(Currency(code)))
        #expect(StripeAmount.units(money) == units)
        #expect(StripeAmount.money(units, code.lowercased()) == money)
    }

    @Test(arguments: [(5124, "KWD"), (50, "MGA")])
    func `what Stripe cannot charge has no amount`(_ minor: Int64, _ code: String) throws {
        #expect(StripeAmount.units(try Money(minor, #require(Currency(code)))) == nil)
    }

    @Test(arguments: [
        (500, "MGA", true), (501, "MGA", false), (50, "MGA", false), (5120, "KWD", true), (5124, "KWD", false),
        (7, "JPY", true), (1, "GBP", true), (5, "ISK", true),
    ])
    func `a card takes what Stripe can charge, and cash everything`(
        _ minor: Int64, _ code: String, _ isTaken: Bool
    ) throws {
        let money = try Money(minor, #require(Currency(code)))
        #expect(PaymentMethod.card.takes(money) == isTaken)
        #expect((StripeAmount.units(money) != nil) == isTaken)
        #expect(PaymentMethod.cashOnDelivery.takes(money))
    }

    @Test func `what is none of ours is not read`() {
        #expect(StripeAmount.money(550, "isk") == nil)
        #expect(StripeAmount.money(1, "xxx") == nil)
        #expect(StripeAmount.money(.max, "mga") == nil)
        #expect(StripeAmount.money(.max, "usd") == nil)
    }
}

struct StripeFormTests {
    @Test func `names and values are encoded, brackets and all`() {
        var form = StripeForm()
        form.add("metadata[name]", "Zoë & Co = 100%")
        form.add("a", "x+y z~")
        #expect(form.text == "metadata%5Bname%5D=Zo%C3%AB%20%26%20Co%20%3D%20100%25&a=x%2By%20z~")
    }

    @Test(arguments: TestEngine.available)
    func `a page names its lines, its references and its ends`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam & Söhne", price: 450, stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            let request = try #require(world.provider.opened.first)
            let fields = Self.fields(try #require(StripeProvider.form(request)))
            #expect(fields["mode"] == "payment")
            #expect(fields["client_reference_id"] == payment.id.description)
            #expect(fields["metadata[order_id]"] == order.id.description)
            #expect(fields["metadata[store_id]"] == world.store.id.description)
            #expect(fields["payment_intent_data[metadata][payment_id]"] == payment.id.description)
            #expect(fields["success_url"] == "https://shop.example/thanks")
            #expect(fields["cancel_url"] == "https://shop.example/thanks")
            #expect(fields["line_items[0][quantity]"] == "2")
            #expect(fields["line_items[0][price_data][unit_amount]"] == "450")
            #expect(fields["line_items[0][price_data][currency]"] == "gbp")
            #expect(fields["line_items[0][price_data][product_data][name]"] == "Jam & Söhne")
            #expect(fields["line_items[1][quantity]"] == nil)
            // Stripe asks for half an hour at least.
            let expiry = try #require(fields["expires_at"].flatMap { Int64($0) })
            #expect(expiry == payment.createdAt.microseconds / 1_000_000 + 2100)
            // Stripe takes no address beyond ASCII.
            #expect(fields["customer_email"] == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `lines that Stripe cannot show become one`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant("Jam", price: 450, stock: 500)
            _ = try await world.orderByCard(Array(repeating: (jam, 1), count: 101))
            let request = try #require(world.provider.opened.first)
            let fields = Self.fields(try #require(StripeProvider.form(request)))
            #expect(fields["line_items[0][price_data][unit_amount]"] == "45450")
            #expect(fields["line_items[0][price_data][product_data][name]"] == "Order #1001")
            #expect(fields["line_items[1][quantity]"] == nil)
        }
    }

    private static func fields(_ form: StripeForm) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in form.text.split(separator: "&") {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            fields[String(parts[0]).removingPercentEncoding ?? ""] = String(parts[1]).removingPercentEncoding
        }
        return fields
    }
}
