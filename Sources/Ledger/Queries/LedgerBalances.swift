public import Persistence
public import Primitives

/// An order that something was booked for.
public struct LedgerPlace: Hashable, Sendable {
    public let store: StoreID
    public let order: OrderID

    public init(store: StoreID, order: OrderID) {
        self.store = store
        self.order = order
    }
}

extension Ledger {
    /// What the accounts of an order hold.
    public static func balances(
        of order: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Balances {
        try balances(of: [order], store: store, in: tx)[order] ?? Balances()
    }

    /// What the accounts of each order hold; orders without entries are absent.
    public static func balances(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: Balances] {
        var balances: [OrderID: Balances] = [:]
        for (order, transfer) in try LedgerEntryTable.transfers(of: orders, store: store, in: tx) {
            balances[order, default: Balances()].book(transfer)
        }
        return balances
    }

    /// A page of the orders that something was booked for, of all stores.
    public static func places(
        after place: LedgerPlace?, limit: Int, in tx: borrowing Transaction
    ) throws -> [LedgerPlace] {
        try LedgerEntryTable.orders(after: place, limit: limit, in: tx)
    }

    /// Where the entries contradict themselves: accounts that do not sum to zero in a currency, entries that move
    /// nothing or lead nowhere. Empty in a sound database. Reads every entry.
    public static func contradictions(limit: Int = 20, in tx: borrowing Transaction) throws -> [String] {
        let unbalanced = try LedgerEntryTable.sums(in: tx).filter { $0.sum != 0 }
            .map { "the accounts in \($0.currency) sum to \($0.sum)" }
        return Array((unbalanced + (try LedgerEntryTable.unsound(limit: limit, in: tx))).prefix(limit))
    }
}
