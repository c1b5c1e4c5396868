import Jobs
import Persistence
import Primitives

extension Orders {
    /// Marks checkouts whose time has passed, and removes expired ones after their retention.
    static func expiringCheckouts(in database: any Database) -> JobHandler {
        .inBatches(expiringCheckouts, of: 500, in: database, "orders.expire_checkouts") { limit, tx in
            let marked = try CheckoutTable.markExpired(limit: limit, in: tx)
            let removed = try CheckoutTable.removeExpired(
                before: tx.now.adding(seconds: -checkoutRetentionSeconds), limit: limit, in: tx)
            return max(marked, removed)
        }
    }
}
