public import Jobs
public import Persistence
public import Primitives

extension Catalog {
    /// A collection by its id.
    public static func collection(
        _ id: CollectionID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> ProductCollection? {
        try CollectionTable.find("id = \(id)", store: store, in: tx).first
    }

    /// A collection by its handle or a former one.
    public static func collection(
        handle: String, of store: StoreID, in tx: borrowing Transaction
    ) throws -> ProductCollection? {
        let handle = Handle.normal(handle)
        if let found = try CollectionTable.find("handle = \(handle)", store: store, in: tx).first { return found }
        let target = try RedirectTable.target(of: handle, .collection, store: store, in: tx)
        return try target.flatMap { try collection(CollectionID($0), of: store, in: tx) }
    }

    /// A page of collections, by handle.
    /// - Parameters:
    ///   - featuredOnly: those that the shop's first page shows.
    ///   - after: the handle of the last collection of the page before.
    public static func collections(
        of store: StoreID, featuredOnly: Bool = false, after: String? = nil, limit: Int, in tx: borrowing Transaction
    ) throws -> [ProductCollection] {
        var conditions: [SQL] = featuredOnly ? ["featured"] : []
        conditions.append(after.map { "handle > \($0)" } ?? "1 = 1")
        return try CollectionTable.find(
            "\(.joined(conditions, by: " AND ")) ORDER BY handle LIMIT \(limit)", store: store, in: tx)
    }

    /// A page of a collection's products in its order, each with its place.
    /// - Parameters:
    ///   - publishedOnly: only products that buyers may see.
    ///   - after: the place where the page before ended.
    public static func products(
        in collection: CollectionID, publishedOnly: Bool, of store: StoreID, after: CollectionPlace?, limit: Int,
        in tx: borrowing Transaction
    ) throws -> [(product: Product, place: CollectionPlace)] {
        let places = try CollectionProductTable.page(
            of: collection, after: after, publishedOnly: publishedOnly, store: store, limit: limit, in: tx)
        let found = try products(places.map(\.product), of: store, in: tx)
        let byID = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return places.compactMap { place in byID[place.product].map { (product: $0, place: place) } }
    }

    /// How many products a collection has, those that buyers do not see included.
    public static func productCount(
        in collection: CollectionID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Int {
        try CollectionProductTable.count(of: collection, store: store, in: tx)
    }

    /// How many of a part of the products a rule would find; nothing is written.
    /// - Parameter after: the last product of the part before.
    /// - Returns: the matches, and the last product of the part while there may be more.
    public static func matches(
        of rule: CollectionRule, in store: StoreID, after: ProductID?, limit: Int, stock: UnitsInStock,
        tx: borrowing Transaction
    ) throws -> (products: [Product], last: ProductID?) {
        let part = try products(
            ProductFilter(publishedOnly: false), of: store, after: after, limit: limit, in: tx)
        let units = rule.usesStock ? try CollectionMembership.units(of: part, stock, in: tx) : [:]
        return (
            part.filter { rule.isMet(by: $0, units: units[$0.id]) }, part.count == limit ? part.last?.id : nil
        )
    }

    /// Judges all products of a store by a new rule, or gives them their places in a new order.
    public static let reviewingCollection = JobKind("catalog.review_collection", timeoutSeconds: 900)

    static func reviewJob(of collection: ProductCollection, store: StoreID, requestID: String?) -> NewJob {
        NewJob(
            reviewingCollection, store: store, key: "\(collection.id).\(collection.revision)",
            payload: [
                "collection_id": .string(collection.id.description),
                "revision": .integer(Int64(collection.revision)),
            ], requestID: requestID)
    }
}
