public import Jobs
public import Persistence
public import Primitives

/// Indexes the products of a category again after it was renamed or removed, in pieces that no one waits for.
///
/// Which products those are the index knows itself: whatever has come into the category or left it since was indexed
/// as it is. Each piece names the next in its own transaction, so that none is left out and none comes twice.
public struct ReindexCategory: Sendable {
    private let store: StoreID
    private let category: CategoryID
    private let version: Int
    private let after: Int

    /// Products that one transaction indexes.
    public static let piece = 100

    /// - Parameter version: of the category, so that each change has jobs of its own.
    init(store: StoreID, category: CategoryID, version: Int, after: Int = -1) {
        self.store = store
        self.category = category
        self.version = version
        self.after = after
    }

    /// Nil for a job that names no category.
    public init?(_ job: Job) {
        self.init(job.payload, store: job.store)
    }

    /// What a job with this payload does.
    public init?(_ payload: JSON, store: StoreID?) {
        guard let store, let category = payload["category_id"]?.string.flatMap({ CategoryID($0) }),
            let version = payload["version"]?.integer, let after = payload["after"]?.integer
        else { return nil }
        self.init(store: store, category: category, version: version, after: after)
    }

    func enqueue(in tx: borrowing Transaction) throws {
        try Jobs.enqueue(
            [
                NewJob(
                    Catalog.reindexingCategory, store: store, key: "\(category).\(version).\(after)",
                    payload: [
                        "category_id": .string(category.description), "version": JSON(version), "after": JSON(after),
                    ])
            ], in: tx)
    }

    /// - Returns: whether there is another piece.
    @discardableResult
    public func run(in tx: borrowing Transaction) throws -> Bool {
        // Locked before the products are read: what is saved from here on is indexed after this.
        let sets = SearchSets(store: store, state: try SearchStateTable.advance(store, in: tx))
        var members = DocumentSet(capacity: sets.capacity)
        let key = SearchKey.category(category)
        try sets.sets([key], in: tx).found()[key]?.add(to: &members)
        if after >= 0 { members.removeAll(through: after) }
        var documents: [Int] = []
        members.scan { document in
            documents.append(document)
            return documents.count < Self.piece
        }
        guard let last = documents.last else { return false }
        let ids = try SearchDocumentTable.products(of: documents, store: store, in: tx).rows().map(\.product)
        try IndexProducts(store: store, products: try Catalog.products(ids, of: store, in: tx)).run(in: tx)
        guard documents.count == Self.piece else { return false }
        try ReindexCategory(store: store, category: category, version: version, after: last).enqueue(in: tx)
        return true
    }
}

extension Catalog {
    /// Brings the index up to date with the name of a category.
    public static let reindexingCategory = JobKind("catalog.reindex_category")
}
