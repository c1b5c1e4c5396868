public import Primitives

/// How an order is paid.
public enum PaymentMethod: String, Sendable, CaseIterable {
    /// The agent who delivers collects the cash.
    case cashOnDelivery = "cash_on_delivery"
    /// Through a provider's payment page.
    case card
    /// The merchant says it is settled: orders that staff enter.
    case paidElsewhere = "paid_elsewhere"

    /// The methods that a buyer may choose in this installation. A method without a provider is not offered.
    public static let offered: Set<PaymentMethod> = [.cashOnDelivery]

    /// The state that a payment by this method begins in.
    public var initialStatus: PaymentState {
        self == .paidElsewhere ? .paid : .pending
    }
}

/// Where one payment stands.
public enum PaymentState: String, Sendable, CaseIterable {
    case pending, paid, failed, voided
}

/// One attempt to settle an order.
public struct Payment: Hashable, Sendable {
    public let id: PaymentID
    public let order: OrderID
    public let method: PaymentMethod
    public let status: PaymentState
    public let amount: Money
    /// Where the buyer pays, for methods with a page of their own.
    public let redirectURL: String?
}
