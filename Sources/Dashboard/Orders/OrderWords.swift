import DesignSystem
import Markup
import Orders
import Payments
import Primitives

extension OrderStatus {
    var words: String {
        switch self {
        case .open: "Open"
        case .completed: "Completed"
        case .canceled: "Canceled"
        }
    }

    var tone: Tone {
        switch self {
        case .open: .info
        case .completed: .ok
        case .canceled: .neutral
        }
    }
}

extension PaymentStatus {
    var words: String {
        switch self {
        case .pending: "Payment pending"
        case .authorized: "Authorized"
        case .paid: "Paid"
        case .refunded: "Refunded"
        case .voided: "Voided"
        case .failed: "Payment failed"
        case .partiallyPaid: "Partly paid"
        case .partiallyRefunded: "Partly refunded"
        }
    }

    var tone: Tone {
        switch self {
        case .paid: .ok
        case .pending, .authorized, .partiallyPaid: .warn
        case .failed: .danger
        case .refunded, .voided, .partiallyRefunded: .neutral
        }
    }
}

extension FulfillmentStatus {
    var words: String {
        switch self {
        case .unfulfilled: "Unfulfilled"
        case .fulfilled: "Fulfilled"
        case .returned: "Returned"
        case .partiallyFulfilled: "Partly fulfilled"
        case .onHold: "On hold"
        }
    }

    var tone: Tone {
        switch self {
        case .fulfilled: .ok
        case .unfulfilled, .partiallyFulfilled: .warn
        case .onHold: .danger
        case .returned: .neutral
        }
    }
}

extension PaymentMethod {
    var words: String {
        switch self {
        case .cashOnDelivery: "Cash on delivery"
        case .card: "Card"
        case .paidElsewhere: "Paid elsewhere"
        }
    }
}

extension Order {
    /// Whom it goes to, in as few words as there are.
    var customerName: String {
        contact.shippingAddress?.name ?? contact.email?.description ?? contact.phone?.description ?? "Nobody named"
    }

    /// The way its payment was to be made, in words.
    var methodWords: String { PaymentMethod(rawValue: paymentMethod)?.words ?? paymentMethod }

    /// Whether units can be sent, by the same rules as the action.
    var canBeFulfilled: Bool {
        status == .open && fulfillmentStatus != .onHold && lines.contains { $0.openQuantity > 0 }
    }

    /// Whether it can be canceled, by the same rules as the action.
    var canBeCanceled: Bool {
        OrderStatus.transitions.allows(status, .canceled) && lines.allSatisfy { $0.fulfilledQuantity == 0 }
    }
}
