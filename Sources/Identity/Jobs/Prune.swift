import Jobs
public import Persistence
import Primitives

extension Identity {
    /// Removes links and sessions a day after the last moment at which they could have been used.
    public static func prune(in tx: borrowing Transaction) throws {
        let limit = tx.now.adding(seconds: -24 * 3600)
        try SignInLinkTable.prune(before: limit, in: tx)
        try SessionTable.prune(before: limit, in: tx)
    }
}
