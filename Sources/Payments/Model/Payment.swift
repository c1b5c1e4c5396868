public import Primitives

/// How an order is paid.
public enum PaymentMethod: String, Sendable, CaseIterable {
    /// The agent who delivers collects the cash.
    case cashOnDelivery = "cash_on_delivery"
    /// Through a provider's payment page.
    case card
    /// The merchant says it is settled: orders that staff enter.
    case paidElsewhere = "paid_elsewhere"

    /// The methods that need no provider, which a buyer may always choose.
    public static let withoutProvider: [PaymentMethod] = [.cashOnDelivery]

    /// Whether an amount can be paid so. Cards are charged something, and only what the provider can count.
    public func takes(_ amount: Money) -> Bool {
        guard self == .card else { return true }
        return amount.amount > 0 && amount.amount.isMultiple(of: Self.smallestCharge(in: amount.currency))
    }

    /// The minor units that what a card is charged is a multiple of: ten in currencies of three decimals
    /// (https://docs.stripe.com/currencies#three-decimal), and a whole ariary, which is charged without decimals though
    /// ISO 4217 gives it two (https://docs.stripe.com/currencies#zero-decimal).
    private static func smallestCharge(in currency: Currency) -> Int64 {
        if currency.code == "MGA" { return 100 }
        return currency.exponent < 3 ? 1 : 10
    }

    /// The state that a payment by this method begins in.
    public var initialStatus: PaymentState {
        self == .paidElsewhere ? .paid : .pending
    }
}

/// Where one payment stands.
public enum PaymentState: String, Sendable, CaseIterable {
    case pending, paid, failed, voided

    /// The states that a new payment is in.
    public static let initial: Set<PaymentState> = [.pending, .paid]

    /// What each state may become. Money that arrives late is money all the same: a payment that was given up may
    /// still be paid, and one that is paid stays so.
    public static let transitions: [PaymentState: Set<PaymentState>] = [
        .pending: [.paid, .failed, .voided],
        .failed: [.paid, .voided],
        .voided: [.paid],
        .paid: [],
    ]

    /// The states that may become this one.
    public var sources: [PaymentState] {
        PaymentState.allCases.filter { PaymentState.transitions[$0]?.contains(self) == true }
    }
}

/// One attempt to settle an order.
public struct Payment: Hashable, Sendable {
    public let id: PaymentID
    public let order: OrderID
    public let method: PaymentMethod
    public internal(set) var status: PaymentState
    public let amount: Money
    /// Where the buyer pays, for methods with a page of their own.
    public internal(set) var redirectURL: String?
    /// The connection that its page was opened over.
    public internal(set) var connection: ConnectionID?
    /// The provider's payment page, by the provider's id.
    public internal(set) var session: String?
    /// The provider's own payment, by the provider's id.
    public internal(set) var intent: String?
    /// Why it failed, or why the buyer's last try did; empty when nothing went wrong.
    public internal(set) var failureCode: String
    /// When an unpaid payment is given up, and what was kept for it is released; nil when never.
    public let expiresAt: Instant?
    public let createdAt: Instant
    /// Whether whoever has this value may call the provider for it: nobody else does until the lease ends.
    public internal(set) var isClaimed: Bool

    /// Whether the provider has not yet been asked for a payment page, or its answer was lost.
    public var needsSession: Bool { method == .card && status == .pending && session == nil }

    /// Seconds that one process has to open a payment page before another may take over.
    public static let leaseSeconds = 60.0
    /// Seconds for which an unpaid payment, and the stock of its order, is kept.
    public static let lifetimeSeconds = 1800.0
}

/// When an order was paid, and what the provider calls it.
public struct Settlement: Hashable, Sendable {
    public let at: Instant
    public let reference: String?
}
