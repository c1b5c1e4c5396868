public import Primitives

/// What the accounts of an order hold: debits less credits, in minor units of the order's currency.
public struct Balances: Hashable, Sendable {
    private var amounts: [LedgerAccount: Int64] = [:]
    /// More than one is a contradiction.
    public private(set) var currencies: Set<Currency> = []

    /// Nothing booked yet.
    public init() {}

    /// What the accounts hold once these are booked and nothing else.
    public init(_ postings: [Posting]) {
        for transfer in postings.flatMap(\.transfers) { book(transfer) }
    }

    mutating func book(_ transfer: Transfer) {
        book(transfer.amount.amount, to: transfer.debit, transfer.amount.currency)
        book(-transfer.amount.amount, to: transfer.credit, transfer.amount.currency)
    }

    private mutating func book(_ amount: Int64, to account: LedgerAccount, _ currency: Currency) {
        amounts[account, default: 0] += amount
        currencies.insert(currency)
    }

    public subscript(account: LedgerAccount) -> Int64 { amounts[account] ?? 0 }

    /// What has been paid, wherever the money is.
    public var settled: Int64 { LedgerAccount.settled.reduce(0) { $0 + self[$1] } }
    /// What the order brought.
    public var earned: Int64 { -LedgerAccount.earned.reduce(0) { $0 + self[$1] } }
    /// Zero, for every entry takes as much as it gives.
    public var sum: Int64 { amounts.values.reduce(0, +) }
}
