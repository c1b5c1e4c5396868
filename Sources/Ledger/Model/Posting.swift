public import FoundationEssentials
public import Primitives

/// Why entries are booked.
public enum PostingKind: String, Sendable, CaseIterable {
    case placed
    case cashExpected = "cash_expected"
    case captured
    case settledElsewhere = "settled_elsewhere"
    case canceled
}

/// An amount on its way from one account to another.
public struct Transfer: Hashable, Sendable {
    public let debit: LedgerAccount
    public let credit: LedgerAccount
    /// Positive.
    public let amount: Money

    /// Nil when there is nothing to move; a negative amount goes the other way.
    public init?(debit: LedgerAccount, credit: LedgerAccount, amount: Money) throws(Problem) {
        guard amount.amount != 0, debit != credit else { return nil }
        self.debit = amount.amount > 0 ? debit : credit
        self.credit = amount.amount > 0 ? credit : debit
        self.amount = try Money(Int64(amount.amount.magnitude), amount.currency)
    }

    init(reversing transfer: Transfer) {
        debit = transfer.credit
        credit = transfer.debit
        amount = transfer.amount
    }
}

/// Transfers that are booked together, once for what causes them.
public struct Posting: Hashable, Sendable {
    public let kind: PostingKind
    /// What causes it, such as the order or the payment; the same cause is booked once.
    public let source: UUID
    public let transfers: [Transfer]

    init(_ kind: PostingKind, source: UUID, _ transfers: [Transfer?]) {
        self.kind = kind
        self.source = source
        self.transfers = transfers.compactMap(\.self)
    }

    /// The customer owes the total; goods, delivery and tax have earned it.
    /// - Parameters:
    ///   - total: what the customer owes.
    ///   - shipping: the part of it that is for delivery.
    ///   - tax: the part of it that is tax.
    public static func placed(
        _ order: OrderID, total: Money, shipping: Money, tax: Money
    ) throws(Problem) -> Posting {
        let goods = try total.subtracting(shipping).subtracting(tax)
        return Posting(
            .placed, source: order.uuid,
            [
                try Transfer(debit: .receivable, credit: .sales, amount: goods),
                try Transfer(debit: .receivable, credit: .shipping, amount: shipping),
                try Transfer(debit: .receivable, credit: .tax, amount: tax),
            ])
    }

    /// The agent who delivers is to collect what the customer owes.
    public static func cashExpected(_ payment: PaymentID, amount: Money) throws(Problem) -> Posting {
        try settling(.cashExpected, by: payment, into: .cashExpected, amount)
    }

    /// A provider has collected what the customer owes.
    public static func captured(_ payment: PaymentID, amount: Money) throws(Problem) -> Posting {
        try settling(.captured, by: payment, into: .providerClearing, amount)
    }

    /// The merchant says that the customer has settled it outside.
    public static func settledElsewhere(_ payment: PaymentID, amount: Money) throws(Problem) -> Posting {
        try settling(.settledElsewhere, by: payment, into: .settledElsewhere, amount)
    }

    private static func settling(
        _ kind: PostingKind, by payment: PaymentID, into account: LedgerAccount, _ amount: Money
    ) throws(Problem) -> Posting {
        Posting(
            kind, source: payment.uuid, [try Transfer(debit: account, credit: .receivable, amount: amount)])
    }
}
