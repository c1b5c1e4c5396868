public import Persistence

/// Who buys: customers, the groups that they belong to, and which orders are theirs.
public enum Customers {
    public static let migrations: [Migration] = [
        Migration(
            120, "customers and their groups",
            [
                """
                CREATE TABLE customers (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    email TEXT NOT NULL,
                    email_key TEXT,
                    phone TEXT NOT NULL,
                    first_name TEXT NOT NULL,
                    last_name TEXT NOT NULL,
                    addresses TEXT NOT NULL,
                    tags TEXT NOT NULL,
                    note TEXT NOT NULL,
                    accepts_marketing BOOLEAN NOT NULL,
                    tax_exempt BOOLEAN NOT NULL,
                    vat_number TEXT NOT NULL,
                    metadata TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id),
                    CONSTRAINT customers_email UNIQUE (store_id, email_key),
                    CONSTRAINT customers_email_key CHECK ((email = '') = (email_key IS NULL))
                )
                """,
                """
                CREATE TABLE customer_words (
                    store_id UUID NOT NULL,
                    word TEXT NOT NULL,
                    customer_id UUID NOT NULL,
                    PRIMARY KEY (store_id, word, customer_id),
                    FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
                )
                """,
                "CREATE INDEX customer_words_by_customer ON customer_words (store_id, customer_id)",
                """
                CREATE TABLE customer_groups (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    name TEXT NOT NULL,
                    metadata TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id),
                    CONSTRAINT customer_groups_name UNIQUE (store_id, name)
                )
                """,
                """
                CREATE TABLE customer_group_members (
                    store_id UUID NOT NULL,
                    group_id UUID NOT NULL,
                    customer_id UUID NOT NULL,
                    PRIMARY KEY (store_id, group_id, customer_id),
                    FOREIGN KEY (store_id, group_id) REFERENCES customer_groups (store_id, id) ON DELETE CASCADE,
                    FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
                )
                """,
                "CREATE INDEX customer_group_members_by_customer ON customer_group_members (store_id, customer_id)",
                """
                CREATE TABLE customer_orders (
                    store_id UUID NOT NULL,
                    order_id UUID NOT NULL,
                    customer_id UUID NOT NULL,
                    placed_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, order_id),
                    FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
                )
                """,
                """
                CREATE INDEX customer_orders_by_customer
                ON customer_orders (store_id, customer_id, placed_at, order_id)
                """,
            ])
    ]

    /// The most groups of a store: lists of them are read whole.
    public static let mostGroups = 200
}
