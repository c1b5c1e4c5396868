import Persistence

extension Catalog {
    /// That a parent exists, and that nothing is its own ancestor, is kept by the actions, which take turns: a foreign
    /// key to the table itself could not be added on SQLite, and none forbids a circle.
    static let categoryTree = Migration(
        220, "categories are a tree",
        [
            "ALTER TABLE categories ADD COLUMN parent_id UUID",
            "ALTER TABLE categories ADD COLUMN position BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE categories ADD COLUMN description_html TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE categories ADD COLUMN seo_title TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE categories ADD COLUMN seo_description TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE categories ADD COLUMN image_url TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE categories ADD COLUMN image_alt TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE categories ADD COLUMN version BIGINT NOT NULL DEFAULT 1",
            "CREATE INDEX categories_by_parent ON categories (store_id, parent_id, position, handle)",
        ])

    /// A former handle leads to what had it, not to its next handle: however often that changes, one step is enough.
    static let redirects = Migration(
        221, "former handles",
        [
            """
            CREATE TABLE handle_redirects (
                store_id UUID NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('product', 'category', 'collection')),
                handle TEXT NOT NULL,
                target_id UUID NOT NULL,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (store_id, kind, handle)
            )
            """,
            "CREATE INDEX handle_redirects_by_target ON handle_redirects (store_id, target_id)",
        ])

    /// Which products are in a collection is written down with the place of each, so that a page of it is read from an
    /// index whatever the rule is.
    static let collections = Migration(
        222, "collections",
        [
            """
            CREATE TABLE collections (
                store_id UUID NOT NULL,
                id UUID NOT NULL,
                handle TEXT NOT NULL,
                title TEXT NOT NULL,
                description_html TEXT NOT NULL,
                seo_title TEXT NOT NULL,
                seo_description TEXT NOT NULL,
                image_url TEXT NOT NULL,
                image_alt TEXT NOT NULL,
                matching TEXT NOT NULL CHECK (matching IN ('', 'all', 'any')),
                conditions TEXT NOT NULL,
                uses_stock BOOLEAN NOT NULL,
                sort_order TEXT NOT NULL,
                featured BOOLEAN NOT NULL,
                revision BIGINT NOT NULL,
                settled_revision BIGINT NOT NULL,
                version BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                PRIMARY KEY (store_id, id),
                CONSTRAINT collections_handle UNIQUE (store_id, handle)
            )
            """,
            "CREATE INDEX collections_by_stock ON collections (store_id, id) WHERE uses_stock",
            """
            CREATE TABLE collection_products (
                store_id UUID NOT NULL,
                collection_id UUID NOT NULL,
                product_id UUID NOT NULL,
                position BIGINT NOT NULL,
                sort_number BIGINT NOT NULL,
                sort_text TEXT NOT NULL,
                PRIMARY KEY (store_id, collection_id, product_id),
                FOREIGN KEY (store_id, collection_id) REFERENCES collections (store_id, id) ON DELETE CASCADE,
                FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id) ON DELETE CASCADE
            )
            """,
            """
            CREATE INDEX collection_products_sorted
            ON collection_products (store_id, collection_id, sort_number, sort_text, product_id)
            """,
            "CREATE INDEX collection_products_by_product ON collection_products (store_id, product_id)",
            """
            CREATE TABLE catalog_cursors (
                name TEXT NOT NULL,
                position BIGINT NOT NULL,
                PRIMARY KEY (name)
            )
            """,
        ])

    /// The numbers are `Instant.latest`, for what stays for ever, and 0, for what was always there.
    static let publication = Migration(
        223, "scheduled publication",
        [
            "ALTER TABLE products ADD COLUMN published_at BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE products ADD COLUMN unpublished_at BIGINT NOT NULL DEFAULT 253402300799999999",
            """
            CREATE TABLE publications (
                store_id UUID NOT NULL,
                product_id UUID NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('published', 'unpublished')),
                moment BIGINT NOT NULL,
                PRIMARY KEY (store_id, product_id, kind),
                FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id) ON DELETE CASCADE
            )
            """,
            "CREATE INDEX publications_by_moment ON publications (moment, store_id, product_id, kind)",
        ])

    static let relatedProducts = Migration(
        224, "related products",
        [
            """
            CREATE TABLE related_products (
                store_id UUID NOT NULL,
                product_id UUID NOT NULL,
                related_id UUID NOT NULL,
                position BIGINT NOT NULL,
                PRIMARY KEY (store_id, product_id, related_id),
                FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id) ON DELETE CASCADE,
                FOREIGN KEY (store_id, related_id) REFERENCES products (store_id, id) ON DELETE CASCADE
            )
            """,
            "CREATE INDEX related_products_by_related ON related_products (store_id, related_id)",
        ])
}
