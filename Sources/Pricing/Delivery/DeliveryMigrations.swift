import Persistence

extension Pricing {
    static let deliveryMigrations: [Migration] = [
        Migration(
            370, "delivery settings, windows and their bookings",
            [
                """
                CREATE TABLE delivery_settings (
                    store_id UUID NOT NULL PRIMARY KEY,
                    version BIGINT NOT NULL,
                    document TEXT NOT NULL,
                    updated_at BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE delivery_windows (
                    store_id UUID NOT NULL,
                    starts_at BIGINT NOT NULL,
                    method TEXT NOT NULL,
                    capacity BIGINT NOT NULL,
                    taken BIGINT NOT NULL,
                    PRIMARY KEY (store_id, starts_at, method),
                    CONSTRAINT delivery_windows_taken CHECK (taken >= 0)
                )
                """,
                """
                CREATE TABLE delivery_bookings (
                    store_id UUID NOT NULL,
                    order_id UUID NOT NULL,
                    starts_at BIGINT NOT NULL,
                    method TEXT NOT NULL,
                    PRIMARY KEY (store_id, order_id)
                )
                """,
                "CREATE INDEX delivery_bookings_by_window ON delivery_bookings (store_id, starts_at, method, order_id)",
            ])
    ]
}
