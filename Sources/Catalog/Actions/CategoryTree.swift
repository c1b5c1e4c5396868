import EventLog
import Persistence
import Primitives

/// What keeps the categories of a store a tree.
enum CategoryTree {
    /// The outermost categories are the first level.
    static let mostLevels = 8

    /// Whoever changes the tree waits for whoever changes it now: that nothing becomes its own ancestor cannot be
    /// seen in one row.
    static func lock(_ store: StoreID, in tx: borrowing Transaction) throws {
        try tx.lock("catalog.categories.\(store)")
    }

    /// The ancestors that a category would have under a parent.
    /// - Parameter category: the one that is moved with all below it; nil for a new one.
    /// - Throws: `validation.failed` when there is no such parent, it is below the category, or the tree gets too deep.
    static func ancestors(
        under parent: CategoryID?, moving category: CategoryID?, store: StoreID, in tx: borrowing Transaction
    ) throws -> [Category] {
        guard let parent else { return [] }
        guard let found = try CategoryTable.find("id = \(parent)", store: store, in: tx).first else {
            throw Problem.validation("/parent_id", "unknown", "There is no such category.")
        }
        let branch = try category.map { try CategoryTable.branch("id = \($0)", store: store, in: tx) } ?? []
        if branch.contains(where: { $0.id == parent }) {
            throw Problem.validation(
                "/parent_id", "cycle", "A category cannot be moved into itself or into one below it.")
        }
        let above = try CategoryTable.ancestors(of: [parent], store: store, in: tx)[parent] ?? []
        let height = (branch.map(\.depth).max() ?? 0) + 1
        guard above.count + 1 + height <= mostLevels else {
            throw Problem.validation("/parent_id", "too_deep", "Categories have at most \(mostLevels) levels.")
        }
        return above + [found.summary]
    }

    /// The place that a category gets among those of its parent, who make room for it.
    /// - Parameter position: nil for the last place.
    static func makeRoom(
        for category: CategoryID, under parent: CategoryID?, at position: Int?, store: StoreID,
        in tx: borrowing Transaction
    ) throws -> Int {
        let others = try CategoryTable.places(under: parent, store: store, in: tx).filter { $0.id != category }
        let place = min(max(0, position ?? others.count), others.count)
        for (index, other) in others.enumerated() {
            let wanted = index < place ? index : index + 1
            if other.position != wanted { try CategoryTable.move(other.id, to: wanted, store: store, in: tx) }
        }
        return place
    }

    /// Asked under a lock that products which bring a category along take as well.
    static func isTaken(_ handle: String, store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try lockHandle(handle, store: store, in: tx)
        return try CategoryTable.owner(ofHandle: handle, store: store, in: tx) != nil
    }

    static func lockHandle(_ handle: String, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.lock("catalog.category.\(store).\(handle)")
    }

    static func handleTaken(_ handle: String) -> Problem {
        Problem(
            .conflict, "category.handle_taken", "Another category has this handle.",
            errors: [.init(pointer: "/handle", code: "taken", detail: "\(handle) is the handle of another category.")])
    }

    static func event(
        _ type: EventType, _ category: CategoryDetails, version: Int, store: StoreID, actor: Actor, requestID: String?
    ) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "category", id: category.id.uuid), version: version, type: type,
            actor: actor,
            data: .object([
                "category_id": .string(category.id.description), "handle": .string(category.handle),
                "title": .string(category.title),
                "parent_id": category.parent.map { .string($0.description) } ?? .null,
            ]), requestID: requestID)
    }
}
