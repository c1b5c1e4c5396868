import Persistence
import Primitives

/// That a product is in a collection, and where.
struct CollectionMember: Hashable {
    let collection: CollectionID
    let product: ProductID
    let position: Int
    let number: Int64
    let text: String
}

/// The SQL of `collection_products`.
enum CollectionProductTable {
    static func find(
        _ condition: SQL, store: StoreID, in tx: borrowing Transaction
    ) throws -> [CollectionMember] {
        try tx.query(
            """
            SELECT collection_id, product_id, position, sort_number, sort_text FROM collection_products
            WHERE store_id = \(store) AND \(condition)
            """
        ) { row in
            CollectionMember(
                collection: try row[0], product: try row[1], position: try row[2], number: try row[3],
                text: try row[4])
        }
    }

    static func put(_ members: [CollectionMember], store: StoreID, in tx: borrowing Transaction) throws {
        var rest = members[...]
        while !rest.isEmpty {
            let rows = rest.prefix(200).map { member in
                [
                    store.sqlValue, member.collection.sqlValue, member.product.sqlValue, member.position.sqlValue,
                    member.number.sqlValue, member.text.sqlValue,
                ]
            }
            try tx.execute(
                """
                INSERT INTO collection_products (store_id, collection_id, product_id, position, sort_number, sort_text)
                VALUES \(rows: rows)
                ON CONFLICT (store_id, collection_id, product_id) DO UPDATE SET position = excluded.position,
                    sort_number = excluded.sort_number, sort_text = excluded.sort_text
                """)
            rest = rest.dropFirst(200)
        }
    }

    static func remove(_ members: [CollectionMember], store: StoreID, in tx: borrowing Transaction) throws {
        for (collection, members) in Dictionary(grouping: members, by: \.collection).sorted(by: { $0.key < $1.key }) {
            try tx.execute(
                """
                DELETE FROM collection_products WHERE store_id = \(store) AND collection_id = \(collection)
                    AND product_id IN \(list: members.map(\.product))
                """)
        }
    }

    /// The places of a page of products, which is read from an index in its order.
    static func page(
        of collection: CollectionID, after: CollectionPlace?, publishedOnly: Bool, store: StoreID, limit: Int,
        in tx: borrowing Transaction
    ) throws -> [CollectionPlace] {
        let rest: SQL =
            after.map {
                "AND (cp.sort_number, cp.sort_text, cp.product_id) > (\($0.number), \($0.text), \($0.product))"
            } ?? ""
        let shown: SQL = publishedOnly ? "AND \(ProductTable.isShown(at: tx.now, as: "p."))" : ""
        return try tx.query(
            """
            SELECT cp.sort_number, cp.sort_text, cp.product_id
            FROM collection_products cp JOIN products p ON p.store_id = cp.store_id AND p.id = cp.product_id
            WHERE cp.store_id = \(store) AND cp.collection_id = \(collection) \(shown) \(rest)
            ORDER BY cp.sort_number, cp.sort_text, cp.product_id LIMIT \(limit)
            """
        ) { CollectionPlace(number: try $0[0], text: try $0[1], product: try $0[2]) }
    }

    static func count(of collection: CollectionID, store: StoreID, in tx: borrowing Transaction) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) FROM collection_products WHERE store_id = \(store) AND collection_id = \(collection)
            """
        ) { try $0[0] } ?? 0
    }
}
