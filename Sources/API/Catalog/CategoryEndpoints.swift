import Catalog
import HTTPServer
import Persistence
import Primitives

extension ShopAPI {
    var categoryEndpoints: [Endpoint] {
        [listCategories, getCategory, createCategory, updateCategory, deleteCategory]
    }

    private static let read = Policy(.publishableOrSecretKey("products:read"), rateLimit: .browse)
    private static let write = Policy(.secretKey("products:write"), rateLimit: .backOffice)
    private static let path = PathShape("category", .identifier(IdentifierKinds.Category.self))

    private var listCategories: Endpoint {
        Endpoint(
            .get, "/api/v1/categories", "listCategories", summary: "The categories of the store by their handles",
            policy: Self.read,
            takes: .query(
                QueryShape(
                    .optional("limit", .integer(1...100), default: 100), .optional("cursor", .text(1...200))
                ) { (limit: $0, after: $1) }),
            answers: .ok(.page("CategoryPage", of: CategoryDetails.shape))
        ) { call in
            let store = try call.store
            let query = call.query
            let categories = try await database.read("catalog.categories") { tx in
                try Catalog.categories(of: store, after: query.after, limit: query.limit + 1, in: tx)
            }
            return .value(Page(categories, limit: query.limit) { $0.handle })
        }
    }

    private var getCategory: Endpoint {
        Endpoint(
            .get, "/api/v1/categories/{category}", "getCategory",
            summary: "A category by its handle, a former handle or its id", policy: Self.read,
            takes: .path(PathShape("category", .text(1...200))), answers: .ok(CategoryDetails.shape)
        ) { call in
            let (store, reference) = (try call.store, call.path)
            let category = try await database.read("catalog.category") { tx in
                if let id = CategoryID(reference) { return try Catalog.category(id, of: store, in: tx) }
                return try Catalog.category(handle: reference, of: store, in: tx)
            }
            guard let category else { throw Problem.notFound("category") }
            return .value(category)
        }
    }

    private var createCategory: Endpoint {
        Endpoint(
            .post, "/api/v1/categories", "createCategory", summary: "Makes a category at its place in the tree",
            policy: Policy(.secretKey("products:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(CategoryDraft.shape), answers: .created(CategoryDetails.shape),
            problems: [.conflict: "category.handle_taken"]
        ) { call in
            let store = try call.store
            let make = MakeCategory(store: store, draft: call.body, actor: call.actor, requestID: call.requestID)
            let request = call.optionalIdempotency
            let answer = try await database.write("catalog.create_category") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    let category = try make.run(in: tx)
                    return StoredAnswer(
                        status: 201, body: CategoryDetails.shape.encode(category), resource: category.id.uuid)
                }
            }
            return .stored(answer)
        }
    }

    private var updateCategory: Endpoint {
        Endpoint(
            .patch, "/api/v1/categories/{category}", "updateCategory",
            summary: "Changes parts of a category or moves it with all below it; an empty parent_id makes it outermost",
            policy: Self.write, takes: .path(Self.path, body: CategoryPatch.shape),
            answers: .ok(CategoryDetails.shape), problems: [.conflict: "category.handle_taken"]
        ) { call in
            let (store, patch) = (try call.store, call.body)
            let change = ChangeCategory(
                store: store, category: call.path, actor: call.actor, requestID: call.requestID,
                change: { patch.apply(to: &$0) })
            let category = try await database.write("catalog.update_category") { tx in try change.run(in: tx) }
            forgetProducts(of: store)
            return .value(category)
        }
    }

    private var deleteCategory: Endpoint {
        Endpoint(
            .delete, "/api/v1/categories/{category}", "deleteCategory",
            summary: "Removes a category that has none below it; its products stay", policy: Self.write,
            takes: .path(Self.path), answers: .noContent, problems: [.conflict: "category.has_children"]
        ) { call in
            let store = try call.store
            let delete = DeleteCategory(
                store: store, category: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.delete_category") { tx in try delete.run(in: tx) }
            forgetProducts(of: store)
            return .empty
        }
    }
}
