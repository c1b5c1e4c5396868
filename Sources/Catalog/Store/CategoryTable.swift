import Persistence
import Primitives

/// The SQL of `categories`.
enum CategoryTable {
    private static let columns: SQL = """
        id, handle, title, parent_id, position, description_html, seo_title, seo_description, image_url, image_alt, \
        version
        """

    static func find(
        _ condition: SQL, store: StoreID, in tx: borrowing Transaction
    ) throws -> [CategoryDetails] {
        try tx.query("SELECT \(columns) FROM categories WHERE store_id = \(store) AND \(condition)", read)
    }

    static func page(
        after handle: String?, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [CategoryDetails] {
        let rest: SQL = handle.map { "handle > \($0)" } ?? "1 = 1"
        return try find("\(rest) ORDER BY handle LIMIT \(limit)", store: store, in: tx)
    }

    /// Those of one parent, or the outermost, in their order.
    static func children(
        of parent: CategoryID?, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [Category] {
        try tx.query(
            """
            SELECT id, handle, title FROM categories WHERE store_id = \(store) AND \(isChild(of: parent))
            ORDER BY position, handle LIMIT \(limit)
            """
        ) { Category(id: try $0[0], handle: try $0[1], title: try $0[2]) }
    }

    /// The ids and places of those of one parent, in their order.
    static func places(
        under parent: CategoryID?, store: StoreID, in tx: borrowing Transaction
    ) throws -> [(id: CategoryID, position: Int)] {
        try tx.query(
            """
            SELECT id, position FROM categories WHERE store_id = \(store) AND \(isChild(of: parent))
            ORDER BY position, handle
            """
        ) { (id: try $0[0], position: try $0[1]) }
    }

    /// Of each of the categories, those above it: the outermost first.
    static func ancestors(
        of categories: [CategoryID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [CategoryID: [Category]] {
        let rows = try tx.query(
            """
            WITH RECURSIVE up (origin, id, handle, title, parent_id, height) AS (
                SELECT id, id, handle, title, parent_id, CAST(0 AS BIGINT) FROM categories
                WHERE store_id = \(store) AND id IN \(list: categories)
                UNION ALL
                SELECT u.origin, c.id, c.handle, c.title, c.parent_id, u.height + 1
                FROM up u JOIN categories c ON c.store_id = \(store) AND c.id = u.parent_id
                WHERE u.height < \(CategoryTree.mostLevels)
            )
            SELECT origin, id, handle, title FROM up WHERE height > 0 ORDER BY origin, height DESC
            """
        ) { (try $0[0] as CategoryID, Category(id: try $0[1], handle: try $0[2], title: try $0[3])) }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    /// The category and all below it, each with its depth under the category.
    static func branch(
        _ root: SQL, store: StoreID, in tx: borrowing Transaction
    ) throws -> [(id: CategoryID, depth: Int)] {
        try tx.query(
            """
            WITH RECURSIVE branch (id, depth) AS (
                SELECT id, CAST(0 AS BIGINT) FROM categories WHERE store_id = \(store) AND \(root)
                UNION ALL
                SELECT c.id, b.depth + 1 FROM branch b
                JOIN categories c ON c.store_id = \(store) AND c.parent_id = b.id
                WHERE b.depth < \(CategoryTree.mostLevels)
            )
            SELECT id, depth FROM branch
            """
        ) { (id: try $0[0], depth: try $0[1]) }
    }

    static func owner(ofHandle handle: String, store: StoreID, in tx: borrowing Transaction) throws -> CategoryID? {
        try tx.first("SELECT id FROM categories WHERE store_id = \(store) AND handle = \(handle)") { try $0[0] }
    }

    /// These categories, in no order.
    static func categories(
        _ ids: [CategoryID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [Category] {
        try tx.query("SELECT id, handle, title FROM categories WHERE store_id = \(store) AND id IN \(list: ids)") {
            Category(id: try $0[0], handle: try $0[1], title: try $0[2])
        }
    }

    static func insert(_ category: CategoryDetails, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO categories (store_id, id, handle, title, parent_id, position, description_html, seo_title,
                seo_description, image_url, image_alt, version)
            VALUES (\(store), \(category.id), \(category.handle), \(category.title), \(category.parent),
                \(category.position), \(category.descriptionHTML), \(category.seoTitle), \(category.seoDescription),
                \(category.image?.url ?? ""), \(category.image?.alt ?? ""), \(category.version))
            """)
    }

    static func update(_ category: CategoryDetails, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE categories SET handle = \(category.handle), title = \(category.title),
                parent_id = \(category.parent), position = \(category.position),
                description_html = \(category.descriptionHTML), seo_title = \(category.seoTitle),
                seo_description = \(category.seoDescription), image_url = \(category.image?.url ?? ""),
                image_alt = \(category.image?.alt ?? ""), version = \(category.version)
            WHERE store_id = \(store) AND id = \(category.id)
            """)
    }

    static func move(_ id: CategoryID, to position: Int, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("UPDATE categories SET position = \(position) WHERE store_id = \(store) AND id = \(id)")
    }

    /// Locks the row against products that are just put into the category.
    static func lock(_ id: CategoryID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("SELECT 1 FROM categories WHERE store_id = \(store) AND id = \(id)\(tx.forUpdate)")
    }

    static func delete(_ id: CategoryID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM product_categories WHERE store_id = \(store) AND category_id = \(id)")
        try tx.execute("DELETE FROM categories WHERE store_id = \(store) AND id = \(id)")
    }

    /// Every category in the order of places, at most so many.
    /// Without what is said of them.
    static func all(store: StoreID, limit: Int, in tx: borrowing Transaction) throws -> [CategoryDetails] {
        try tx.query(
            """
            SELECT id, handle, title, parent_id, position, '', '', '', '', '', version FROM categories
            WHERE store_id = \(store) ORDER BY position, handle LIMIT \(limit)
            """, read)
    }

    private static func isChild(of parent: CategoryID?) -> SQL {
        parent.map { "parent_id = \($0)" } ?? "parent_id IS NULL"
    }

    private static func read(_ row: Row) throws -> CategoryDetails {
        let url: String = try row[8]
        return CategoryDetails(
            id: try row[0], handle: try row[1], title: try row[2], parent: try row[3], position: try row[4],
            descriptionHTML: try row[5], seoTitle: try row[6], seoDescription: try row[7],
            image: url.isEmpty ? nil : ProductImage(url: url, alt: try row[9]), version: try row[10])
    }
}
