public import Persistence
public import Primitives

/// Writes down what a file said of an order that `RecordOrder` writes in the same transaction.
public struct RecordImport: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let imported: ImportedOrder

    public init(store: StoreID, order: OrderID, _ imported: ImportedOrder) {
        self.store = store
        self.order = order
        self.imported = imported
    }

    /// Only one import of a store at a time brings orders in: wait here for the others, before asking which there are.
    public static func begin(in store: StoreID, _ tx: borrowing Transaction) throws {
        try tx.lock("orders.import.\(store)")
    }

    public func run(in tx: borrowing Transaction) throws {
        try ImportedOrderTable.insert(imported, order: order, store: store, in: tx)
    }
}
