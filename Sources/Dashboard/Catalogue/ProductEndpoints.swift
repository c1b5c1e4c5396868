import Catalog
import EventLog
import HTTPServer
import Inventory
import Media
import Persistence
import Pricing
import Primitives
import Stores
import UseCases

extension Dashboard {
    var productEndpoints: [Endpoint] {
        [
            productList, newProductPage, addProduct, productPage, saveProduct, saveProductStock, saveRelated,
            removeProduct,
        ]
    }

    static let productPath = PathShape("product", .identifier(IdentifierKinds.Product.self))
    static let pageSize = 50

    private var productList: Endpoint {
        Endpoint(
            .get, "/dashboard/products", "showStaffProducts", summary: "The products of the store",
            policy: Access.reading("products:read"), takes: .page, answers: .web
        ) { call in
            let store = try await store(try call.store)
            let text = String((call.query["q"] ?? "").prefix(200)).trimmed
            let after = call.query["after"]
            let list = try await database.read("catalog.list") { tx in
                let position = try EventLog.head(in: tx)
                let (shown, next) = try Self.products(text, of: store.id, after: after, in: tx)
                let levels = try Inventory.levels(
                    of: shown.flatMap { $0.variants.map(\.id) }, store: store.id, in: tx
                ).rows()
                return ProductListPage(
                    products: shown, levels: levels, currency: store.currency, text: text, isBeginning: after == nil,
                    next: next, position: position)
            }
            var page = try await page(.products, "Products", of: store.id)
            page.following = .store(after: list.position)
            page.notice = Notice(call.query)
            return page.answer(list.html)
        }
    }

    /// A page of products: the best first where there are words, otherwise in the order they were made.
    private static func products(
        _ text: String, of store: StoreID, after: String?, in tx: borrowing Transaction
    ) throws -> (shown: [Product], next: String?) {
        guard text.isEmpty else {
            let search = ProductSearch(text: text, publishedOnly: false)
            let position = after.flatMap { SearchPosition($0, sort: search.order) }
            let found = try Catalog.search(search, of: store, after: position, limit: pageSize, in: tx)
            return (found.products, found.next?.description)
        }
        let found = try Catalog.products(
            ProductFilter(publishedOnly: false), of: store, after: after.flatMap { ProductID($0) },
            limit: pageSize + 1, in: tx)
        let shown = Array(found.prefix(pageSize))
        return (shown, found.count > shown.count ? shown.last?.id.description : nil)
    }

    private var productPage: Endpoint {
        Endpoint(
            .get, "/dashboard/products/{product}", "showStaffProduct", summary: "A product with its prices and stock",
            policy: Access.reading("products:read"), takes: .page(Self.productPath), answers: .web
        ) { call in
            try await show(call.path, of: try call.store, notice: Notice(call.query))
        }
    }

    private var saveProduct: Endpoint {
        Endpoint(
            .post, "/dashboard/products/{product}", "saveProduct", summary: "Changes a product and its variants",
            policy: Access.changing("products:write"), takes: .form(Self.productPath), answers: .web
        ) { call in
            let store = try await store(try call.store)
            let id = call.path
            let product = try await database.read("catalog.find") { tx in
                try Catalog.product(id, of: store.id, in: tx)
            }
            guard let product else { throw Problem.notFound("product") }
            let entry = ProductEntry(call.body, of: product, currency: store.currency)
            var forms = ProductForms(product: call.body, faults: entry.faults)
            guard entry.faults.isEmpty else { return try await show(id, of: store.id, forms: forms) }
            let editing = ProductEditing(
                store: store, product: id, actor: call.actor, requestID: call.requestID, released: entry.removed,
                isConfirmed: entry.isConfirmed)
            do {
                try await database.write("catalog.update") { tx in
                    let tree = try Self.tree(for: entry, of: store.id, in: tx)
                    try editing.run(in: tx) { try entry.apply(to: &$0, tree: tree) }
                }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                forms.faults = Faults(problem, field: ProductEntry.field)
                // Otherwise the next attempt would fail alike.
                if problem.code == "product.changed" { forms.product = OptionEntry.stripped(call.body) }
                return try await show(id, of: store.id, forms: forms)
            }
            return .value(.redirect(to: "/dashboard/products/\(id)?done=\(Notice.saved.rawValue)"))
        }
    }

    static func tree(
        for entry: ProductEntry, of store: StoreID, in tx: borrowing Transaction
    ) throws -> [CategoryDetails] {
        entry.changesCategories ? try Catalog.categoryTree(of: store, limit: mostCategories, in: tx) : []
    }

    /// The products that are shown beside it.
    private var saveRelated: Endpoint {
        Endpoint(
            .post, "/dashboard/products/{product}/related", "saveRelated",
            summary: "Chooses the products that are shown beside one", policy: Access.changing("products:write"),
            takes: .form(Self.productPath), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let handles = (call.body["related"] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
            var forms = ProductForms(related: call.body)
            if handles.count > RelateProducts.most {
                forms.faults.add("related", "At most \(RelateProducts.most) products.")
                return try await show(id, of: store, forms: forms)
            }
            let found = try await database.read("catalog.handles") { tx in
                try Catalog.productIDs(ofHandles: handles, of: store, in: tx)
            }
            if let unknown = handles.first(where: { found[Catalog.normalHandle($0)] == nil }) {
                forms.faults.add("related", "There is no product \(unknown).")
                return try await show(id, of: store, forms: forms)
            }
            let relate = RelateProducts(
                store: store, product: id, related: handles.compactMap { found[Catalog.normalHandle($0)] },
                actor: call.actor, requestID: call.requestID)
            do {
                try await database.write("catalog.relate") { tx in try relate.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                forms.faults = Faults(problem) { _ in "related" }
                return try await show(id, of: store, forms: forms)
            }
            return .value(.redirect(to: "/dashboard/products/\(id)?done=\(Notice.saved.rawValue)"))
        }
    }

    /// The stock of all its variants: all of it is set, or none.
    private var saveProductStock: Endpoint {
        Endpoint(
            .post, "/dashboard/products/{product}/stock", "saveProductStock", summary: "Sets the stock of variants",
            policy: Access.changing("stock:write"), takes: .form(Self.productPath), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let product = try await database.read("catalog.find") { tx in try Catalog.product(id, of: store, in: tx) }
            guard let product else { throw Problem.notFound("product") }
            let entry = StockEntry(call.body, of: product.variants.map { (id: $0.id, title: $0.title) })
            var forms = ProductForms(stock: call.body, faults: entry.faults)
            guard entry.faults.isEmpty else { return try await show(id, of: store, forms: forms) }
            let (actor, requestID) = (call.actor, call.requestID)
            do {
                try await database.write("inventory.set") { tx in
                    try entry.run(store: store, actor: actor, requestID: requestID, in: tx)
                }
            } catch let fault as StockEntry.Fault {
                forms.faults.add(StockEntry.field(fault.variant), fault.sentence)
                return try await show(id, of: store, forms: forms)
            }
            return .value(.redirect(to: "/dashboard/products/\(id)?done=\(Notice.stocked.rawValue)"))
        }
    }

    func show(
        _ id: ProductID, of storeID: StoreID, forms: ProductForms = ProductForms(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let store = try await store(storeID)
        let view = try await database.read("catalog.page") { tx in
            let position = try EventLog.head(in: tx)
            guard let product = try Catalog.product(id, of: store.id, in: tx) else { throw Problem.notFound("product") }
            let levels = try Inventory.levels(of: product.variants.map(\.id), store: store.id, in: tx).rows()
            var page = ProductPage(
                product: product, levels: levels, currency: store.currency, position: position,
                related: try Catalog.chosenRelated(to: id, of: store.id, in: tx).map(\.handle), now: tx.now,
                forms: forms)
            page.tree = try Catalog.categoryTree(of: store.id, limit: Self.mostCategories, in: tx)
            page.classes = try Pricing.taxSettings(of: store.id, in: tx).settings.allClasses
            page.images.outcomes = try Media.outcomes(
                of: product.images.filter(\.isWaitingForCopy).map(\.url), store: store.id, in: tx)
            return page
        }
        var page = try await page(.products, view.product.title, of: store.id)
        page.following = .store(after: view.position)
        page.notice = notice
        page.status = forms.faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
