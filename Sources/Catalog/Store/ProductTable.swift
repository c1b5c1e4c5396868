import Persistence
import Primitives

/// The SQL of `products`.
enum ProductTable {
    private static let columns: SQL = """
        id, handle, title, description_html, status, vendor, option_names, images, tags, version, created_at, \
        updated_at, published_at, unpublished_at, product_type, seo_title, seo_description, metadata
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
            INSERT INTO products (store_id, \(columns)) VALUES \(rows: [row(product, store)])
            ON CONFLICT (store_id, handle) DO NOTHING
            """) == 1
    }

    /// Those of the products whose handles were free.
    static func insert(
        _ products: some Collection<Product>, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<ProductID> {
        try tx.later(
            """
            INSERT INTO products (store_id, \(columns)) VALUES \(rows: products.map { row($0, store) })
            ON CONFLICT (store_id, handle) DO NOTHING RETURNING id
            """
        ) { try $0[0] }
    }

    /// The values of `store_id` and `columns`.
    private static func row(_ product: Product, _ store: StoreID) -> [SQLValue] {
        [
            store.sqlValue, product.id.sqlValue, product.handle.sqlValue, product.title.sqlValue,
            product.descriptionHTML.sqlValue, product.status.rawValue.sqlValue, product.vendor.sqlValue,
            ProductDocument.texts(product.optionNames).sqlValue, ProductDocument.images(product.images).sqlValue,
            ProductDocument.texts(product.tags).sqlValue, product.version.sqlValue, product.createdAt.sqlValue,
            product.updatedAt.sqlValue, (product.publishedAt ?? always).sqlValue,
            (product.unpublishedAt ?? .latest).sqlValue, product.details.type.sqlValue,
            product.details.seoTitle.sqlValue,
            product.details.seoDescription.sqlValue, ProductDocument.metadata(product.details.metadata).sqlValue,
        ]
    }

    static func update(_ product: Product, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE products SET handle = \(product.handle), title = \(product.title),
                description_html = \(product.descriptionHTML), status = \(product.status.rawValue),
                vendor = \(product.vendor), option_names = \(ProductDocument.texts(product.optionNames)),
                images = \(ProductDocument.images(product.images)), tags = \(ProductDocument.texts(product.tags)),
                product_type = \(product.details.type), seo_title = \(product.details.seoTitle),
                seo_description = \(product.details.seoDescription),
                metadata = \(ProductDocument.metadata(product.details.metadata)),
                published_at = \(product.publishedAt ?? always),
                unpublished_at = \(product.unpublishedAt ?? .latest),
                version = \(product.version), updated_at = \(product.updatedAt)
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

    static func metadataNames(
        of store: StoreID, after: ProductID?, limit: Int, in tx: borrowing Transaction
    ) throws -> (names: MetadataNames, last: ProductID?) {
        let rest: SQL = after.map { " AND id > \($0)" } ?? ""
        let products = try tx.query(
            "SELECT id, metadata FROM products WHERE store_id = \(store)\(rest) ORDER BY id LIMIT \(limit)"
        ) { (id: try $0[0] as ProductID, metadata: try ProductDocument.metadata($0[1])) }
        var names = MetadataNames()
        guard let first = products.first, let last = products.last else { return (names, nil) }
        for product in products { names.products.formUnion(product.metadata.keys) }
        let variants = try tx.query(
            """
            SELECT DISTINCT metadata FROM variants
            WHERE store_id = \(store) AND product_id >= \(first.id) AND product_id <= \(last.id)
            """
        ) { try ProductDocument.metadata($0[0]) }
        for metadata in variants { names.variants.formUnion(metadata.keys) }
        return (names, products.count == limit ? last.id : nil)
    }

    static func delete(_ id: ProductID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM products WHERE store_id = \(store) AND id = \(id)")
    }

    /// The moment of what was always shown.
    static let always = Instant(microseconds: 0)

    private static func read(_ row: Row) throws -> Product {
        let (published, unpublished): (Instant, Instant) = (try row[12], try row[13])
        let status: String = try row[4]
        guard let status = ProductStatus(rawValue: status) else {
            throw DatabaseError.decoding("a product has the unknown status \(status)")
        }
        return Product(
            id: try row[0], handle: try row[1], title: try row[2], descriptionHTML: try row[3], status: status,
            vendor: try row[5], optionNames: try ProductDocument.texts(row[6]),
            images: try ProductDocument.images(row[7]), tags: try ProductDocument.texts(row[8]),
            details: ProductDetails(
                type: try row[14], seoTitle: try row[15], seoDescription: try row[16],
                metadata: try ProductDocument.metadata(row[17])),
            categories: [], variants: [], version: try row[9], createdAt: try row[10], updatedAt: try row[11],
            publishedAt: published == always ? nil : published,
            unpublishedAt: unpublished == .latest ? nil : unpublished)
    }
}
