public import Persistence
public import Primitives

extension Orders {
    /// How many checkouts of all stores are still open though they expired before a moment: none while the job that
    /// ends them runs.
    public static func openCheckouts(expiredBefore moment: Instant, in tx: borrowing Transaction) throws -> Int {
        try CheckoutTable.countOpen(expiredBefore: moment, in: tx)
    }
}
