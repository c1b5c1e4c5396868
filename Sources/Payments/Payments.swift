public import Persistence

/// What is owed for an order and how it is to be paid.
public enum Payments {
    public static let migrations: [Migration] = [
        Migration(
            500, "payments",
            [
                """
                CREATE TABLE payments (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    order_id UUID NOT NULL,
                    method TEXT NOT NULL,
                    status TEXT NOT NULL CHECK (status IN ('pending', 'paid', 'failed', 'voided')),
                    amount BIGINT NOT NULL CHECK (amount >= 0),
                    currency TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE INDEX payments_by_order ON payments (store_id, order_id, id)",
            ])
    ]
}
