public import Jobs
public import Persistence
public import Readiness

/// How many units of each variant there are, and how many of them are promised to orders.
public enum Inventory {
    public static let migrations: [Migration] = [
        Migration(
            300, "stock and reservations",
            [
                """
                CREATE TABLE stock_items (
                    store_id UUID NOT NULL,
                    variant_id UUID NOT NULL,
                    on_hand BIGINT NOT NULL,
                    reserved BIGINT NOT NULL,
                    low_since BIGINT NOT NULL,
                    version BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, variant_id),
                    CONSTRAINT stock_items_not_negative CHECK (on_hand >= 0 AND reserved >= 0),
                    CONSTRAINT stock_items_not_oversold CHECK (reserved <= on_hand)
                )
                """,
                """
                CREATE TABLE reservations (
                    store_id UUID NOT NULL,
                    order_id UUID NOT NULL,
                    line_id UUID NOT NULL,
                    variant_id UUID NOT NULL,
                    quantity BIGINT NOT NULL CHECK (quantity > 0),
                    expires_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, order_id, line_id)
                )
                """,
                "CREATE INDEX reservations_by_expiry ON reservations (expires_at)",
            ]),
        Migration(
            310, "only reservations that expire in the index of their expiry",
            [
                "DROP INDEX reservations_by_expiry",
                // The number is `Instant.latest`, which says that a reservation holds until its order ends it.
                """
                CREATE INDEX reservations_expiring ON reservations (expires_at, store_id, order_id)
                WHERE expires_at < 253402300799999999
                """,
            ]),
    ]

    /// Says once that a variant ran low.
    public static let reviewingLevels = JobKind("inventory.review_levels")

    /// What is done for this domain's jobs.
    public static let jobHandlers: [JobHandler] = [.transactional(reviewingLevels, reviewLevels)]

    /// What this domain knows of an installation's readiness.
    public static let checks: [CheckPart] = [
        .contradictions("PAY-05", in: "stock") { tx in try contradictions(in: tx) }
    ]

    /// Units at or below which stock counts as low.
    public static let lowStockThreshold = 5
}
