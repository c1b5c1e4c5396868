import Persistence
import Primitives

/// What the index holds of a product now.
struct StoredDocument: Sendable {
    let product: ProductID
    let document: Int
    let keys: Set<String>
}

/// The SQL of `search_documents`, and of what is kept beside each document.
enum SearchDocumentTable {
    private static let separator: Character = "\u{1E}"

    static func stored(
        _ products: some Collection<ProductID>, store: StoreID, in tx: borrowing Transaction
    ) throws -> [StoredDocument] {
        try tx.query(
            """
            SELECT d.product_id, d.document, k.keys
            FROM search_documents d
                JOIN search_document_keys k ON k.store_id = d.store_id AND k.document = d.document
            WHERE d.store_id = \(store) AND d.product_id IN \(list: products)
            """
        ) { row in
            let keys: String = try row[2]
            return StoredDocument(
                product: try row[0], document: try row[1], keys: Set(keys.split(separator: separator).map(String.init)))
        }
    }

    static func upsert(
        _ documents: [(number: Int, document: SearchDocument)], store: StoreID, in tx: borrowing Transaction
    ) throws {
        for part in documents.inPowersOfTwo(most: 64) {
            let rows = part.map { number, document in
                [store.sqlValue, number.sqlValue, document.product.sqlValue, document.titleKey.sqlValue]
            }
            try tx.execute(
                """
                INSERT INTO search_documents (store_id, document, product_id, title_key) VALUES \(rows: rows)
                ON CONFLICT (store_id, document) DO UPDATE SET title_key = excluded.title_key
                """)
            let keys = part.map { [store.sqlValue, $0.sqlValue, joined($1.keys).sqlValue] }
            try tx.execute(
                """
                INSERT INTO search_document_keys (store_id, document, keys) VALUES \(rows: keys)
                ON CONFLICT (store_id, document) DO UPDATE SET keys = excluded.keys
                """)
        }
    }

    /// Keeps products beside their documents, which are there already.
    static func keep(
        _ products: [(number: Int, product: Product)], store: StoreID, in tx: borrowing Transaction
    ) throws {
        for part in products.inPowersOfTwo(most: 64) {
            let rows = part.map { [store.sqlValue, $0.sqlValue, SQLValue.bytes(ProductSnapshot($1).encoded)] }
            try tx.execute(
                """
                INSERT INTO search_products (store_id, document, contents) VALUES \(rows: rows)
                ON CONFLICT (store_id, document) DO UPDATE SET contents = excluded.contents
                """)
        }
    }

    /// What is kept beside these documents, in no order; nil for what another version of the program has written.
    static func kept(
        _ documents: some Collection<Int>, store: StoreID, in tx: borrowing Transaction
    ) throws -> [(document: Int, snapshot: ProductSnapshot?)] {
        try tx.query(
            """
            SELECT document, contents FROM search_products
            WHERE store_id = \(store) AND document IN \(list: documents)
            """
        ) { (try $0[0], ProductSnapshot(try $0[1])) }
    }

    private static func joined(_ keys: Set<String>) -> String { keys.sorted().joined(separator: String(separator)) }

    /// How many products have no document.
    static func countMissing(of store: StoreID, in tx: borrowing Transaction) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) FROM products
            LEFT JOIN search_documents
                ON search_documents.store_id = products.store_id AND search_documents.product_id = products.id
            WHERE products.store_id = \(store) AND search_documents.product_id IS NULL
            """
        ) { try $0[0] } ?? 0
    }

    /// The products of every so-manieth document.
    static func sample(
        every step: Int, from first: Int, limit: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> [ProductID] {
        try tx.query(
            """
            SELECT product_id FROM search_documents
            WHERE store_id = \(store) AND document % \(step) = \(first) ORDER BY document LIMIT \(limit)
            """
        ) { try $0[0] }
    }

    static func setKeys(
        _ keys: Set<String>, of document: Int, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE search_document_keys SET keys = \(joined(keys))
            WHERE store_id = \(store) AND document = \(document)
            """)
    }

    static func delete(
        _ products: some Collection<ProductID>, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute("DELETE FROM search_documents WHERE store_id = \(store) AND product_id IN \(list: products)")
    }

    /// The products that documents are of, in no order.
    static func products(
        of documents: [Int], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<(document: Int, product: ProductID)> {
        try tx.later(
            """
            SELECT document, product_id FROM search_documents
            WHERE store_id = \(store) AND document IN \(list: documents)
            """
        ) { (try $0[0], try $0[1]) }
    }

    static func document(
        of product: ProductID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Int? {
        try tx.first(
            "SELECT document FROM search_documents WHERE store_id = \(store) AND product_id = \(product)"
        ) { try $0[0] }
    }

    static func titles(
        of documents: [Int32], store: StoreID, in tx: borrowing Transaction
    ) throws -> [(titleKey: String, document: Int)] {
        try tx.query(
            """
            SELECT title_key, document FROM search_documents
            WHERE store_id = \(store) AND document IN \(list: documents.map(Int.init))
            """
        ) { (try $0[0], try $0[1]) }
    }

    /// Documents in the order of their titles.
    static func titles(
        after position: (titleKey: String, document: Int)?, limit: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> [(titleKey: String, document: Int)] {
        let rest: SQL = position.map { "AND (title_key, document) > (\($0.titleKey), \($0.document))" } ?? ""
        return try tx.query(
            """
            SELECT title_key, document FROM search_documents WHERE store_id = \(store) \(rest)
            ORDER BY title_key, document LIMIT \(limit)
            """
        ) { (try $0[0], try $0[1]) }
    }
}
