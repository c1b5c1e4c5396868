import EventLog
public import Persistence
public import Primitives

/// Removes a category that has none below it. Its products stay and are in it no longer.
public struct DeleteCategory: Sendable {
    private let store: StoreID
    private let category: CategoryID
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, category: CategoryID, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.category = category
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `category.has_children`.
    public func run(in tx: borrowing Transaction) throws {
        try CategoryTree.lock(store, in: tx)
        // Products that were being put into it are in it now, and leave with the others.
        try CategoryTable.lock(category, store: store, in: tx)
        guard let found = try CategoryTable.find("id = \(category)", store: store, in: tx).first else {
            throw Problem.notFound("category")
        }
        guard try CategoryTable.children(of: category, store: store, limit: 1, in: tx).isEmpty else {
            throw Problem(
                .conflict, "category.has_children",
                "This category has others below it: move or remove them first.")
        }
        try CategoryTable.delete(category, store: store, in: tx)
        try SearchStateTable.touch(store, in: tx)
        try ReindexCategory(store: store, category: category, version: found.version + 1).enqueue(in: tx)
        try RedirectTable.clear(to: category.uuid, store: store, in: tx)
        try EventLog.append(
            [
                CategoryTree.event(
                    "category.deleted", found, version: found.version + 1, store: store, actor: actor,
                    requestID: requestID)
            ], in: tx)
    }
}
