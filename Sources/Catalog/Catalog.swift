public import Persistence

/// What a store sells: products, their variants, and the categories they are found under.
public enum Catalog {
    public static let migrations: [Migration] = productMigrations + searchMigrations

    private static let productMigrations: [Migration] = [
        Migration(
            200, "products, variants and categories",
            [
                """
                CREATE TABLE products (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    handle TEXT NOT NULL,
                    title TEXT NOT NULL,
                    description_html TEXT NOT NULL,
                    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
                    vendor TEXT NOT NULL,
                    option_names TEXT NOT NULL,
                    images TEXT NOT NULL,
                    tags TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id),
                    CONSTRAINT products_handle UNIQUE (store_id, handle)
                )
                """,
                """
                CREATE TABLE variants (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    product_id UUID NOT NULL,
                    position BIGINT NOT NULL,
                    sku TEXT NOT NULL,
                    title TEXT NOT NULL,
                    option_values TEXT NOT NULL,
                    price BIGINT NOT NULL CHECK (price >= 0),
                    compare_at_price BIGINT CHECK (compare_at_price >= 0),
                    weight_grams BIGINT NOT NULL CHECK (weight_grams >= 0),
                    taxable BOOLEAN NOT NULL,
                    requires_shipping BOOLEAN NOT NULL,
                    PRIMARY KEY (store_id, id),
                    FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id) ON DELETE CASCADE
                )
                """,
                "CREATE INDEX variants_by_product ON variants (store_id, product_id, position)",
                "CREATE INDEX variants_by_sku ON variants (store_id, sku)",
                """
                CREATE TABLE categories (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    handle TEXT NOT NULL,
                    title TEXT NOT NULL,
                    PRIMARY KEY (store_id, id),
                    CONSTRAINT categories_handle UNIQUE (store_id, handle)
                )
                """,
                """
                CREATE TABLE product_categories (
                    store_id UUID NOT NULL,
                    category_id UUID NOT NULL,
                    product_id UUID NOT NULL,
                    position BIGINT NOT NULL,
                    PRIMARY KEY (store_id, category_id, product_id),
                    FOREIGN KEY (store_id, category_id) REFERENCES categories (store_id, id),
                    FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id) ON DELETE CASCADE
                )
                """,
                "CREATE INDEX product_categories_by_product ON product_categories (store_id, product_id, position)",
                """
                CREATE TABLE product_words (
                    store_id UUID NOT NULL,
                    word TEXT NOT NULL,
                    product_id UUID NOT NULL,
                    PRIMARY KEY (store_id, word, product_id),
                    FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id) ON DELETE CASCADE
                )
                """,
                "CREATE INDEX product_words_by_product ON product_words (store_id, product_id)",
            ]),
        Migration(
            210, "details of products and variants",
            [
                "ALTER TABLE products ADD COLUMN product_type TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE products ADD COLUMN seo_title TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE products ADD COLUMN seo_description TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE products ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}'",
                "ALTER TABLE variants ADD COLUMN barcode TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE variants ADD COLUMN weight_unit TEXT NOT NULL DEFAULT 'g'",
                "ALTER TABLE variants ADD COLUMN cost BIGINT CHECK (cost >= 0)",
                "ALTER TABLE variants ADD COLUMN tax_code TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE variants ADD COLUMN image_url TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE variants ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}'",
            ]),
        categoryTree, redirects, collections, publication, relatedProducts, priceLists,
    ]

    /// The most price lists of a store, and the most further currencies: both are read whole.
    public static let mostPriceLists = 200
    public static let mostCurrencies = 50
}
