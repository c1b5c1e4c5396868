import Catalog
import EventLog
import HTTPServer
import Persistence
import Primitives

extension Dashboard {
    var categoryEndpoints: [Endpoint] {
        [categoryList, addCategory, categoryPage, saveCategory, removeCategory]
    }

    private static let path = PathShape("category", .identifier(IdentifierKinds.Category.self))
    /// More are not shown; the API has them all.
    static let mostCategories = 2000

    private var categoryList: Endpoint {
        Endpoint(
            .get, "/dashboard/categories", "showStaffCategories", summary: "The tree of categories",
            policy: Access.reading("products:read"), takes: .page, answers: .web
        ) { call in
            try await showList(of: try call.store, notice: Notice(call.query))
        }
    }

    private var addCategory: Endpoint {
        Endpoint(
            .post, "/dashboard/categories", "addCategory", summary: "Makes a category",
            policy: Access.changing("products:write"), takes: .form, answers: .web
        ) { call in
            let store = try call.store
            let entry = CategoryEntry(call.body)
            guard entry.faults.isEmpty else {
                return try await showList(of: store, typed: call.body, faults: entry.faults)
            }
            let make = MakeCategory(
                store: store, draft: entry.draft, actor: call.actor, requestID: call.requestID)
            do {
                let made = try await database.write("catalog.create_category") { tx in try make.run(in: tx) }
                return .value(
                    .redirect(to: "/dashboard/categories/\(made.id)?done=\(Notice.categorySaved.rawValue)"))
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await showList(
                    of: store, typed: call.body, faults: Faults(problem, field: CategoryEntry.field))
            }
        }
    }

    private var categoryPage: Endpoint {
        Endpoint(
            .get, "/dashboard/categories/{category}", "showStaffCategory", summary: "A category and its place",
            policy: Access.reading("products:read"), takes: .page(Self.path), answers: .web
        ) { call in
            try await show(call.path, of: try call.store, notice: Notice(call.query))
        }
    }

    private var saveCategory: Endpoint {
        Endpoint(
            .post, "/dashboard/categories/{category}", "saveCategory", summary: "Changes or moves a category",
            policy: Access.changing("products:write"), takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let entry = CategoryEntry(call.body)
            guard entry.faults.isEmpty else {
                return try await show(id, of: store, typed: call.body, faults: entry.faults)
            }
            let (actor, requestID) = (call.actor, call.requestID)
            do {
                try await database.write("catalog.update_category") { tx in
                    let place = try Catalog.category(id, of: store, in: tx)?.position ?? 0
                    _ = try ChangeCategory(
                        store: store, category: id, actor: actor, requestID: requestID,
                        change: { entry.apply(to: &$0, was: place) }
                    ).run(in: tx)
                }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await show(
                    id, of: store, typed: call.body, faults: Faults(problem, field: CategoryEntry.field))
            }
            return .value(.redirect(to: "/dashboard/categories/\(id)?done=\(Notice.categorySaved.rawValue)"))
        }
    }

    private var removeCategory: Endpoint {
        Endpoint(
            .post, "/dashboard/categories/{category}/removal", "removeCategory",
            summary: "Removes a category that has none below it", policy: Access.changing("products:write"),
            takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let delete = DeleteCategory(store: store, category: id, actor: call.actor, requestID: call.requestID)
            do {
                try await database.write("catalog.delete_category") { tx in try delete.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await show(id, of: store, faults: Faults(problem))
            }
            return .value(.redirect(to: "/dashboard/categories?done=\(Notice.categoryRemoved.rawValue)"))
        }
    }

    private func showList(
        of store: StoreID, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("catalog.categories_page") { tx in
            CategoryListPage(
                tree: try Catalog.categoryTree(of: store, limit: Self.mostCategories, in: tx), typed: typed,
                faults: faults)
        }
        var page = try await page(.categories, "Categories", of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }

    private func show(
        _ id: CategoryID, of store: StoreID, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("catalog.category_page") { tx in
            guard let category = try Catalog.category(id, of: store, in: tx) else { throw Problem.notFound("category") }
            return CategoryStaffPage(
                category: category, tree: try Catalog.categoryTree(of: store, limit: Self.mostCategories, in: tx),
                typed: typed, faults: faults)
        }
        var page = try await page(.categories, view.category.title, of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
