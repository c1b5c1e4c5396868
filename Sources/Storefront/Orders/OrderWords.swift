import DesignSystem
import EventLog
import Markup
import Orders
import Payments
import Primitives
import UseCases

/// States and events of an order in the words of its buyer.
enum OrderWords {
    static func title(of method: PaymentMethod) -> String {
        switch method {
        case .cashOnDelivery: "Cash on delivery"
        case .card: "Card"
        case .paidElsewhere: "Settled with the shop"
        }
    }

    static func explanation(of method: PaymentMethod) -> String {
        switch method {
        case .cashOnDelivery: "You pay when you get it."
        case .card: "You go on to a secure payment page; this shop never sees your card."
        case .paidElsewhere: ""
        }
    }

    static func payment(_ order: Order) -> (words: String, tone: Tone) {
        switch order.paymentStatus {
        case .pending:
            order.paymentMethod == PaymentMethod.cashOnDelivery.rawValue
                ? (order.delivery.pickup == nil ? "Paid when it arrives" : "Paid when you fetch it", .neutral)
                : ("Waiting for payment", .warn)
        case .authorized: ("Confirmed by your bank", .ok)
        case .partiallyPaid: ("Partly paid", .warn)
        case .paid: ("Paid", .ok)
        case .partiallyRefunded: ("Partly refunded", .info)
        case .refunded: ("Refunded", .info)
        case .voided: ("Nothing to pay", .neutral)
        case .failed: ("Payment failed", .danger)
        }
    }

    static func delivery(_ order: Order) -> (words: String, tone: Tone) {
        if order.status == .canceled { return ("Canceled", .danger) }
        switch order.fulfillmentStatus {
        case .unfulfilled:
            let waits =
                order.paymentMethod == PaymentMethod.card.rawValue && [.pending, .failed].contains(order.paymentStatus)
            return (waits ? "After your payment" : "Being prepared", .neutral)
        case .partiallyFulfilled: return ("Partly on its way", .info)
        case .fulfilled: return (order.delivery.pickup == nil ? "On its way" : "Handed over", .ok)
        case .returned: return ("Returned", .neutral)
        case .onHold: return ("On hold", .warn)
        }
    }

    /// Why an order was canceled, where its buyer needs to know.
    static func cancellation(_ reason: String) -> String {
        reason == "payment_expired"
            ? "It was not paid in time, so what was set aside for you is for sale again. Nothing was charged."
            : "Nothing of it will be delivered. If you have paid, the shop will pay you back."
    }

    /// What buyers are told of an event; nil for what is the staff's own business.
    static func item(_ event: RecordedEvent) -> UI.TimelineItem? {
        let said: (words: String, tone: Tone)? =
            switch event.type.rawValue {
            case "order.placed": ("We received your order", .neutral)
            case "payment.started": ("You went to the payment page", .neutral)
            case "payment.failed": ("The payment did not go through\(reason(event))", .danger)
            case "order.paid": ("We received your payment", .ok)
            case "payment.expired": ("The time to pay ran out", .warn)
            case "order.fulfilled": ("What you ordered is on its way", .ok)
            case "order.canceled": ("The order was canceled", .danger)
            case "order.delivery_moved": ("The delivery was moved\(moment(event))", .info)
            default: nil
            }
        return said.map { UI.TimelineItem(.text($0.words), at: event.at, tone: $0.tone) }
    }

    /// The new window of a delivery that was moved.
    private static func moment(_ event: RecordedEvent) -> String {
        guard let from = event.data["to"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let until = event.data["until"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let zone = event.data["time_zone"]?.string
        else { return "" }
        return " to \(DeliveryWords.window(from: from, to: until, in: zone))"
    }

    private static func reason(_ event: RecordedEvent) -> String {
        switch event.data["code"]?.string {
        case "insufficient_funds": ": the card has not enough money"
        case "expired_card": ": the card has expired"
        case "incorrect_cvc", "invalid_cvc": ": the security code was wrong"
        case "authentication_required", "payment_intent_authentication_failure": ": your bank did not confirm it"
        case "provider.unavailable", "provider_unavailable": ": the payment page could not be reached"
        default: ""
        }
    }
}
