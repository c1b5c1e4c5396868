import Persistence
import Primitives

/// The SQL of `categories` and `product_categories`.
enum CategoryTable {
    static func page(
        after handle: String?, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [Category] {
        let rest: SQL = handle.map { " AND handle > \($0)" } ?? ""
        return try tx.query(
            "SELECT id, handle, title FROM categories WHERE store_id = \(store)\(rest) ORDER BY handle LIMIT \(limit)"
        ) { Category(id: try $0[0], handle: try $0[1], title: try $0[2]) }
    }

    static func find(handle: String, store: StoreID, in tx: borrowing Transaction) throws -> CategoryID? {
        try tx.first("SELECT id FROM categories WHERE store_id = \(store) AND handle = \(handle)") { try $0[0] }
    }

    static func membership(_ category: CategoryID, store: StoreID) -> SQL {
        """
        id IN (SELECT product_id FROM product_categories WHERE store_id = \(store) AND category_id = \(category))
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

    /// Makes the categories that do not exist yet and gives the product exactly these.
    static func assign(
        _ drafts: [ProductDraft.CategoryDraft], to product: Product, store: StoreID, in tx: borrowing Transaction
    ) throws -> [Category] {
        try tx.execute("DELETE FROM product_categories WHERE store_id = \(store) AND product_id = \(product.id)")
        // In the order of their handles, so that two products that make the same categories do not wait in a circle.
        for draft in drafts.sorted(by: { $0.handle < $1.handle }) {
            try tx.execute(
                """
                INSERT INTO categories (store_id, id, handle, title)
                VALUES (\(store), \(tx.newIdentifier(IdentifierKinds.Category.self)), \(draft.handle),
                    \(draft.title ?? draft.handle))
                ON CONFLICT (store_id, handle) DO NOTHING
                """)
        }
        var categories: [Category] = []
        for draft in drafts where !categories.contains(where: { $0.handle == draft.handle }) {
            let found = try tx.first(
                "SELECT id, handle, title FROM categories WHERE store_id = \(store) AND handle = \(draft.handle)"
            ) { Category(id: try $0[0], handle: try $0[1], title: try $0[2]) }
            guard let found else { continue }
            categories.append(found)
        }
        guard !categories.isEmpty else { return [] }
        let rows = categories.enumerated().map { position, category in
            [store.sqlValue, category.id.sqlValue, product.id.sqlValue, position.sqlValue]
        }
        try tx.execute(
            "INSERT INTO product_categories (store_id, category_id, product_id, position) VALUES \(rows: rows)")
        return categories
    }
}
