public import Persistence

extension Inventory {
    public static let migrations: [Migration] = first + locations + arrivals

    private static let first: [Migration] = [
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

    /// Every new column has a default and every new rule is weaker than the one before, so that a process of the
    /// version before goes on selling meanwhile. It owes nothing and keeps everything at the main location.
    private static let locations: [Migration] = [
        Migration(
            320, "locations, movements and back-orders",
            [
                .on(
                    .postgres,
                    """
                    ALTER TABLE stock_items
                        ADD COLUMN owed bigint NOT NULL DEFAULT 0,
                        ADD COLUMN last_owed bigint NOT NULL DEFAULT 0,
                        ADD COLUMN elsewhere bigint NOT NULL DEFAULT 0,
                        ADD COLUMN safety bigint NOT NULL DEFAULT 0,
                        ADD COLUMN backorder_limit bigint NOT NULL DEFAULT 0,
                        ADD COLUMN low_at bigint NOT NULL DEFAULT 5,
                        ADD COLUMN out_since bigint NOT NULL DEFAULT 0,
                        ADD COLUMN expected_at bigint NOT NULL DEFAULT 0,
                        DROP CONSTRAINT stock_items_not_oversold,
                        ADD CONSTRAINT stock_items_not_oversold CHECK (reserved <= on_hand + owed) NOT VALID,
                        ADD CONSTRAINT stock_items_owed CHECK (owed >= 0 AND owed <= reserved) NOT VALID,
                        ADD CONSTRAINT stock_items_elsewhere CHECK (elsewhere >= 0 AND elsewhere <= on_hand) NOT VALID
                    """),
                // SQLite cannot change a table's rules: the rows move to a new one.
                .on(
                    .sqlite,
                    """
                    CREATE TABLE stock_items_next (
                        store_id UUID NOT NULL,
                        variant_id UUID NOT NULL,
                        on_hand BIGINT NOT NULL,
                        reserved BIGINT NOT NULL,
                        low_since BIGINT NOT NULL,
                        version BIGINT NOT NULL,
                        updated_at BIGINT NOT NULL,
                        owed BIGINT NOT NULL DEFAULT 0,
                        last_owed BIGINT NOT NULL DEFAULT 0,
                        elsewhere BIGINT NOT NULL DEFAULT 0,
                        safety BIGINT NOT NULL DEFAULT 0,
                        backorder_limit BIGINT NOT NULL DEFAULT 0,
                        low_at BIGINT NOT NULL DEFAULT 5,
                        out_since BIGINT NOT NULL DEFAULT 0,
                        expected_at BIGINT NOT NULL DEFAULT 0,
                        PRIMARY KEY (store_id, variant_id),
                        CONSTRAINT stock_items_not_negative CHECK (on_hand >= 0 AND reserved >= 0),
                        CONSTRAINT stock_items_not_oversold CHECK (reserved <= on_hand + owed),
                        CONSTRAINT stock_items_owed CHECK (owed >= 0 AND owed <= reserved),
                        CONSTRAINT stock_items_elsewhere CHECK (elsewhere >= 0 AND elsewhere <= on_hand)
                    )
                    """),
                .on(
                    .sqlite,
                    """
                    INSERT INTO stock_items_next
                        (store_id, variant_id, on_hand, reserved, low_since, version, updated_at)
                    SELECT store_id, variant_id, on_hand, reserved, low_since, version, updated_at FROM stock_items
                    """),
                .on(.sqlite, "DROP TABLE stock_items"),
                .on(.sqlite, "ALTER TABLE stock_items_next RENAME TO stock_items"),
                "ALTER TABLE reservations ADD COLUMN owed BIGINT NOT NULL DEFAULT 0",
                """
                CREATE INDEX reservations_owed ON reservations (store_id, variant_id, order_id, line_id)
                WHERE owed > 0
                """,
                """
                CREATE TABLE locations (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    name TEXT NOT NULL,
                    line1 TEXT NOT NULL,
                    line2 TEXT NOT NULL,
                    city TEXT NOT NULL,
                    region TEXT NOT NULL,
                    postal_code TEXT NOT NULL,
                    country TEXT NOT NULL,
                    priority BIGINT NOT NULL,
                    is_active BOOLEAN NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                """
                CREATE TABLE stock_levels (
                    store_id UUID NOT NULL,
                    variant_id UUID NOT NULL,
                    location_id UUID NOT NULL,
                    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
                    PRIMARY KEY (store_id, variant_id, location_id)
                )
                """,
                "CREATE INDEX stock_levels_by_location ON stock_levels (store_id, location_id, variant_id)",
                """
                CREATE TABLE stock_movements (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    variant_id UUID NOT NULL,
                    location_id UUID NOT NULL,
                    delta BIGINT NOT NULL CHECK (delta <> 0),
                    left_there BIGINT NOT NULL,
                    reason TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    note TEXT NOT NULL,
                    order_id UUID,
                    cause TEXT NOT NULL,
                    at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE INDEX stock_movements_by_variant ON stock_movements (store_id, variant_id, id)",
                "CREATE INDEX stock_movements_by_location ON stock_movements (store_id, location_id, id)",
            ]),
        // In a step of its own: it reads the table and holds up nobody.
        Migration(
            321, "the rules of stock hold for old rows too",
            [
                .on(.postgres, "ALTER TABLE stock_items VALIDATE CONSTRAINT stock_items_not_oversold"),
                .on(.postgres, "ALTER TABLE stock_items VALIDATE CONSTRAINT stock_items_owed"),
                .on(.postgres, "ALTER TABLE stock_items VALIDATE CONSTRAINT stock_items_elsewhere"),
            ]),
    ]

    private static let arrivals: [Migration] = [
        Migration(
            325, "incoming stock, transfers and counts",
            [
                """
                CREATE TABLE incoming_stock (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    variant_id UUID NOT NULL,
                    location_id UUID NOT NULL,
                    quantity BIGINT NOT NULL CHECK (quantity > 0),
                    received BIGINT NOT NULL CHECK (received >= 0 AND received <= quantity),
                    status TEXT NOT NULL,
                    expected_at BIGINT NOT NULL,
                    supplier TEXT NOT NULL,
                    note TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE INDEX incoming_stock_by_status ON incoming_stock (store_id, status, id)",
                """
                CREATE INDEX incoming_stock_expected ON incoming_stock (store_id, variant_id, expected_at)
                WHERE status = 'expected'
                """,
                """
                CREATE TABLE stock_transfers (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    from_id UUID NOT NULL,
                    to_id UUID NOT NULL,
                    status TEXT NOT NULL,
                    note TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    changed_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE INDEX stock_transfers_by_status ON stock_transfers (store_id, status, id)",
                """
                CREATE TABLE stock_transfer_lines (
                    store_id UUID NOT NULL,
                    transfer_id UUID NOT NULL,
                    variant_id UUID NOT NULL,
                    quantity BIGINT NOT NULL CHECK (quantity > 0),
                    received BIGINT NOT NULL CHECK (received >= 0),
                    PRIMARY KEY (store_id, transfer_id, variant_id)
                )
                """,
                """
                CREATE TABLE stock_counts (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    location_id UUID NOT NULL,
                    status TEXT NOT NULL,
                    note TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    changed_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                "CREATE INDEX stock_counts_by_status ON stock_counts (store_id, status, id)",
                """
                CREATE TABLE stock_count_lines (
                    store_id UUID NOT NULL,
                    count_id UUID NOT NULL,
                    variant_id UUID NOT NULL,
                    expected BIGINT NOT NULL,
                    counted BIGINT NOT NULL CHECK (counted >= 0),
                    at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, count_id, variant_id)
                )
                """,
            ])
    ]
}
