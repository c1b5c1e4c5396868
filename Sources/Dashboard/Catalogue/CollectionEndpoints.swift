import Catalog
import HTTPServer
import Persistence
import Primitives
import Stores
import UseCases

extension Dashboard {
    var collectionEndpoints: [Endpoint] {
        [collectionList, addCollection, collectionPage, saveCollection, removeCollection]
    }

    private static let path = PathShape("collection", .identifier(IdentifierKinds.Collection.self))

    private var collectionList: Endpoint {
        Endpoint(
            .get, "/dashboard/collections", "showStaffCollections", summary: "The collections of the store",
            policy: Access.reading("products:read"), takes: .page, answers: .web
        ) { call in
            try await showList(of: try call.store, after: call.query["after"], notice: Notice(call.query))
        }
    }

    /// The rest is said on its own page: a rule is empty until then, and finds what is new.
    private var addCollection: Endpoint {
        Endpoint(
            .post, "/dashboard/collections", "addCollection", summary: "Makes a collection",
            policy: Access.changing("products:write"), takes: .form, answers: .web
        ) { call in
            let store = try call.store
            var faults = Faults()
            let title = TypedLine.read(call.body, "title", most: 255, isRequired: true, &faults)
            let tag = TypedLine.read(call.body, "tag", most: 255, &faults)
            guard faults.isEmpty else { return try await showList(of: store, typed: call.body, faults: faults) }
            let rule = tag.isEmpty ? nil : CollectionRule(.all, [CollectionCondition(.tag, .equals, text: tag)])
            let save = SaveCollection(
                store: store, draft: CollectionDraft(title: title, rule: rule), actor: call.actor,
                requestID: call.requestID)
            do {
                let made = try await database.write("catalog.create_collection") { tx in try save.run(in: tx) }
                return .value(
                    .redirect(to: "/dashboard/collections/\(made.id)?done=\(Notice.collectionSaved.rawValue)"))
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await showList(
                    of: store, typed: call.body, faults: Faults(problem, field: CollectionEntry.field))
            }
        }
    }

    private var collectionPage: Endpoint {
        Endpoint(
            .get, "/dashboard/collections/{collection}", "showStaffCollection", summary: "A collection and its rule",
            policy: Access.reading("products:read"), takes: .page(Self.path), answers: .web
        ) { call in
            try await show(call.path, of: try call.store, notice: Notice(call.query))
        }
    }

    private var saveCollection: Endpoint {
        Endpoint(
            .post, "/dashboard/collections/{collection}", "saveCollection",
            summary: "Changes a collection, or tells what a rule would find",
            policy: Access.changing("products:write"), takes: .form(Self.path), answers: .web
        ) { call in
            let store = try await store(try call.store)
            let id = call.path
            let found = try await database.read("catalog.collection") { tx in
                try Catalog.collection(id, of: store.id, in: tx)
            }
            guard let found else { throw Problem.notFound("collection") }
            var entry = CollectionEntry(call.body, hasRule: found.rule != nil, currency: store.currency)
            var faults = entry.faults
            if let handles = entry.handles, faults.isEmpty {
                let (products, unknown) = try await products(of: handles, in: store.id)
                if let unknown = unknown.first { faults.add("products", "There is no product \(unknown).") }
                entry.choose(products)
            }
            guard faults.isEmpty else { return try await show(id, of: store.id, typed: call.body, faults: faults) }
            if call.body["action"] == "preview", let rule = entry.draft.rule {
                let preview = try await CollectionUpkeep.preview(rule, of: store.id, in: database)
                return try await show(id, of: store.id, typed: call.body, preview: preview)
            }
            let wanted = entry
            let save = SaveCollection(
                store: store.id, collection: id, actor: call.actor, requestID: call.requestID,
                change: { wanted.apply(to: &$0) })
            do {
                _ = try await database.write("catalog.update_collection") { tx in try save.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await show(
                    id, of: store.id, typed: call.body, faults: Faults(problem, field: CollectionEntry.field))
            }
            return .value(.redirect(to: "/dashboard/collections/\(id)?done=\(Notice.collectionSaved.rawValue)"))
        }
    }

    private var removeCollection: Endpoint {
        Endpoint(
            .post, "/dashboard/collections/{collection}/removal", "removeCollection",
            summary: "Removes a collection; its products stay", policy: Access.changing("products:write"),
            takes: .form(Self.path), answers: .web
        ) { call in
            let delete = DeleteCollection(
                store: try call.store, collection: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.delete_collection") { tx in try delete.run(in: tx) }
            return .value(.redirect(to: "/dashboard/collections?done=\(Notice.collectionRemoved.rawValue)"))
        }
    }

    /// The products of handles, each once, and the handles of none.
    private func products(
        of handles: [String], in store: StoreID
    ) async throws -> (products: [ProductID], unknown: [String]) {
        let found = try await database.read("catalog.handles") { tx in
            try Catalog.productIDs(ofHandles: handles, of: store, in: tx)
        }
        var products: [ProductID] = []
        for handle in handles {
            if let id = found[Catalog.normalHandle(handle)], !products.contains(id) { products.append(id) }
        }
        return (products, handles.filter { found[Catalog.normalHandle($0)] == nil })
    }

    private func showList(
        of storeID: StoreID, after: String? = nil, typed: Form? = nil, faults: Faults = Faults(),
        notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("catalog.collections_page") { tx in
            let found = try Catalog.collections(of: storeID, after: after, limit: Self.pageSize + 1, in: tx)
            return CollectionListPage(
                collections: Array(found.prefix(Self.pageSize)), isBeginning: after == nil,
                hasMore: found.count > Self.pageSize, typed: typed, faults: faults)
        }
        var page = try await page(.collections, "Collections", of: storeID)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }

    private func show(
        _ id: CollectionID, of storeID: StoreID, typed: Form? = nil, faults: Faults = Faults(),
        preview: CollectionPreview? = nil, notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let store = try await store(storeID)
        let view = try await database.read("catalog.collection_page") { tx in
            guard let collection = try Catalog.collection(id, of: store.id, in: tx) else {
                throw Problem.notFound("collection")
            }
            let limit = collection.rule == nil ? CollectionDraft.mostProducts : 20
            let products = try Catalog.products(
                in: id, publishedOnly: false, of: store.id, after: nil, limit: limit, in: tx
            ).map(\.product)
            return CollectionStaffPage(
                collection: collection, products: products,
                count: try Catalog.productCount(in: id, of: store.id, in: tx), currency: store.currency, typed: typed,
                faults: faults, preview: preview)
        }
        var page = try await page(.collections, view.collection.title, of: store.id)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
