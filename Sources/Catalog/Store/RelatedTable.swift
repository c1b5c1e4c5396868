import Persistence
import Primitives

/// The SQL of `related_products`.
enum RelatedTable {
    static func find(_ product: ProductID, store: StoreID, in tx: borrowing Transaction) throws -> [ProductID] {
        try tx.query(
            """
            SELECT related_id FROM related_products
            WHERE store_id = \(store) AND product_id = \(product) ORDER BY position
            """
        ) { try $0[0] }
    }

    static func replace(
        _ related: [ProductID], of product: ProductID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute("DELETE FROM related_products WHERE store_id = \(store) AND product_id = \(product)")
        guard !related.isEmpty else { return }
        let rows = related.enumerated().map { position, id in
            [store.sqlValue, product.sqlValue, id.sqlValue, position.sqlValue]
        }
        try tx.execute(
            "INSERT INTO related_products (store_id, product_id, related_id, position) VALUES \(rows: rows)")
    }

    /// Products of a category that were made shortly before and after one: a few, however many there are.
    static func neighbours(
        of product: ProductID, in category: CategoryID, limit: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<ProductID> {
        try tx.later(
            """
            SELECT product_id FROM (SELECT product_id FROM product_categories
                WHERE store_id = \(store) AND category_id = \(category) AND product_id > \(product)
                ORDER BY product_id LIMIT \(limit)) later
            UNION ALL
            SELECT product_id FROM (SELECT product_id FROM product_categories
                WHERE store_id = \(store) AND category_id = \(category) AND product_id < \(product)
                ORDER BY product_id DESC LIMIT \(limit)) earlier
            """
        ) { try $0[0] }
    }
}
