import EventLog
import Jobs
public import Persistence
public import Primitives

/// Makes a collection, or changes parts of one.
///
/// A new rule or order is followed by a job (`Catalog.reviewingCollection`), as a store may have a hundred thousand
/// products; what is chosen by hand takes effect at once.
public struct SaveCollection: Sendable {
    private let store: StoreID
    private let existing: CollectionID?
    private let actor: Actor
    private let requestID: String?
    private let change: @Sendable (inout CollectionDraft) -> Void

    /// A new one.
    public init(store: StoreID, draft: CollectionDraft, actor: Actor, requestID: String? = nil) {
        self.store = store
        existing = nil
        self.actor = actor
        self.requestID = requestID
        change = { $0 = draft }
    }

    /// A change of one. Whether it has a rule does not change; the draft's `products` are nil unless they are chosen
    /// anew.
    public init(
        store: StoreID, collection: CollectionID, actor: Actor, requestID: String? = nil,
        change: @escaping @Sendable (inout CollectionDraft) -> Void
    ) {
        self.store = store
        existing = collection
        self.actor = actor
        self.requestID = requestID
        self.change = change
    }

    /// - Throws: `not_found`, `validation.failed`, `collection.handle_taken`.
    public func run(in tx: borrowing Transaction) throws -> ProductCollection {
        // Product changes that know the former rule are over, and those to come know the new one.
        try CollectionTable.lockRules(store: store, in: tx)
        let former = try existing.map { try Self.found($0, of: store, in: tx) }
        var draft = former.map(CollectionDraft.init) ?? CollectionDraft(title: "")
        change(&draft)
        try draft.check()
        if let former, (former.rule == nil) != (draft.rule == nil) {
            throw Problem.validation(
                "/rule", "kind", "Whether products are chosen by a rule is settled when a collection is made.")
        }
        var collection = ProductCollection(
            id: existing ?? tx.newIdentifier(), handle: try handle(of: draft, former: former, in: tx),
            title: draft.title, descriptionHTML: draft.descriptionHTML, seoTitle: draft.seoTitle,
            seoDescription: draft.seoDescription, image: draft.image, rule: draft.rule, order: draft.order,
            isFeatured: draft.isFeatured, revision: former?.revision ?? 1,
            settledRevision: former?.settledRevision ?? 0, version: (former?.version ?? 0) + 1,
            createdAt: former?.createdAt ?? tx.now, updatedAt: tx.now)
        let isChanged = former.map { $0.rule != draft.rule || $0.order != draft.order } ?? true
        if former != nil, isChanged { collection.revision += 1 }
        try write(&collection, isNew: former == nil, draft: draft, isChanged: isChanged, in: tx)
        try EventLog.append([event(for: collection, isNew: former == nil)], in: tx)
        return collection
    }

    private func write(
        _ collection: inout ProductCollection, isNew: Bool, draft: CollectionDraft, isChanged: Bool,
        in tx: borrowing Transaction
    ) throws {
        guard collection.rule == nil else {
            if isNew {
                try CollectionTable.insert(collection, store: store, in: tx)
            } else {
                try CollectionTable.update(collection, store: store, in: tx)
            }
            if collection.rule?.usesStock == true { try StockFollowing.begin(in: tx) }
            guard isChanged else { return }
            try Jobs.enqueue([Catalog.reviewJob(of: collection, store: store, requestID: requestID)], in: tx)
            return
        }
        collection.settledRevision = collection.revision
        if isNew {
            try CollectionTable.insert(collection, store: store, in: tx)
        } else {
            try CollectionTable.update(collection, store: store, in: tx)
        }
        try choose(draft.products, for: collection, isChanged: isChanged, in: tx)
    }

    /// Puts in what was chosen by hand, where the order wants it.
    private func choose(
        _ wanted: [ProductID]?, for collection: ProductCollection, isChanged: Bool, in tx: borrowing Transaction
    ) throws {
        guard wanted != nil || isChanged else { return }
        let members = try CollectionProductTable.find("collection_id = \(collection.id)", store: store, in: tx)
        let chosen =
            wanted ?? members.sorted { ($0.position, $0.product) < ($1.position, $1.product) }.map(\.product)
        // None of them goes before it is written down.
        let products =
            chosen.isEmpty
            ? [] : try Catalog.heldProducts("id IN \(list: chosen.sorted()) ORDER BY id", of: store, in: tx)
        let byID = Dictionary(products.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let missing = chosen.enumerated().filter { byID[$0.element] == nil }
        guard missing.isEmpty || wanted == nil else {
            throw Problem.validation(
                missing.prefix(100).map {
                    .init(pointer: "/product_ids/\($0.offset)", code: "unknown", detail: "There is no such product.")
                })
        }
        let put = chosen.enumerated().compactMap { position, id in
            byID[id].map { product in
                let place = collection.order.place(of: product, position: position)
                return CollectionMember(
                    collection: collection.id, product: id, position: position, number: place.number,
                    text: place.text)
            }
        }
        try CollectionProductTable.remove(members.filter { byID[$0.product] == nil }, store: store, in: tx)
        try CollectionProductTable.put(put.filter { !members.contains($0) }, store: store, in: tx)
    }

    private static func found(
        _ id: CollectionID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> ProductCollection {
        guard let found = try CollectionTable.find("id = \(id)", store: store, in: tx).first else {
            throw Problem.notFound("collection")
        }
        return found
    }

    /// All that changes collections takes turns, so a handle that is free now stays free.
    private func handle(
        of draft: CollectionDraft, former: ProductCollection?, in tx: borrowing Transaction
    ) throws -> String {
        var handle = draft.handle ?? former?.handle ?? Handle.make(from: draft.title, orElse: "collection")
        guard handle != former?.handle else { return handle }
        if try CollectionTable.owner(ofHandle: handle, store: store, in: tx) != nil {
            guard draft.handle == nil else {
                throw Problem(
                    .conflict, "collection.handle_taken", "Another collection has this handle.",
                    errors: [
                        .init(
                            pointer: "/handle", code: "taken",
                            detail: "\(handle) is the handle of another collection.")
                    ])
            }
            let made = handle
            var number = 2
            repeat {
                handle = "\(made)-\(number)"
                number += 1
            } while try CollectionTable.owner(ofHandle: handle, store: store, in: tx) != nil
        }
        try RedirectTable.clear([handle], .collection, store: store, in: tx)
        if let former {
            try RedirectTable.add(former.handle, to: former.id.uuid, .collection, store: store, in: tx)
        }
        return handle
    }

    private func event(for collection: ProductCollection, isNew: Bool) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "collection", id: collection.id.uuid),
            version: collection.version, type: isNew ? "collection.created" : "collection.updated", actor: actor,
            data: .object([
                "collection_id": .string(collection.id.description), "handle": .string(collection.handle),
                "title": .string(collection.title),
            ]), requestID: requestID)
    }
}

extension CollectionDraft {
    /// What would make the collection as it is; its products are left alone.
    fileprivate init(_ collection: ProductCollection) {
        self.init(
            title: collection.title, handle: collection.handle, descriptionHTML: collection.descriptionHTML,
            seoTitle: collection.seoTitle, seoDescription: collection.seoDescription, image: collection.image,
            rule: collection.rule, order: collection.order, isFeatured: collection.isFeatured)
    }
}

/// Removes a collection. Its products stay.
public struct DeleteCollection: Sendable {
    private let store: StoreID
    private let collection: CollectionID
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, collection: CollectionID, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.collection = collection
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws {
        try CollectionTable.lockRules(store: store, in: tx)
        guard let found = try CollectionTable.find("id = \(collection)", store: store, in: tx).first else {
            throw Problem.notFound("collection")
        }
        try CollectionTable.delete(collection, store: store, in: tx)
        try RedirectTable.clear(to: collection.uuid, store: store, in: tx)
        try EventLog.append(
            [
                NewEvent(
                    store: store, aggregate: Aggregate(kind: "collection", id: collection.uuid),
                    version: found.version + 1, type: "collection.deleted", actor: actor,
                    data: .object([
                        "collection_id": .string(collection.description), "handle": .string(found.handle),
                    ]), requestID: requestID)
            ], in: tx)
    }
}
