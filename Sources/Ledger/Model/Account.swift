/// What an amount belongs to. Every order has one account of each kind; those that nothing was booked to are zero.
public enum LedgerAccount: String, Sendable, CaseIterable {
    /// What the customer owes.
    case receivable
    /// What the agent who delivers is to collect.
    case cashExpected = "cash_expected"
    /// What a provider has collected and not yet paid out.
    case providerClearing = "provider_clearing"
    /// What the merchant says has been settled outside.
    case settledElsewhere = "settled_elsewhere"
    /// Money in the house.
    case cash
    /// What the goods brought.
    case sales
    /// What delivery brought.
    case shipping
    /// What is owed to the tax office.
    case tax

    /// Where money that was paid for an order is.
    public static let settled: [LedgerAccount] = [.providerClearing, .settledElsewhere, .cash]
    /// What an order brought; their balances are credits, and so negative.
    public static let earned: [LedgerAccount] = [.sales, .shipping, .tax]
}
