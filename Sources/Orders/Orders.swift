public import Jobs
public import Persistence
public import Readiness

/// Checkouts, and the orders that they become.
public enum Orders {
    public static let migrations: [Migration] = [
        Migration(400, "checkouts", [checkouts, checkoutsByExpiry, checkoutsByAge]),
        Migration(410, "orders", [numbers, orders, ordersByMoment, ordersByEmail, lines]),
        Migration(420, "orders by state", [ordersByStatus, ordersByFulfillment, ordersByPayment]),
        Migration(430, "checkouts in the order of their making", checkoutsByMaking),
        Migration(
            435, "a note of staff beside the buyer's",
            ["ALTER TABLE orders ADD COLUMN staff_note TEXT NOT NULL DEFAULT ''"]),
        Migration(
            440, "taxes of orders",
            [
                "ALTER TABLE orders ADD COLUMN taxes TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE order_lines ADD COLUMN tax_lines TEXT NOT NULL DEFAULT ''",
            ]),
        Migration(
            450, "how an order is delivered", ["ALTER TABLE orders ADD COLUMN delivery TEXT NOT NULL DEFAULT ''"]),
        Migration(
            460, "orders from files",
            [
                """
                CREATE TABLE imported_orders (
                    store_id UUID NOT NULL,
                    order_id UUID NOT NULL,
                    name TEXT NOT NULL,
                    document TEXT NOT NULL,
                    PRIMARY KEY (store_id, order_id),
                    CONSTRAINT imported_orders_name UNIQUE (store_id, name),
                    FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id)
                )
                """,
                """
                CREATE TABLE order_number_gaps (
                    store_id UUID NOT NULL,
                    first_number BIGINT NOT NULL,
                    last_number BIGINT NOT NULL,
                    PRIMARY KEY (store_id, first_number)
                )
                """,
            ]),
    ]

    /// Marks checkouts whose time has passed and removes those that nobody needs any more.
    public static let expiringCheckouts = JobKind("orders.expire_checkouts", queue: .maintenance)

    /// What is done for this domain's jobs.
    public static func jobHandlers(in database: any Database) -> [JobHandler] { [expiringCheckouts(in: database)] }

    /// What this domain does by the clock.
    public static let cron: [CronEntry] = [
        CronEntry("orders.expire_checkouts", .every(seconds: 60)) { _ in NewJob(expiringCheckouts) }
    ]

    /// What this domain knows of an installation's readiness.
    public static let checks: [CheckPart] = [
        .contradictions("PAY-05", in: "orders") { tx in try contradictions(in: tx) }
    ]

    /// The first number that a store gives out.
    public static let firstNumber = 1001

    /// Seconds that a checkout stays open after it was last touched.
    public static let checkoutLifetimeSeconds: Double = 24 * 3600
    /// Seconds that an unfinished checkout is kept after it expired.
    public static let checkoutRetentionSeconds: Double = 30 * 24 * 3600

    // Tables that every order writes to have no foreign key to `stores`: on PostgreSQL its check locks the store's
    // row, which all orders of the store would share.
    private static let checkouts: Migration.Statement = """
        CREATE TABLE checkouts (
            store_id UUID NOT NULL,
            id UUID NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('open', 'completed', 'expired')),
            document TEXT NOT NULL,
            order_id UUID,
            expires_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (store_id, id),
            CONSTRAINT checkouts_completed CHECK ((status = 'completed') = (order_id IS NOT NULL))
        )
        """
    private static let checkoutsByExpiry: Migration.Statement =
        "CREATE INDEX checkouts_by_expiry ON checkouts (expires_at) WHERE status = 'open'"
    private static let checkoutsByAge: Migration.Statement =
        "CREATE INDEX checkouts_expired ON checkouts (expires_at) WHERE status = 'expired'"

    // A checkout's id is random, being the secret that opens it.
    private static let checkoutsByMaking: [Migration.Statement] = [
        .on(.sqlite, "DROP INDEX checkouts_by_expiry"),
        .on(.sqlite, "DROP INDEX checkouts_expired"),
        .on(.sqlite, "ALTER TABLE checkouts RENAME TO checkouts_by_id"),
        .on(
            .sqlite,
            """
            CREATE TABLE checkouts (
                store_id UUID NOT NULL,
                id UUID NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('open', 'completed', 'expired')),
                document TEXT NOT NULL,
                order_id UUID,
                expires_at BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                PRIMARY KEY (store_id, id),
                CONSTRAINT checkouts_completed CHECK ((status = 'completed') = (order_id IS NOT NULL))
            ) STRICT
            """),
        .on(.sqlite, "INSERT INTO checkouts SELECT * FROM checkouts_by_id ORDER BY created_at"),
        .on(.sqlite, "DROP TABLE checkouts_by_id"),
        .on(.sqlite, "CREATE INDEX checkouts_by_expiry ON checkouts (expires_at) WHERE status = 'open'"),
        .on(.sqlite, "CREATE INDEX checkouts_expired ON checkouts (expires_at) WHERE status = 'expired'"),
    ]

    private static let numbers: Migration.Statement = """
        CREATE TABLE order_numbers (
            store_id UUID NOT NULL PRIMARY KEY,
            next BIGINT NOT NULL
        )
        """

    private static let orders: Migration.Statement = """
        CREATE TABLE orders (
            store_id UUID NOT NULL,
            id UUID NOT NULL,
            number BIGINT NOT NULL,
            external_id TEXT,
            checkout_id UUID,
            status TEXT NOT NULL CHECK (status IN ('open', 'completed', 'canceled')),
            payment_status TEXT NOT NULL CHECK (payment_status IN ('pending', 'authorized', 'partially_paid', 'paid',
                'partially_refunded', 'refunded', 'voided', 'failed')),
            fulfillment_status TEXT NOT NULL CHECK (fulfillment_status IN ('unfulfilled', 'partially_fulfilled',
                'fulfilled', 'returned', 'on_hold')),
            payment_method TEXT NOT NULL,
            currency TEXT NOT NULL,
            subtotal BIGINT NOT NULL,
            discount BIGINT NOT NULL,
            shipping BIGINT NOT NULL,
            tax BIGINT NOT NULL,
            total BIGINT NOT NULL,
            taxes_included BOOLEAN NOT NULL,
            email TEXT NOT NULL,
            phone TEXT NOT NULL,
            shipping_address TEXT NOT NULL,
            delivery_method TEXT NOT NULL,
            note TEXT NOT NULL,
            tags TEXT NOT NULL,
            placed_at BIGINT NOT NULL,
            canceled_at BIGINT,
            cancel_reason TEXT NOT NULL,
            version BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (store_id, id),
            CONSTRAINT orders_number UNIQUE (store_id, number),
            CONSTRAINT orders_external_id UNIQUE (store_id, external_id),
            CONSTRAINT orders_checkout UNIQUE (store_id, checkout_id),
            CONSTRAINT orders_total CHECK (
                total = subtotal - discount + shipping + CASE WHEN taxes_included THEN 0 ELSE tax END),
            CONSTRAINT orders_canceled CHECK ((status = 'canceled') = (canceled_at IS NOT NULL))
        )
        """
    private static let ordersByMoment: Migration.Statement =
        "CREATE INDEX orders_by_moment ON orders (store_id, placed_at, id)"
    private static let ordersByEmail: Migration.Statement =
        "CREATE INDEX orders_by_email ON orders (store_id, email, placed_at, id) WHERE email <> ''"

    // Orders in the states that lists are asked for and that few orders stay in. A new order enters the first two: it
    // is open, and nothing of it has been delivered. Planners prove that an index serves a query only from the same
    // words, and SQLite understands OR here but neither IN nor <>.
    private static let ordersByStatus: Migration.Statement = """
        CREATE INDEX orders_by_status ON orders (store_id, status, placed_at, id)
        WHERE status = 'open' OR status = 'canceled'
        """
    private static let ordersByFulfillment: Migration.Statement = """
        CREATE INDEX orders_by_fulfillment ON orders (store_id, fulfillment_status, placed_at, id)
        WHERE fulfillment_status = 'unfulfilled' OR fulfillment_status = 'partially_fulfilled'
            OR fulfillment_status = 'on_hold' OR fulfillment_status = 'returned'
        """
    private static let ordersByPayment: Migration.Statement = """
        CREATE INDEX orders_by_payment ON orders (store_id, payment_status, placed_at, id)
        WHERE payment_status = 'authorized' OR payment_status = 'partially_paid'
            OR payment_status = 'partially_refunded' OR payment_status = 'refunded' OR payment_status = 'voided'
            OR payment_status = 'failed'
        """

    private static let lines: Migration.Statement = """
        CREATE TABLE order_lines (
            store_id UUID NOT NULL,
            order_id UUID NOT NULL,
            position BIGINT NOT NULL,
            id UUID NOT NULL,
            variant_id UUID,
            sku TEXT NOT NULL,
            title TEXT NOT NULL,
            quantity BIGINT NOT NULL CHECK (quantity > 0),
            fulfilled_quantity BIGINT NOT NULL,
            unit_price BIGINT NOT NULL,
            total BIGINT NOT NULL,
            discount BIGINT NOT NULL,
            tax BIGINT NOT NULL,
            PRIMARY KEY (store_id, order_id, position),
            CONSTRAINT order_lines_fulfilled CHECK (fulfilled_quantity >= 0 AND fulfilled_quantity <= quantity),
            CONSTRAINT order_lines_total CHECK (total = unit_price * quantity)
        )
        """
}
