public import Jobs
public import Persistence
import Primitives
public import Readiness

/// What is added to the goods' prices, or is inside them: taxes, and the delivery with its zones, methods, windows and
/// prices.
public enum Pricing {
    public static let migrations: [Migration] = taxMigrations + deliveryMigrations

    /// Removes windows that have passed and that no order has.
    private static let pruningWindows = JobKind("pricing.prune_windows", queue: .maintenance)

    /// Days for which a window without orders is kept after it began: nobody can book it any more.
    static let emptyWindowDays = 7.0

    /// What is done for this domain's jobs.
    public static func jobHandlers(in database: any Database) -> [JobHandler] {
        [
            .inBatches(pruningWindows, of: 500, in: database, "pricing.prune_windows") { limit, tx in
                try pruneWindows(limit: limit, in: tx)
            }
        ]
    }

    /// What the clock causes.
    public static let cron: [CronEntry] = [
        CronEntry("pricing.prune_windows", .daily(hour: 3, minute: 40)) { _ in NewJob(pruningWindows) }
    ]

    /// Removes windows that began long ago and that no order has: those of orders stay as long as the orders do.
    /// - Returns: how many there were.
    public static func pruneWindows(limit: Int, in tx: borrowing Transaction) throws -> Int {
        try DeliveryWindowTable.deleteEmpty(
            before: tx.now.adding(seconds: -emptyWindowDays * 86_400), limit: limit, in: tx)
    }

    /// What this domain knows of an installation's readiness.
    public static let checks: [CheckPart] = [
        .contradictions("PAY-05", in: "delivery windows") { tx in try contradictions(in: tx) }
    ]
}
