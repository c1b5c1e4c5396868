import Catalog
import HTTPServer
import Persistence
import Primitives
import Stores

extension ShopAPI {
    var relatedEndpoints: [Endpoint] { [listRelatedProducts, relateProducts] }

    private static let relatedShape = InputShape<[ProductID]>.object(
        "RelatedProducts", .required("product_ids", productIDs)
    ) { $0 }

    private static let productIDs = InputShape<[ProductID]>.array(
        of: .identifier(IdentifierKinds.Product.self), most: RelateProducts.most)

    private var listRelatedProducts: Endpoint {
        Endpoint(
            .get, "/api/v1/products/{product}/related", "listRelatedProducts",
            summary: "Products to show beside one: those that were chosen, then those that have most in common with it",
            policy: Policy(.publishableOrSecretKey("products:read"), rateLimit: .browse),
            takes: .path(
                PathShape("product", .text(1...200)),
                query: QueryShape(
                    .optional("limit", .integer(1...20), default: 8), .optional("currency", .currency)
                ) { (limit: $0, currency: $1) }),
            answers: .ok(.page("ProductPage", of: ProductView.shape))
        ) { call in
            let store = try await store(try call.store)
            let (reference, limit, isStaff) = (call.path, call.query.limit, call.caller.isStaff)
            let prices = try await prices(in: call.query.currency, of: store, for: call.caller)
            let views = try await database.read("catalog.related") { tx in
                let product =
                    if let id = ProductID(reference) {
                        try Catalog.product(id, of: store.id, in: tx)
                    } else {
                        try Catalog.product(handle: reference, of: store.id, in: tx)
                    }
                guard let product, isStaff || product.isShown(at: tx.now) else { throw Problem.notFound("product") }
                return try productViews(
                    of: Catalog.related(to: product, of: store.id, limit: limit, in: tx), store: store,
                    prices: prices, isForStaff: isStaff, in: tx)
            }
            return .value(Page(views, nextCursor: nil))
        }
    }

    private var relateProducts: Endpoint {
        Endpoint(
            .put, "/api/v1/products/{product}/related", "relateProducts",
            summary: "Chooses the products that are shown beside one; the list is replaced whole",
            policy: Policy(.secretKey("products:write"), rateLimit: .backOffice),
            takes: .path(
                PathShape("product", .identifier(IdentifierKinds.Product.self)),
                body: Self.relatedShape),
            answers: .ok(.page("ProductPage", of: ProductView.shape))
        ) { call in
            let store = try await store(try call.store)
            let product = call.path
            let relate = RelateProducts(
                store: store.id, product: product, related: call.body, actor: call.actor, requestID: call.requestID)
            let views = try await database.write("catalog.relate") { tx in
                try relate.run(in: tx)
                return try productViews(
                    of: Catalog.chosenRelated(to: product, of: store.id, in: tx), store: store, isForStaff: true, in: tx
                )
            }
            forgetProducts(of: store.id)
            return .value(Page(views, nextCursor: nil))
        }
    }
}
