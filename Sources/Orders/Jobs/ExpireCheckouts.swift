public import Jobs
public import Persistence
import Primitives

extension Orders {
    /// Marks checkouts whose time has passed, and removes expired ones after their retention.
    public static func expireCheckouts(_ job: Job, in tx: borrowing Transaction) throws {
        _ = try CheckoutTable.markExpired(limit: 500, in: tx)
        _ = try CheckoutTable.removeExpired(
            before: tx.now.adding(seconds: -checkoutRetentionSeconds), limit: 500, in: tx)
    }
}
