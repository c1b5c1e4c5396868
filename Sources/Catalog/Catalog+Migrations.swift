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
}
