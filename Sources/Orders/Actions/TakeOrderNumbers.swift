public import Persistence
public import Primitives

/// Takes a block of order numbers for this process, so that orders do not queue up for a counter.
public struct TakeOrderNumbers: Sendable {
    private let store: StoreID
    private let count: Int

    public init(store: StoreID, count: Int) {
        self.store = store
        self.count = count
    }

    /// The numbers, ascending; nobody else gets them.
    public func run(in tx: borrowing Transaction) throws -> Range<Int> {
        let first = try OrderNumberTable.take(count, store: store, in: tx)
        return first..<first + count
    }
}
