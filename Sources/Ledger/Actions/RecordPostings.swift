public import Persistence
public import Primitives

/// Books what happened to an order: one statement, whatever the number of entries, and no row that another order
/// writes. The same posting for the same cause is refused by the entries' key.
public struct RecordPostings: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let postings: [Posting]

    public init(store: StoreID, order: OrderID, _ postings: [Posting]) {
        self.store = store
        self.order = order
        self.postings = postings
    }

    /// The statement travels with the next one that is waited for.
    public func submit(in tx: borrowing Transaction) throws {
        try LedgerEntryTable.insert(postings, order: order, store: store, in: tx)
    }
}

/// Takes back what a canceled order had earned and what was to be collected for it. Money that was paid stays where
/// it is: it is owed to the customer from now on.
public struct ReverseOrder: Sendable {
    private let store: StoreID
    private let order: OrderID

    public init(store: StoreID, order: OrderID) {
        self.store = store
        self.order = order
    }

    public func run(in tx: borrowing Transaction) throws {
        let booked = try LedgerEntryTable.transfers(
            of: order, kinds: [.placed, .cashExpected], store: store, in: tx)
        let reversal = Posting(.canceled, source: order.uuid, booked.map(Transfer.init(reversing:)))
        try LedgerEntryTable.insert([reversal], order: order, store: store, in: tx)
    }
}
