import Persistence
import Primitives

/// The SQL of `product_categories`, and of the categories that products bring along.
enum ProductCategoryTable {
    static func membership(_ categories: [CategoryID], store: StoreID) -> SQL {
        """
        id IN (SELECT product_id FROM product_categories
            WHERE store_id = \(store) AND category_id IN \(list: categories))
        """
    }

    static func ofProducts(
        _ products: [ProductID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<(ProductID, Category)> {
        try tx.later(
            """
            SELECT pc.product_id, c.id, c.handle, c.title
            FROM product_categories pc JOIN categories c ON c.store_id = pc.store_id AND c.id = pc.category_id
            WHERE pc.store_id = \(store) AND pc.product_id IN \(list: products)
            ORDER BY pc.product_id, pc.position
            """
        ) { (try $0[0], Category(id: try $0[1], handle: try $0[2], title: try $0[3])) }
    }

    /// The categories of these handles that exist. They stay until the transaction ends.
    static func held(
        _ handles: [String], store: StoreID, in tx: borrowing Transaction
    ) throws -> [Category] {
        guard !handles.isEmpty else { return [] }
        let lock: SQL = tx.engine == .postgres ? " FOR KEY SHARE" : ""
        return try tx.query(
            """
            SELECT id, handle, title FROM categories
            WHERE store_id = \(store) AND handle IN \(list: handles) ORDER BY handle\(lock)
            """
        ) { Category(id: try $0[0], handle: try $0[1], title: try $0[2]) }
    }

    /// Makes one of the outermost categories, the last of them, unless the handle is taken.
    static func make(
        _ handle: String, title: String, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO categories (store_id, id, handle, title, position)
            SELECT \(store), \(tx.newIdentifier(IdentifierKinds.Category.self)), \(handle), \(title),
                COALESCE(MAX(position), -1) + 1
            FROM categories WHERE store_id = \(store) AND parent_id IS NULL
            ON CONFLICT (store_id, handle) DO NOTHING
            """)
    }

    static func replace(
        _ categories: [Category], of product: ProductID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute("DELETE FROM product_categories WHERE store_id = \(store) AND product_id = \(product)")
        guard !categories.isEmpty else { return }
        try insert(categories.enumerated().map { row($1, at: $0, of: product, store) }, in: tx)
    }

    static func row(_ category: Category, at position: Int, of product: ProductID, _ store: StoreID) -> [SQLValue] {
        [store.sqlValue, category.id.sqlValue, product.sqlValue, position.sqlValue]
    }

    static func insert(_ rows: [[SQLValue]], in tx: borrowing Transaction) throws {
        try tx.execute(
            "INSERT INTO product_categories (store_id, category_id, product_id, position) VALUES \(rows: rows)")
    }
}
