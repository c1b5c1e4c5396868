public import Persistence

/// How orders are delivered: parcels now, servers and appointments later.
public enum Fulfillments {
    public static let migrations: [Migration] = [
        Migration(
            600, "fulfillments",
            [
                """
                CREATE TABLE fulfillments (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    order_id UUID NOT NULL,
                    tracking_number TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE INDEX fulfillments_by_order ON fulfillments (store_id, order_id, id)",
                """
                CREATE TABLE fulfillment_lines (
                    store_id UUID NOT NULL,
                    fulfillment_id UUID NOT NULL,
                    position BIGINT NOT NULL,
                    line_id UUID NOT NULL,
                    quantity BIGINT NOT NULL CHECK (quantity > 0),
                    PRIMARY KEY (store_id, fulfillment_id, position),
                    FOREIGN KEY (store_id, fulfillment_id) REFERENCES fulfillments (store_id, id)
                )
                """,
            ])
    ]
}
