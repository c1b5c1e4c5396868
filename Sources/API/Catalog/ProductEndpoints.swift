import Catalog
import HTTPServer
import Inventory
import Persistence
import Primitives
import Stores
import UseCases

/// A product page in the cache: what buyers see.
struct ProductPageKey: Hashable, Sendable {
    let store: StoreID
    /// A handle or an id, as asked.
    let reference: String
    let currency: Currency
}

extension ShopAPI {
    var productEndpoints: [Endpoint] {
        [listProducts, getProduct, createProduct, updateProduct, deleteProduct]
    }

    static let readingProducts = Policy(.publishableOrSecretKey("products:read"), rateLimit: .browse)
    private static let write = Policy(.secretKey("products:write"), rateLimit: .backOffice)

    private var getProduct: Endpoint {
        Endpoint(
            .get, "/api/v1/products/{product}", "getProduct",
            summary: "A product by its handle, a former handle or its id",
            policy: Self.readingProducts,
            takes: .path(
                PathShape("product", .text(1...200)), query: QueryShape(.optional("currency", .currency)) { $0 }),
            answers: .ok(ProductView.shape)
        ) { call in
            let store = try await store(try call.store)
            let prices = try await prices(in: call.query, of: store, for: call.caller)
            // One spelling, so that the cache keeps no page twice. Ids have no other.
            let reference = Catalog.normalHandle(call.path)
            guard ProductID(reference) == nil || reference == call.path else { throw Problem.notFound("product") }
            if call.caller.isStaff {
                return .value(try await productView(reference, of: store, prices: prices, publishedOnly: false))
            }
            let key = ProductPageKey(
                store: store.id, reference: reference, currency: prices?.currency ?? store.currency)
            let body = try await products.value(for: key) {
                EncodedBody(
                    ProductView.shape.encode(
                        try await self.productView(reference, of: store, prices: prices, publishedOnly: true)))
            }
            return .encoded(body)
        }
    }

    private var createProduct: Endpoint {
        Endpoint(
            .post, "/api/v1/products", "createProduct", summary: "Makes a product with its variants",
            policy: Policy(.secretKey("products:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(ProductDraft.shape), answers: .created(ProductView.shape),
            problems: [.conflict: "product.handle_taken"]
        ) { call in
            let store = try await store(try call.store)
            let save = SaveProduct(
                store: store.id, currency: store.currency, draft: call.body, actor: call.actor,
                requestID: call.requestID)
            let request = call.optionalIdempotency
            let answer = try await database.write("catalog.create") { tx in
                try IdempotencyKeys.once(request, store: store.id, in: tx) { tx in
                    let view = ProductView(
                        product: try save.run(in: tx), currency: store.currency, levels: [:], origin: origin(),
                        isForStaff: true)
                    return StoredAnswer(
                        status: 201, body: ProductView.shape.encode(view), resource: view.product.id.uuid)
                }
            }
            forgetProducts(of: store.id)
            return .stored(answer)
        }
    }

    private var updateProduct: Endpoint {
        Endpoint(
            .patch, "/api/v1/products/{product}", "updateProduct",
            summary: "Changes parts of a product; lists are replaced whole", policy: Self.write,
            takes: .path(PathShape("product", .identifier(IdentifierKinds.Product.self)), body: ProductPatch.shape),
            answers: .ok(ProductView.shape), problems: [.conflict: "product.handle_taken"]
        ) { call in
            let store = try await store(try call.store)
            let (id, patch, actor, requestID) = (call.path, call.body, call.actor, call.requestID)
            let view = try await database.write("catalog.update") { tx in
                let change = try ChangeProduct(
                    store: store.id, currency: store.currency, product: id, actor: actor, requestID: requestID,
                    change: { patch.apply(to: &$0) }
                ).run(in: tx)
                try Inventory.forget(change.removed.map(\.id), store: store.id, in: tx)
                try ShelfAvailability.review([change.product], store: store.id, in: tx)
                let views = try productViews(of: [change.product], store: store, isForStaff: true, in: tx)
                return views[0]
            }
            forgetProducts(of: store.id)
            return .value(view)
        }
    }

    private var deleteProduct: Endpoint {
        Endpoint(
            .delete, "/api/v1/products/{product}", "deleteProduct",
            summary: "Removes a product; orders keep their copies", policy: Self.write,
            takes: .path(PathShape("product", .identifier(IdentifierKinds.Product.self))), answers: .noContent
        ) { call in
            let store = try call.store
            let (id, actor, requestID) = (call.path, call.actor, call.requestID)
            try await database.write("catalog.delete") { tx in
                let variants = try DeleteProduct(store: store, product: id, actor: actor, requestID: requestID)
                    .run(in: tx)
                try Inventory.forget(variants, store: store, in: tx)
            }
            forgetProducts(of: store)
            return .empty
        }
    }

    /// What this process has cached of a store's products is out of date.
    func forgetProducts(of store: StoreID) {
        products.remove { $0.store == store }
    }

    /// What prices a caller is told: in the currency that was asked for, or what buyers pay in the store's own. Staff
    /// who name none see the catalogue's own prices (nil), which are those that they change.
    func prices(
        in currency: Currency?, of store: Store, for caller: Caller
    ) async throws -> AskedPrices? {
        if currency == nil, caller.isStaff { return nil }
        let book = try await priceBook(of: store)
        if let currency { try book.require(currency, at: "?currency") }
        return AskedPrices(book: book, currency: currency ?? store.currency)
    }

    private func productView(
        _ reference: String, of store: Store, prices: AskedPrices?, publishedOnly: Bool
    ) async throws -> ProductView {
        let view = try await database.read("catalog.find") { tx -> ProductView? in
            let product =
                if let product = ProductID(reference) {
                    try Catalog.product(product, of: store.id, in: tx)
                } else {
                    try Catalog.product(handle: reference, of: store.id, in: tx)
                }
            guard let product, !publishedOnly || product.isShown(at: tx.now) else { return nil }
            return try productViews(
                of: [product], store: store, prices: prices, isForStaff: !publishedOnly, in: tx
            ).first
        }
        guard let view else { throw Problem.notFound("product") }
        return view
    }

    /// - Parameter prices: nil for the catalogue's own.
    func productViews(
        of products: [Product], store: Store, prices: AskedPrices? = nil, isForStaff: Bool,
        in tx: borrowing Transaction
    ) throws -> [ProductView] {
        let variants = products.flatMap { $0.variants.map(\.id) }
        let levels = try Inventory.levels(of: variants, store: store.id, in: tx)
        let priced =
            try prices.map { prices in
                try Catalog.priced(products, in: prices.currency, by: prices.book, store: store.id, in: tx)
            } ?? products
        let byVariant = Dictionary(uniqueKeysWithValues: try levels.rows().map { ($0.variant, $0) })
        let currency = prices?.currency ?? store.currency
        let site = origin()
        return priced.map {
            ProductView(product: $0, currency: currency, levels: byVariant, origin: site, isForStaff: isForStaff)
        }
    }
}

/// The prices that a page of products is to have.
struct AskedPrices: Sendable {
    let book: PriceBook
    let currency: Currency
}
