import Catalog
import DesignSystem
import HTTPServer
import Inventory
import Markup
import Persistence
import Pricing
import Primitives
import Stores
import UseCases

extension Dashboard {
    var newProductPage: Endpoint {
        Endpoint(
            .get, "/dashboard/products/new", "showNewProduct", summary: "The form of a new product",
            policy: Access.changing("products:write"), takes: .page, answers: .web
        ) { call in
            try await showNewProduct(of: try call.store)
        }
    }

    var addProduct: Endpoint {
        Endpoint(
            .post, "/dashboard/products", "addProduct", summary: "Makes a product with its variants and stock",
            policy: Access.changing("products:write"), takes: .form, answers: .web
        ) { call in
            let store = try await store(try call.store)
            let entry = NewProductEntry(call.body, currency: store.currency)
            guard entry.faults.isEmpty else {
                return try await showNewProduct(of: store.id, typed: call.body, faults: entry.faults)
            }
            let (actor, requestID) = (call.actor, call.requestID)
            do {
                let product = try await database.write("catalog.create") { tx in
                    try entry.run(store: store, actor: actor, requestID: requestID, in: tx)
                }
                return .value(.redirect(to: "/dashboard/products/\(product)?done=\(Notice.saved.rawValue)"))
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem, field: ProductEntry.field)
                return try await showNewProduct(of: store.id, typed: call.body, faults: faults)
            }
        }
    }

    var removeProduct: Endpoint {
        Endpoint(
            .post, "/dashboard/products/{product}/removal", "removeProduct",
            summary: "Removes a product; orders keep what they say of it", policy: Access.changing("products:write"),
            takes: .form(Self.productPath), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            guard call.body[ProductEntry.confirmation] != nil else {
                var forms = ProductForms()
                forms.faults.add(ProductPage.confirmation, "Tick that the product goes, and its stock with it.")
                return try await show(id, of: store, forms: forms)
            }
            let delete = DeleteProduct(store: store, product: id, actor: call.actor, requestID: call.requestID)
            do {
                try await database.write("catalog.delete") { tx in
                    try Inventory.forget(try delete.run(in: tx), store: store, in: tx)
                }
            } catch let problem as Problem where problem.kind == .notFound {
                // Sent twice, it was done already.
            }
            return .value(.redirect(to: "/dashboard/products?done=\(Notice.removed.rawValue)"))
        }
    }

    private func showNewProduct(
        of storeID: StoreID, typed: Form? = nil, faults: Faults = Faults()
    ) async throws -> Answer<WebAnswer> {
        let store = try await store(storeID)
        let contents = try await database.read("catalog.new_page") { tx in
            var contents = ProductContents(
                product: .blank, currency: store.currency,
                classes: try Pricing.taxSettings(of: store.id, in: tx).settings.allClasses,
                tree: try Catalog.categoryTree(of: store.id, limit: Self.mostCategories, in: tx), typed: typed,
                faults: faults)
            contents.newID = tx.newIdentifier()
            return contents
        }
        var page = try await page(.products, "New product", of: store.id)
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(
            div(.class("stack")) {
                UI.breadcrumbs([("Products", "/dashboard/products"), ("New product", nil)])
                div(.class("page-head")) { h1 { "New product" } }
                faults.summary
                contents.html
                p(.class("muted")) { "Pictures and related products are added on its page." }
            })
    }
}

/// What staff type of a new product.
struct NewProductEntry: Sendable {
    /// The form's name of the units in the house.
    static let onHand = "on_hand"
    /// The id that the product will have, so that a form that is sent twice makes one product.
    static let id = "product"

    private let id: ProductID?
    private let product: ProductEntry
    private let onHand: Int?
    private(set) var faults: Faults

    init(_ form: Form, currency: Currency) {
        id = form[Self.id].flatMap { ProductID($0) }.flatMap { $0 == Product.blank.id ? nil : $0 }
        product = ProductEntry(form, of: .blank, currency: currency)
        faults = product.faults
        let price = VariantEntry.Part.price.field(Product.blank.variants[0].id)
        if form[price] == nil { faults.add(price, "Give a price.") }
        let text = (form[Self.onHand] ?? "").trimmed
        onHand = WholeNumber.read(text)
        if !text.isEmpty, onHand == nil { faults.add(Self.onHand, "Give a whole number of units.") }
    }

    /// - Returns: the product that was made, now or when the form was sent before.
    func run(store: Store, actor: Actor, requestID: String?, in tx: borrowing Transaction) throws -> ProductID {
        if let id {
            try tx.lock("catalog.new_product.\(store.id).\(id)")
            if try Catalog.product(id, of: store.id, in: tx) != nil { return id }
        }
        var draft = try ProductDraft(.blank, currency: store.currency)
        try product.apply(to: &draft, tree: Dashboard.tree(for: product, of: store.id, in: tx))
        for index in draft.variants.indices { draft.variants[index].id = nil }
        let made = try SaveProduct(
            store: store.id, currency: store.currency, id: id, draft: draft, actor: actor, requestID: requestID
        ).run(in: tx)
        guard let onHand else { return made.id }
        for variant in made.variants.map(\.id).sorted() {
            _ = try SetStock(
                store: store.id, variant: variant, onHand: onHand, actor: actor, requestID: requestID
            ).run(in: tx)
        }
        try ShelfAvailability.review([made], store: store.id, in: tx)
        return made.id
    }
}
