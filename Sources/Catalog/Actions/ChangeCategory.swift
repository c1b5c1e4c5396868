import EventLog
public import Persistence
public import Primitives

/// Changes parts of a category, or moves it with all below it. Its former handle leads to it from then on.
public struct ChangeCategory: Sendable {
    private let store: StoreID
    private let category: CategoryID
    private let actor: Actor
    private let requestID: String?
    private let change: @Sendable (inout CategoryDraft) -> Void

    public init(
        store: StoreID, category: CategoryID, actor: Actor, requestID: String? = nil,
        change: @escaping @Sendable (inout CategoryDraft) -> Void
    ) {
        self.store = store
        self.category = category
        self.actor = actor
        self.requestID = requestID
        self.change = change
    }

    /// - Throws: `not_found`, `validation.failed`, `category.handle_taken`.
    public func run(in tx: borrowing Transaction) throws -> CategoryDetails {
        // All that changes categories takes turns, so what is read now stays true until the end.
        try CategoryTree.lock(store, in: tx)
        guard let former = try CategoryTable.find("id = \(category)", store: store, in: tx).first else {
            throw Problem.notFound("category")
        }
        var draft = CategoryDraft(former)
        change(&draft)
        try draft.check()
        var changed = former
        changed.handle = draft.handle ?? former.handle
        changed.title = draft.title
        changed.parent = draft.parent
        changed.descriptionHTML = draft.descriptionHTML
        changed.seoTitle = draft.seoTitle
        changed.seoDescription = draft.seoDescription
        changed.image = draft.image
        changed.version += 1
        changed.ancestors = try CategoryTree.ancestors(under: draft.parent, moving: category, store: store, in: tx)
        if changed.parent != former.parent || draft.position != nil {
            changed.position = try CategoryTree.makeRoom(
                for: category, under: draft.parent, at: draft.position, store: store, in: tx)
        }
        try rename(from: former.handle, to: changed.handle, in: tx)
        try CategoryTable.update(changed, store: store, in: tx)
        try SearchStateTable.touch(store, in: tx)
        // Products are found by the words of their categories.
        if changed.title != former.title || changed.handle != former.handle {
            try ReindexCategory(store: store, category: category, version: changed.version).enqueue(in: tx)
        }
        try EventLog.append(
            [
                CategoryTree.event(
                    "category.updated", changed, version: changed.version, store: store, actor: actor,
                    requestID: requestID)
            ], in: tx)
        return changed
    }

    private func rename(from former: String, to handle: String, in tx: borrowing Transaction) throws {
        guard handle != former else { return }
        if try CategoryTree.isTaken(handle, store: store, in: tx) { throw CategoryTree.handleTaken(handle) }
        try RedirectTable.clear([handle], .category, store: store, in: tx)
        try RedirectTable.add(former, to: category.uuid, .category, store: store, in: tx)
    }
}

extension CategoryDraft {
    /// What would make the category as it is; its place is kept unless one is asked for.
    fileprivate init(_ category: CategoryDetails) {
        self.init(
            title: category.title, handle: category.handle, parent: category.parent,
            descriptionHTML: category.descriptionHTML, seoTitle: category.seoTitle,
            seoDescription: category.seoDescription, image: category.image)
    }
}
