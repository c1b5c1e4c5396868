import Payments
import Primitives

/// Stripe's objects, as far as they matter here.
enum StripeObjects {
    /// A Checkout Session, as it was answered or sent in an event.
    static func report(session: JSON) -> PaymentReport? {
        guard let status = session["status"]?.string else { return nil }
        let state: PaymentReport.State? =
            switch (status, session["payment_status"]?.string) {
            case ("complete", "unpaid"): .processing
            case ("complete", _): .paid
            case ("expired", _): .expired
            case ("open", _): .open
            default: nil
            }
        return state.flatMap { report(session: session, as: $0) }
    }

    /// A Checkout Session of which the event itself says what became of it.
    static func report(session: JSON, as state: PaymentReport.State) -> PaymentReport? {
        guard let id = session["id"]?.string else { return nil }
        let amount = session["amount_total"]?.integer.flatMap { units in
            session["currency"]?.string.flatMap { StripeAmount.money(Int64(units), $0) }
        }
        let metadata = session["metadata"]
        // Not `client_reference_id`, which a buyer may choose on other pages of the same account.
        return PaymentReport(
            state, payment: metadata?["payment_id"]?.identifier(), store: metadata?["store_id"]?.identifier(),
            session: id, intent: session["payment_intent"].flatMap(identifier), amount: amount)
    }

    /// A PaymentIntent of which a try was declined; the buyer may try again on the session's page.
    static func report(declined intent: JSON) -> PaymentReport? {
        guard let id = intent["id"]?.string else { return nil }
        let error = intent["last_payment_error"]
        let code = error?["decline_code"]?.string ?? error?["code"]?.string ?? "declined"
        return PaymentReport(
            .declined(code: String(code.prefix(100))), payment: intent["metadata"]?["payment_id"]?.identifier(),
            store: intent["metadata"]?["store_id"]?.identifier(), session: nil, intent: id, amount: nil)
    }

    /// The types of events that say something of a payment.
    static let eventTypes = [
        "checkout.session.completed", "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed", "checkout.session.expired", "payment_intent.payment_failed",
    ]

    /// What an event says of a payment; nil for the many types that say nothing that matters here.
    static func report(event: JSON) -> PaymentReport? {
        guard let object = event["data"]?["object"] else { return nil }
        switch event["type"]?.string {
        case "checkout.session.completed", "checkout.session.async_payment_succeeded":
            return report(session: object)
        case "checkout.session.async_payment_failed":
            return report(session: object, as: .failed(code: "async_payment_failed"))
        case "checkout.session.expired": return report(session: object, as: .expired)
        case "payment_intent.payment_failed": return report(declined: object)
        default: return nil
        }
    }

    /// An id, or an object that was expanded in its place.
    private static func identifier(_ value: JSON) -> String? {
        value.string ?? value["id"]?.string
    }
}
