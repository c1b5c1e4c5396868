import EventLog
public import Persistence
public import Primitives

/// Makes a category at its place in the tree.
///
/// The handle is made from the title when none is given, with a number behind it when another category has it.
public struct MakeCategory: Sendable {
    private let store: StoreID
    private let draft: CategoryDraft
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, draft: CategoryDraft, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.draft = draft
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `validation.failed`, `category.handle_taken`.
    public func run(in tx: borrowing Transaction) throws -> CategoryDetails {
        try draft.check()
        try CategoryTree.lock(store, in: tx)
        var category = CategoryDetails(
            id: tx.newIdentifier(), handle: try freeHandle(in: tx), title: draft.title, parent: draft.parent,
            position: 0, descriptionHTML: draft.descriptionHTML, seoTitle: draft.seoTitle,
            seoDescription: draft.seoDescription, image: draft.image, version: 1)
        category.ancestors = try CategoryTree.ancestors(under: draft.parent, moving: nil, store: store, in: tx)
        category.position = try CategoryTree.makeRoom(
            for: category.id, under: draft.parent, at: draft.position, store: store, in: tx)
        try CategoryTable.insert(category, store: store, in: tx)
        try SearchStateTable.touch(store, in: tx)
        // Whoever takes a former handle of another has it.
        try RedirectTable.clear([category.handle], .category, store: store, in: tx)
        try EventLog.append(
            [
                CategoryTree.event(
                    "category.created", category, version: 1, store: store, actor: actor, requestID: requestID)
            ], in: tx)
        return category
    }

    private func freeHandle(in tx: borrowing Transaction) throws -> String {
        if let handle = draft.handle {
            if try CategoryTree.isTaken(handle, store: store, in: tx) { throw CategoryTree.handleTaken(handle) }
            return handle
        }
        let handle = Handle.make(from: draft.title, orElse: "category")
        guard try CategoryTree.isTaken(handle, store: store, in: tx) else { return handle }
        // One number after the other: who makes categories holds the tree's lock, and a store has hundreds.
        var number = 2
        while try CategoryTree.isTaken("\(handle)-\(number)", store: store, in: tx) { number += 1 }
        return "\(handle)-\(number)"
    }
}
