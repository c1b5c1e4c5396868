public import Persistence
public import Readiness

/// What is added to the goods' prices, or is inside them: taxes, and the delivery with its zones, methods, windows and
/// prices.
public enum Pricing {
    public static let migrations: [Migration] = taxMigrations + deliveryMigrations

    /// What this domain knows of an installation's readiness.
    public static let checks: [CheckPart] = [
        .contradictions("PAY-05", in: "delivery windows") { tx in try contradictions(in: tx) }
    ]
}
