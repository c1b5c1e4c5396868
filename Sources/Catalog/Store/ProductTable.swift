import Persistence
import Primitives

/// The SQL of `products`.
enum ProductTable {
    private static let columns: SQL = """
        id, handle, title, description_html, status, vendor, option_names, images, tags, version, created_at, \
        updated_at, published_at, unpublished_at
        """

    static func find(_ condition: SQL, store: StoreID, in tx: borrowing Transaction) throws -> [Product] {
        try tx.query("SELECT \(columns) FROM products WHERE store_id = \(store) AND \(condition)", read)
    }

    /// Whether buyers see a product at a moment.
    /// - Parameter table: the table's name in the statement, with its dot; empty where there is no other.
    static func isShown(at moment: Instant, as table: SQL = "") -> SQL {
        "\(table)status = 'active' AND \(table)published_at <= \(moment) AND \(table)unpublished_at > \(moment)"
    }

    static func page(_ condition: SQL, limit: Int, in tx: borrowing Transaction) throws -> [Product] {
        try tx.query("SELECT \(columns) FROM products WHERE \(condition) ORDER BY id LIMIT \(limit)", read)
    }

    static func lock(_ id: ProductID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("SELECT 1 FROM products WHERE store_id = \(store) AND id = \(id)\(tx.forUpdate)")
    }

    static func owner(ofHandle handle: String, store: StoreID, in tx: borrowing Transaction) throws -> ProductID? {
        try tx.first("SELECT id FROM products WHERE store_id = \(store) AND handle = \(handle)") { try $0[0] }
    }

    static func ids(
        ofHandles handles: [String], store: StoreID, in tx: borrowing Transaction
    ) throws -> [String: ProductID] {
        let rows = try tx.query(
            "SELECT handle, id FROM products WHERE store_id = \(store) AND handle IN \(list: handles)"
        ) { (try $0[0] as String, try $0[1] as ProductID) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// False when the handle is taken.
    static func insert(_ product: Product, store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try tx.changes(
            """
            INSERT INTO products (store_id, id, handle, title, description_html, status, vendor, option_names, images,
                tags, version, created_at, updated_at, published_at, unpublished_at)
            VALUES (\(store), \(product.id), \(product.handle), \(product.title), \(product.descriptionHTML),
                \(product.status.rawValue), \(product.vendor), \(ProductDocument.texts(product.optionNames)),
                \(ProductDocument.images(product.images)), \(ProductDocument.texts(product.tags)),
                \(product.version), \(product.createdAt), \(product.updatedAt),
                \(product.publishedAt ?? always), \(product.unpublishedAt ?? .latest))
            ON CONFLICT (store_id, handle) DO NOTHING
            """) == 1
    }

    static func update(_ product: Product, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE products SET handle = \(product.handle), title = \(product.title),
                description_html = \(product.descriptionHTML), status = \(product.status.rawValue),
                vendor = \(product.vendor), option_names = \(ProductDocument.texts(product.optionNames)),
                images = \(ProductDocument.images(product.images)), tags = \(ProductDocument.texts(product.tags)),
                version = \(product.version), updated_at = \(product.updatedAt),
                published_at = \(product.publishedAt ?? always),
                unpublished_at = \(product.unpublishedAt ?? .latest)
            WHERE store_id = \(store) AND id = \(product.id)
            """)
    }

    /// The last product of a part of so many; nil when there are not as many, or no more.
    static func end(
        ofPartAfter last: ProductID?, size: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> ProductID? {
        let rest: SQL = last.map { "AND id > \($0)" } ?? ""
        return try tx.first(
            "SELECT id FROM products WHERE store_id = \(store) \(rest) ORDER BY id LIMIT 1 OFFSET \(size - 1)"
        ) { try $0[0] }
    }

    /// Those of a part that buyers see.
    static func listed(
        after last: ProductID?, size: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> [ListedPage] {
        let rest: SQL = last.map { "AND id > \($0)" } ?? ""
        return try tx.query(
            """
            SELECT handle, updated_at FROM (SELECT * FROM products WHERE store_id = \(store) \(rest)
                ORDER BY id LIMIT \(size)) part
            WHERE \(isShown(at: tx.now)) ORDER BY id
            """
        ) { ListedPage(handle: try $0[0], updatedAt: try $0[1]) }
    }

    static func delete(_ id: ProductID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM products WHERE store_id = \(store) AND id = \(id)")
    }

    /// The moment of what was always shown.
    private static let always = Instant(microseconds: 0)

    private static func read(_ row: Row) throws -> Product {
        let (published, unpublished): (Instant, Instant) = (try row[12], try row[13])
        let status: String = try row[4]
        guard let status = ProductStatus(rawValue: status) else {
            throw DatabaseError.decoding("a product has the unknown status \(status)")
        }
        return Product(
            id: try row[0], handle: try row[1], title: try row[2], descriptionHTML: try row[3], status: status,
            vendor: try row[5], optionNames: try ProductDocument.texts(row[6]),
            images: try ProductDocument.images(row[7]), tags: try ProductDocument.texts(row[8]), categories: [],
            variants: [], version: try row[9], createdAt: try row[10], updatedAt: try row[11],
            publishedAt: published == always ? nil : published,
            unpublishedAt: unpublished == .latest ? nil : unpublished)
    }
}
