public import Persistence
public import Primitives

/// Sets numbers aside for orders that are brought in and had them elsewhere.
///
/// The store's own sequence never gives out a number that is set aside, and none that it has given out, or may still
/// have in a process's block, is set aside: so the two never meet. Numbers before the first one of a store are free for
/// imports; those beyond its next one become so, and the sequence goes on behind them.
public struct ClaimOrderNumbers: Sendable {
    private let store: StoreID
    private let numbers: [Int]
    private let isTrial: Bool

    /// - Parameter isTrial: whether it only says which could be had.
    public init(store: StoreID, numbers: [Int], isTrial: Bool = false) {
        self.store = store
        self.numbers = numbers
        self.isTrial = isTrial
    }

    /// - Returns: those of the numbers that are the import's; whether orders have them already is not asked.
    public func run(in tx: borrowing Transaction) throws -> Set<Int> {
        guard let highest = numbers.max() else { return [] }
        var next = try OrderNumberTable.next(store: store, in: tx)
        // The sequence only grows: where nothing has to be moved, its row is not locked.
        if highest >= next, !isTrial {
            next = try OrderNumberTable.lock(store: store, in: tx)
            if highest >= next { try OrderNumberTable.skip(from: next, through: highest, store: store, in: tx) }
        }
        let gaps = try OrderNumberTable.gaps(store: store, in: tx)
        return Set(
            numbers.filter { number in
                number < Orders.firstNumber || (isTrial && number >= next)
                    || gaps.contains { $0.contains(number) }
            })
    }
}
