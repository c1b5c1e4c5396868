import Persistence
import Primitives

/// The SQL of `collections`.
enum CollectionTable {
    private static let columns: SQL = """
        id, handle, title, description_html, seo_title, seo_description, image_url, image_alt, matching, conditions, \
        sort_order, featured, revision, settled_revision, version, created_at, updated_at
        """

    static func find(
        _ condition: SQL, store: StoreID, in tx: borrowing Transaction
    ) throws -> [ProductCollection] {
        try tx.query("SELECT \(columns) FROM collections WHERE store_id = \(store) AND \(condition)", read)
    }

    static func owner(ofHandle handle: String, store: StoreID, in tx: borrowing Transaction) throws -> CollectionID? {
        try tx.first("SELECT id FROM collections WHERE store_id = \(store) AND handle = \(handle)") { try $0[0] }
    }

    /// Product changes share the rules; a change of a rule waits for them and they for it. Asked for before any
    /// product is locked, so that nobody waits in a circle.
    static func shareRules(store: StoreID, in tx: borrowing Transaction) throws {
        guard tx.engine == .postgres else { return }
        let name = rulesLock(store)
        try tx.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(\(name), 0))")
    }

    static func lockRules(store: StoreID, in tx: borrowing Transaction) throws {
        try tx.lock(rulesLock(store))
    }

    private static func rulesLock(_ store: StoreID) -> String { "catalog.rules.\(store)" }

    static func insert(_ collection: ProductCollection, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO collections (store_id, id, handle, title, description_html, seo_title, seo_description,
                image_url, image_alt, matching, conditions, uses_stock, sort_order, featured, revision,
                settled_revision, version, created_at, updated_at)
            VALUES (\(store), \(collection.id), \(collection.handle), \(collection.title),
                \(collection.descriptionHTML), \(collection.seoTitle), \(collection.seoDescription),
                \(collection.image?.url ?? ""), \(collection.image?.alt ?? ""),
                \(collection.rule?.matching.rawValue ?? ""), \(conditions(collection.rule)),
                \(collection.rule?.usesStock ?? false), \(collection.order.rawValue), \(collection.isFeatured),
                \(collection.revision), \(collection.settledRevision), \(collection.version),
                \(collection.createdAt), \(collection.updatedAt))
            """)
    }

    static func update(_ collection: ProductCollection, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE collections SET handle = \(collection.handle), title = \(collection.title),
                description_html = \(collection.descriptionHTML), seo_title = \(collection.seoTitle),
                seo_description = \(collection.seoDescription), image_url = \(collection.image?.url ?? ""),
                image_alt = \(collection.image?.alt ?? ""), matching = \(collection.rule?.matching.rawValue ?? ""),
                conditions = \(conditions(collection.rule)), uses_stock = \(collection.rule?.usesStock ?? false),
                sort_order = \(collection.order.rawValue), featured = \(collection.isFeatured),
                revision = \(collection.revision), settled_revision = \(collection.settledRevision),
                version = \(collection.version), updated_at = \(collection.updatedAt)
            WHERE store_id = \(store) AND id = \(collection.id)
            """)
    }

    static func settle(
        _ id: CollectionID, revision: Int, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE collections SET settled_revision = \(revision)
            WHERE store_id = \(store) AND id = \(id) AND revision = \(revision)
            """)
    }

    static func delete(_ id: CollectionID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM collections WHERE store_id = \(store) AND id = \(id)")
    }

    /// The stores that have a rule which looks at the stock.
    static func storesUsingStock(in tx: borrowing Transaction) throws -> [StoreID] {
        try tx.query("SELECT DISTINCT store_id FROM collections WHERE uses_stock") { try $0[0] }
    }

    private static func conditions(_ rule: CollectionRule?) -> String {
        JSON.array(
            (rule?.conditions ?? []).map { condition in
                [
                    "field": .string(condition.field.rawValue), "operator": .string(condition.comparison.rawValue),
                    "text": .string(condition.text), "number": .integer(condition.number),
                ]
            }
        ).description
    }

    private static func read(_ row: Row) throws -> ProductCollection {
        let url: String = try row[6]
        let order: String = try row[10]
        guard let order = CollectionOrder(rawValue: order) else {
            throw DatabaseError.decoding("a collection has the unknown order \(order)")
        }
        return ProductCollection(
            id: try row[0], handle: try row[1], title: try row[2], descriptionHTML: try row[3], seoTitle: try row[4],
            seoDescription: try row[5], image: url.isEmpty ? nil : ProductImage(url: url, alt: try row[7]),
            rule: try rule(matching: row[8], conditions: row[9]), order: order, isFeatured: try row[11],
            revision: try row[12], settledRevision: try row[13], version: try row[14], createdAt: try row[15],
            updatedAt: try row[16])
    }

    private static func rule(matching: String, conditions: String) throws -> CollectionRule? {
        guard !matching.isEmpty else { return nil }
        let list = try JSON(parsing: conditions).array?.map { json -> CollectionCondition? in
            guard let field = json["field"]?.string.flatMap(CollectionCondition.Field.init),
                let comparison = json["operator"]?.string.flatMap(CollectionCondition.Comparison.init)
            else { return nil }
            return CollectionCondition(
                field, comparison, text: json["text"]?.string ?? "", number: Int64(json["number"]?.integer ?? 0))
        }
        guard let matching = CollectionRule.Matching(rawValue: matching), let list, !list.contains(nil) else {
            throw DatabaseError.decoding("a collection has a rule that cannot be read")
        }
        return CollectionRule(matching, list.compactMap(\.self))
    }
}

/// The SQL of `catalog_cursors`: how far something has read the event log.
enum CatalogCursorTable {
    static func lock(_ name: String, in tx: borrowing Transaction) throws {
        try tx.lock("catalog.cursor.\(name)")
    }

    static func find(_ name: String, in tx: borrowing Transaction) throws -> Int64? {
        try tx.first("SELECT position FROM catalog_cursors WHERE name = \(name)") { try $0[0] }
    }

    static func begin(_ name: String, at position: Int64, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO catalog_cursors (name, position) VALUES (\(name), \(position)) ON CONFLICT (name) DO NOTHING
            """)
    }

    static func move(_ name: String, to position: Int64, in tx: borrowing Transaction) throws {
        try tx.execute("UPDATE catalog_cursors SET position = \(position) WHERE name = \(name)")
    }

    static func remove(_ name: String, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM catalog_cursors WHERE name = \(name)")
    }
}
