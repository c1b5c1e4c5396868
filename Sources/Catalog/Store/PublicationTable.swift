import Persistence
import Primitives

/// A document whose set of those that are not shown has yet to be told what the clock says.
struct DueDocument: Sendable {
    let document: Int
    let isShown: Bool
}

/// The SQL of `publications`: moments that nobody was told of yet.
enum PublicationTable {
    enum Kind: String {
        case published, unpublished
    }

    /// What of a product's schedule lies ahead.
    static func replace(
        _ product: Product, isNew: Bool, store: StoreID, in tx: borrowing Transaction
    ) throws {
        if !isNew {
            try tx.execute("DELETE FROM publications WHERE store_id = \(store) AND product_id = \(product.id)")
        }
        let ahead: [(Kind, Instant?)] = [
            (.published, product.publishedAt), (.unpublished, product.unpublishedAt),
        ]
        for (kind, moment) in ahead {
            guard let moment, moment > tx.now else { continue }
            try tx.execute(
                """
                INSERT INTO publications (store_id, product_id, kind, moment)
                VALUES (\(store), \(product.id), \(kind.rawValue), \(moment))
                """)
        }
    }

    /// What has come about by now, the longest ago first.
    static func due(
        limit: Int, in tx: borrowing Transaction
    ) throws -> [(store: StoreID, product: ProductID, kind: String)] {
        try tx.query(
            """
            SELECT store_id, product_id, kind FROM publications WHERE moment <= \(tx.now)
            ORDER BY moment, store_id, product_id, kind LIMIT \(limit)
            """
        ) { (store: try $0[0], product: try $0[1], kind: try $0[2]) }
    }

    /// The documents of products whose moment has come, while nobody has brought the index up to date; in no order.
    static func dueDocuments(of store: StoreID, in tx: borrowing Transaction) throws -> Later<DueDocument> {
        let now = tx.now
        return try tx.later(
            """
            SELECT documents.document, products.status, products.published_at, products.unpublished_at
            FROM publications
            JOIN search_documents documents
                ON documents.store_id = publications.store_id AND documents.product_id = publications.product_id
            JOIN products ON products.store_id = publications.store_id AND products.id = publications.product_id
            WHERE publications.store_id = \(store) AND publications.moment <= \(now)
            LIMIT 10000
            """
        ) { row in
            let status: String = try row[1]
            let (from, until): (Instant, Instant) = (try row[2], try row[3])
            return DueDocument(
                document: try row[0],
                isShown: status == ProductStatus.active.rawValue && from <= now && now < until)
        }
    }

    /// False when somebody else has dealt with it, or the schedule changed.
    static func remove(
        _ kind: String, of product: ProductID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.changes(
            """
            DELETE FROM publications WHERE store_id = \(store) AND product_id = \(product) AND kind = \(kind)
                AND moment <= \(tx.now)
            """) == 1
    }
}
