public import Jobs
public import Readiness

/// How many units of each variant there are, and how many of them are promised to orders.
public enum Inventory {
    /// Says once that a variant ran low.
    public static let reviewingLevels = JobKind("inventory.review_levels")

    /// What is done for its kinds, but for `reviewingLevels`, of which others want to know too.
    public static let jobHandlers: [JobHandler] = [
        .transactional(forgetting) { job, tx in try forget(job, in: tx) }
    ]

    /// What this domain knows of an installation's readiness.
    public static let checks: [CheckPart] = [
        .contradictions("PAY-05", in: "stock") { tx in try contradictions(in: tx) }
    ]

    /// Units at or below which stock counts as low, unless the variant says otherwise.
    public static let lowStockThreshold = 5

    /// The most units that a variant may have, anywhere and altogether.
    public static let mostUnits = 1_000_000_000_000
}
