public import EventLog
public import Persistence
public import Primitives

/// Judges a part of a store's products by the rule of a collection.
public struct ReviewCollection: Sendable {
    /// How far it is.
    public enum Progress: Hashable, Sendable {
        /// The products after this one are still to be judged.
        case after(ProductID)
        case finished
        /// The rule changed again, or the collection is gone: another job judges, or none has to.
        case outdated
    }

    private let store: StoreID
    private let collection: CollectionID
    private let revision: Int

    public init(store: StoreID, collection: CollectionID, revision: Int) {
        self.store = store
        self.collection = collection
        self.revision = revision
    }

    /// - Parameters:
    ///   - after: the last product that was judged.
    ///   - stock: what is left of variants.
    public func run(
        after: ProductID?, limit: Int, stock: UnitsInStock, in tx: borrowing Transaction
    ) throws -> Progress {
        // The rule stays as it is for so long, and each product until what is said of it is written.
        try CollectionTable.shareRules(store: store, in: tx)
        let found = try CollectionTable.find("id = \(collection)", store: store, in: tx).first
        guard let found, found.revision == revision, found.rule != nil else { return .outdated }
        let rest: SQL = after.map { "id > \($0)" } ?? "1 = 1"
        let products = try Catalog.heldProducts("\(rest) ORDER BY id LIMIT \(limit)", of: store, in: tx)
        let members = try CollectionProductTable.find(
            "collection_id = \(collection) AND product_id IN \(list: products.map(\.id))", store: store, in: tx)
        let units = found.rule?.usesStock == true ? try CollectionMembership.units(of: products, stock, in: tx) : [:]
        try CollectionMembership.settle(
            products, in: [found], members: members, units: units, store: store, tx: tx)
        guard products.count == limit, let last = products.last else {
            try CollectionTable.settle(collection, revision: revision, store: store, in: tx)
            return .finished
        }
        return .after(last.id)
    }
}

/// Judges products by the rules that look at the stock, after it or they changed.
public struct ReviewStock: Sendable {
    private let store: StoreID
    private let products: [ProductID]

    public init(store: StoreID, products: [ProductID]) {
        self.store = store
        self.products = products
    }

    /// - Parameter stock: what is left of variants.
    public func run(stock: UnitsInStock, in tx: borrowing Transaction) throws {
        try CollectionTable.shareRules(store: store, in: tx)
        let rules = try CollectionTable.find("uses_stock", store: store, in: tx)
        guard !rules.isEmpty, !products.isEmpty else { return }
        let found = try Catalog.heldProducts("id IN \(list: products.sorted()) ORDER BY id", of: store, in: tx)
        let members = try CollectionProductTable.find(
            "product_id IN \(list: products) AND collection_id IN \(list: rules.map(\.id))", store: store, in: tx)
        try CollectionMembership.settle(
            found, in: rules, members: members, units: CollectionMembership.units(of: found, stock, in: tx),
            store: store, tx: tx)
    }
}

/// How far the event log was read for rules that look at the stock. It is read only while there are such rules.
public enum StockFollowing {
    private static let name = "stock"

    /// From now on, unless it is followed already. What is placed later is read, whenever it was committed.
    static func begin(in tx: borrowing Transaction) throws {
        try CatalogCursorTable.lock(name, in: tx)
        try CatalogCursorTable.begin(name, at: EventLog.head(in: tx), in: tx)
    }

    /// The events that nobody has looked at yet, of the stores that have such rules. Then they count as read.
    public static func take(limit: Int, in tx: borrowing Transaction) throws -> (events: [RecordedEvent], count: Int) {
        try CatalogCursorTable.lock(name, in: tx)
        guard let position = try CatalogCursorTable.find(name, in: tx) else { return ([], 0) }
        let stores = Set(try CollectionTable.storesUsingStock(in: tx))
        if stores.isEmpty {
            try CatalogCursorTable.remove(name, in: tx)
            return ([], 0)
        }
        let events = try EventLog.read(after: position, limit: limit, in: tx)
        if let last = events.last?.position { try CatalogCursorTable.move(name, to: last, in: tx) }
        return (events.filter { stores.contains($0.store) }, events.count)
    }
}
