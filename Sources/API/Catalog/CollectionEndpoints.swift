import Catalog
import HTTPServer
import Persistence
import Primitives
import Stores

extension ShopAPI {
    var collectionEndpoints: [Endpoint] {
        [
            listCollections, getCollection, listCollectionProducts, createCollection, updateCollection,
            deleteCollection,
        ]
    }

    private static let read = Policy(.publishableOrSecretKey("products:read"), rateLimit: .browse)
    private static let write = Policy(.secretKey("products:write"), rateLimit: .backOffice)
    private static let path = PathShape("collection", .identifier(IdentifierKinds.Collection.self))
    private static let reference = PathShape("collection", .text(1...200))

    private var listCollections: Endpoint {
        Endpoint(
            .get, "/api/v1/collections", "listCollections", summary: "The collections of the store by their handles",
            policy: Self.read,
            takes: .query(
                QueryShape(
                    .optional("featured", .bool, default: false), .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .text(1...200))
                ) { (featuredOnly: $0, limit: $1, after: $2) }),
            answers: .ok(.page("CollectionPage", of: CollectionView.shape))
        ) { call in
            let store = try await store(try call.store)
            let query = call.query
            let collections = try await database.read("catalog.collections") { tx in
                try Catalog.collections(
                    of: store.id, featuredOnly: query.featuredOnly, after: query.after, limit: query.limit + 1, in: tx)
            }
            return .value(
                Page(
                    collections.map { CollectionView(collection: $0, currency: store.currency) }, limit: query.limit
                ) { $0.collection.handle })
        }
    }

    private var getCollection: Endpoint {
        Endpoint(
            .get, "/api/v1/collections/{collection}", "getCollection",
            summary: "A collection by its handle, a former handle or its id", policy: Self.read,
            takes: .path(Self.reference), answers: .ok(CollectionView.shape)
        ) { call in
            let store = try await store(try call.store)
            let reference = call.path
            let collection = try await database.read("catalog.collection") { tx in
                try Self.collection(reference, of: store.id, in: tx)
            }
            return .value(CollectionView(collection: collection, currency: store.currency))
        }
    }

    private var listCollectionProducts: Endpoint {
        Endpoint(
            .get, "/api/v1/collections/{collection}/products", "listCollectionProducts",
            summary: "The products of a collection in its order", policy: Self.read,
            takes: .path(
                Self.reference,
                query: QueryShape(
                    .optional("limit", .integer(1...100), default: 20), .optional("cursor", .text(1...600)),
                    .optional("currency", .currency)
                ) { (limit: $0, after: $1, currency: $2) }),
            answers: .ok(.page("ProductPage", of: ProductView.shape))
        ) { call in
            let store = try await store(try call.store)
            let (reference, query, isStaff) = (call.path, call.query, call.caller.isStaff)
            let after = query.after.flatMap { CollectionPlace(token: $0) }
            guard (after == nil) == (query.after == nil) else {
                throw Problem.validation("?cursor", "format", "This is no cursor that a page ended with.")
            }
            let prices = try await prices(in: query.currency, of: store, for: call.caller)
            return try await database.read("catalog.collection_products") { tx in
                let collection = try Self.collection(reference, of: store.id, in: tx)
                let found = try Catalog.products(
                    in: collection.id, publishedOnly: !isStaff, of: store.id, after: after, limit: query.limit + 1,
                    in: tx)
                let views = try productViews(
                    of: found.map(\.product), store: store, prices: prices, isForStaff: isStaff, in: tx)
                return .value(
                    Page(
                        Array(views.prefix(query.limit)),
                        nextCursor: found.count > query.limit ? found[query.limit - 1].place.token : nil))
            }
        }
    }

    private var createCollection: Endpoint {
        Endpoint(
            .post, "/api/v1/collections", "createCollection",
            summary: "Makes a collection by a rule, or of products that are chosen",
            policy: Policy(.secretKey("products:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(CollectionPatch.newShape), answers: .created(CollectionView.shape),
            problems: [.conflict: "collection.handle_taken"]
        ) { call in
            let store = try await store(try call.store)
            let save = SaveCollection(
                store: store.id, draft: try call.body.draft(in: store.currency), actor: call.actor,
                requestID: call.requestID)
            let request = call.optionalIdempotency
            let answer = try await database.write("catalog.create_collection") { tx in
                try IdempotencyKeys.once(request, store: store.id, in: tx) { tx in
                    let collection = try save.run(in: tx)
                    return StoredAnswer(
                        status: 201,
                        body: CollectionView.shape.encode(
                            CollectionView(collection: collection, currency: store.currency)),
                        resource: collection.id.uuid)
                }
            }
            return .stored(answer)
        }
    }

    private var updateCollection: Endpoint {
        Endpoint(
            .patch, "/api/v1/collections/{collection}", "updateCollection",
            summary: "Changes parts of a collection; a rule and a list of products are replaced whole",
            policy: Self.write, takes: .path(Self.path, body: CollectionPatch.shape),
            answers: .ok(CollectionView.shape), problems: [.conflict: "collection.handle_taken"]
        ) { call in
            let store = try await store(try call.store)
            let patch = call.body
            let rule = try patch.rule?.rule(in: store.currency)
            let save = SaveCollection(
                store: store.id, collection: call.path, actor: call.actor, requestID: call.requestID,
                change: { patch.apply(rule: rule, to: &$0) })
            let collection = try await database.write("catalog.update_collection") { tx in try save.run(in: tx) }
            return .value(CollectionView(collection: collection, currency: store.currency))
        }
    }

    private var deleteCollection: Endpoint {
        Endpoint(
            .delete, "/api/v1/collections/{collection}", "deleteCollection",
            summary: "Removes a collection; its products stay", policy: Self.write, takes: .path(Self.path),
            answers: .noContent
        ) { call in
            let delete = DeleteCollection(
                store: try call.store, collection: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.delete_collection") { tx in try delete.run(in: tx) }
            return .empty
        }
    }

    private static func collection(
        _ reference: String, of store: StoreID, in tx: borrowing Transaction
    ) throws -> ProductCollection {
        let found =
            if let id = CollectionID(reference) {
                try Catalog.collection(id, of: store, in: tx)
            } else {
                try Catalog.collection(handle: reference, of: store, in: tx)
            }
        guard let found else { throw Problem.notFound("collection") }
        return found
    }
}
