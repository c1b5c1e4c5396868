import Catalog
import Exchange
import Orders
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import Testing
import UseCases

/// A good request to an endpoint, about things that were made for it.
struct Sample: Sendable {
    /// Status and code of a refusal, or the status alone.
    typealias Verdict = String

    let path: String
    var body: JSON?
    /// What the right caller is told.
    let status: Int
    /// What a caller of the right kind is told whose key is Otto's.
    let elsewhere: Verdict
    /// The token of the order that the path names.
    var orderToken: String?
    /// A body that is no JSON, and its type.
    var file: (text: String, type: String)?
    /// Whether every store has something of its own to be listed.
    var isOfEveryStore = false

    /// By the endpoints' names.
    static let all: [String: @Sendable (LiveShop) async throws -> Sample] = [
        shopSamples, customerSamples, priceSamples, stock, arrivals,
    ].reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }

    private static let shopSamples: [String: @Sendable (LiveShop) async throws -> Sample] = [
        "listProducts": { shop in
            _ = try await shop.maya.variant("Quince jam")
            return Sample(path: "/api/v1/products?limit=5", status: 200, elsewhere: "200")
        },
        "getProduct": { shop in
            let variant = try await shop.maya.variant("Quince jam")
            return Sample(path: "/api/v1/products/\(variant.product)", status: 200, elsewhere: "404 not_found")
        },
        "createProduct": { _ in
            Sample(
                path: "/api/v1/products", body: Bodies.product(), status: 201, elsewhere: "422 validation.failed")
        },
        "updateProduct": { shop in
            let variant = try await shop.maya.variant("Quince jam")
            return Sample(
                path: "/api/v1/products/\(variant.product)", body: ["title": "Quince jelly"], status: 200,
                elsewhere: "404 not_found")
        },
        "deleteProduct": { shop in
            let variant = try await shop.maya.variant("Quince jam")
            return Sample(path: "/api/v1/products/\(variant.product)", status: 204, elsewhere: "404 not_found")
        },
        "listCategories": { _ in Sample(path: "/api/v1/categories", status: 200, elsewhere: "200") },
        "getCategory": { shop in try await shop.categorySample(status: 200) },
        "createCategory": { _ in
            Sample(path: "/api/v1/categories", body: ["title": "Jars"], status: 201, elsewhere: "201")
        },
        "updateCategory": { shop in try await shop.categorySample(body: ["title": "Tins"], status: 200) },
        "deleteCategory": { shop in try await shop.categorySample(status: 204) },
        "listRelatedProducts": { shop in
            let variant = try await shop.maya.variant("Quince jam")
            return Sample(path: "/api/v1/products/\(variant.product)/related", status: 200, elsewhere: "404 not_found")
        },
        "relateProducts": { shop in
            let (jam, bread) = (try await shop.maya.variant("Quince jam"), try await shop.maya.variant("Bread"))
            return Sample(
                path: "/api/v1/products/\(jam.product)/related", body: ["product_ids": [JSON(bread.product)]],
                status: 200, elsewhere: "404 not_found")
        },
        "listCollections": { shop in
            _ = try await shop.collection()
            return Sample(path: "/api/v1/collections?limit=5", status: 200, elsewhere: "200")
        },
        "getCollection": { shop in try await shop.collectionSample(status: 200) },
        "listCollectionProducts": { shop in try await shop.collectionSample("/products?limit=5", status: 200) },
        "createCollection": { _ in
            Sample(path: "/api/v1/collections", body: ["title": "Gifts"], status: 201, elsewhere: "201")
        },
        "updateCollection": { shop in try await shop.collectionSample(body: ["title": "Presents"], status: 200) },
        "deleteCollection": { shop in try await shop.collectionSample(status: 204) },
        "getSearchSettings": { _ in Sample(path: "/api/v1/search/settings", status: 200, elsewhere: "200") },
        "setSearchSettings": { _ in
            Sample(path: "/api/v1/search/settings", body: ["language": "de"], status: 200, elsewhere: "200")
        },
        "listSynonyms": { shop in
            _ = try await shop.synonym()
            return Sample(path: "/api/v1/synonyms?limit=5", status: 200, elsewhere: "200")
        },
        "addSynonym": { _ in
            Sample(path: "/api/v1/synonyms", body: ["terms": ["sofa", "couch"]], status: 201, elsewhere: "201")
        },
        "removeSynonym": { shop in
            Sample(path: "/api/v1/synonyms/\(try await shop.synonym())", status: 204, elsewhere: "404 not_found")
        },
        "getStock": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return Sample(path: "/api/v1/variants/\(variant.id)/stock", status: 200, elsewhere: "404 not_found")
        },
        "setStock": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return Sample(
                path: "/api/v1/variants/\(variant.id)/stock", body: ["on_hand": 7], status: 200,
                elsewhere: "404 not_found")
        },
        "startCheckout": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return Sample(
                path: "/api/v1/checkouts", body: Bodies.checkout([(variant.id, 2)]), status: 201,
                elsewhere: "422 validation.failed")
        },
        "getCheckout": { shop in
            let checkout = try await shop.maya.checkout([(shop.maya.variant(stock: 3), 2)])
            return Sample(path: "/api/v1/checkouts/\(checkout.id)", status: 200, elsewhere: "404 not_found")
        },
        "changeCheckout": { shop in
            let checkout = try await shop.maya.checkout([(shop.maya.variant(stock: 3), 2)])
            return Sample(
                path: "/api/v1/checkouts/\(checkout.id)", body: ["note": "Ring twice"], status: 200,
                elsewhere: "404 not_found")
        },
        "completeCheckout": { shop in
            let checkout = try await shop.maya.checkout([(shop.maya.variant(stock: 3), 2)])
            return Sample(
                path: "/api/v1/checkouts/\(checkout.id)/order", body: ["payment_method": "cash_on_delivery"],
                status: 201, elsewhere: "404 not_found")
        },
        "listOrders": { shop in
            _ = try await shop.placedOrder()
            return Sample(path: "/api/v1/orders?limit=5", status: 200, elsewhere: "200")
        },
        "getOrder": { shop in try await shop.orderSample("", 200) },
        "enterOrder": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return Sample(
                path: "/api/v1/orders", body: Bodies.order([["variant_id": JSON(variant.id), "quantity": 2]]),
                status: 201, elsewhere: "422 validation.failed")
        },
        "annotateOrder": { shop in try await shop.orderSample("", 200, body: ["tags": ["gift"]]) },
        "listOrderEvents": { shop in try await shop.orderSample("/events?limit=5", 200) },
        "retryPayment": { shop in
            let number = Int.random(in: 1_000_000...1_000_000_000)
            let order = try await shop.maya.orderByCard([(shop.maya.variant(stock: 3), 2)], number: number).order
            return Sample(
                path: "/api/v1/orders/\(order.id)/payments", body: Bodies.card, status: 201,
                elsewhere: "404 not_found", orderToken: shop.tokens.token(for: order.id, of: order.store))
        },
        "getTaxSettings": { _ in Sample(path: "/api/v1/settings/taxes", status: 200, elsewhere: "200") },
        "replaceTaxSettings": { shop in
            // Otto's were never set.
            let version = try await shop.taxVersion()
            return Sample(
                path: "/api/v1/settings/taxes", body: ["version": JSON(version), "zones": []], status: 200,
                elsewhere: version == 0 ? "200" : "409 settings.changed")
        },
        "exemptCheckout": { shop in
            let checkout = try await shop.maya.checkout([(shop.maya.variant(stock: 3), 2)])
            return Sample(
                path: "/api/v1/checkouts/\(checkout.id)/tax_exemption", body: ["reason": "A school"], status: 200,
                elsewhere: "404 not_found")
        },
        "streamEvents": { _ in Sample(path: "/api/v1/events", status: 200, elsewhere: "200") },
        "listImports": { shop in
            _ = try await shop.openedImport()
            return Sample(path: "/api/v1/imports?limit=5", status: 200, elsewhere: "200")
        },
        "openImport": { _ in
            Sample(
                path: "/api/v1/imports", body: ["kind": "products", "file_name": "a.csv"], status: 201,
                elsewhere: "201")
        },
        "getImport": { shop in try await shop.importSample("") },
        "keepImportPart": { shop in
            var sample = try await shop.importSample("/parts/2")
            sample.file = ("Handle,Title\n", "text/csv")
            return sample
        },
        "startImport": { shop in try await shop.importSample("/start") },
        "cancelImport": { shop in try await shop.importSample("/cancellation") },
        "listImportProblems": { shop in try await shop.importSample("/problems?limit=5") },
        "exportProducts": { _ in Sample(path: "/api/v1/exports/products", status: 200, elsewhere: "200") },
        "exportCustomers": { _ in Sample(path: "/api/v1/exports/customers", status: 200, elsewhere: "200") },
        "exportOrders": { _ in Sample(path: "/api/v1/exports/orders", status: 200, elsewhere: "200") },
        "exportStock": { _ in Sample(path: "/api/v1/exports/stock", status: 200, elsewhere: "200") },
        "cancelOrder": { shop in try await shop.orderSample("/cancellation", 201, body: ["reason": "Changed mind"]) },
        "fulfillOrder": { shop in
            try await shop.orderSample("/fulfillments", 201, body: ["tracking_number": "RM 1"])
        },
        "getDeliverySettings": { _ in Sample(path: "/api/v1/settings/delivery", status: 200, elsewhere: "200") },
        "setDeliverySettings": { shop in
            Sample(
                path: "/api/v1/settings/delivery",
                body: DeliverySamples.body(version: try await shop.deliveryVersion()),
                status: 200, elsewhere: "422 validation.failed")
        },
        "listDeliveryWindows": { shop in
            try await shop.configureDelivery()
            let order = try await shop.orderWithWindow()
            let checkout = try #require(order.checkout)
            return Sample(
                path: "/api/v1/checkouts/\(checkout)/delivery_windows?method=van", status: 200,
                elsewhere: "404 not_found")
        },
        "moveDelivery": { shop in
            let order = try await shop.orderWithWindow()
            return Sample(
                path: "/api/v1/orders/\(order.id)/delivery_window",
                body: ["delivery_window": .string(DeliverySamples.windows[1])], status: 200,
                elsewhere: "404 not_found", orderToken: shop.tokens.token(for: order.id, of: order.store))
        },
    ]
}

/// Bodies that are right, to be made wrong.
enum Bodies {
    static func product(_ title: String = "Sea salt") -> JSON {
        [
            "title": .string(title), "status": "active",
            "variants": [["sku": "SALT", "price": pounds(250)]],
        ]
    }

    static func checkout(_ lines: [(VariantID, Int)]) -> JSON {
        [
            "lines": .array(lines.map { ["variant_id": JSON($0), "quantity": JSON($1)] }),
            "email": "zoë@example.com", "shipping_address": address,
        ]
    }

    static func order(_ lines: [JSON], externalID: String? = nil) -> JSON {
        var order: JSONObject = ["lines": .array(lines)]
        if let externalID { order["external_id"] = .string(externalID) }
        return .object(order)
    }

    static func pounds(_ pence: Int) -> JSON { ["amount": JSON(pence), "currency": "GBP"] }

    static let address: JSON = ["name": "Zoë Wölfle", "line1": "3 Quay Row", "city": "Leith", "country": "GB"]

    static let card: JSON = ["payment_method": "card", "return_url": "https://shop.example/thanks"]

    static let cash: JSON = ["payment_method": "cash_on_delivery"]
}

extension LiveShop {
    /// Words that mean the same in Maya's shop.
    func synonym() async throws -> SynonymID {
        let store = maya.store.id
        return try await maya.database.write("test.synonym") { tx in
            try AddSynonym(store: store, terms: ["settee", "sofa"]).run(in: tx).id
        }
    }

    /// The version of Maya's tax settings.
    func taxVersion() async throws -> Int {
        let store = maya.store.id
        return try await maya.database.read("test.taxes") { tx in try Pricing.taxSettings(of: store, in: tx).version }
    }

    /// An order of two units of a variant that was made for it.
    func placedOrder() async throws -> Order {
        let checkout = try await maya.checkout([(maya.variant(stock: 3), 2)])
        // Far from the numbers that the server gives.
        return try await maya.place(checkout.id, number: Int.random(in: 1_000_000...1_000_000_000)).order
    }

    func category(_ title: String = "Jars") async throws -> CategoryDetails {
        try await maya.database.write("test.category") { [store = maya.store.id] tx in
            try MakeCategory(store: store, draft: CategoryDraft(title: title), actor: .system).run(in: tx)
        }
    }

    func collection(_ draft: CollectionDraft = CollectionDraft(title: "Gifts")) async throws -> ProductCollection {
        try await maya.database.write("test.collection") { [store = maya.store.id] tx in
            try SaveCollection(store: store, draft: draft, actor: .system).run(in: tx)
        }
    }

    fileprivate func collectionSample(
        _ suffix: String = "", body: JSON? = nil, status: Int
    ) async throws -> Sample {
        Sample(
            path: "/api/v1/collections/\(try await collection().id)\(suffix)", body: body, status: status,
            elsewhere: "404 not_found")
    }

    fileprivate func categorySample(body: JSON? = nil, status: Int) async throws -> Sample {
        Sample(
            path: "/api/v1/categories/\(try await category().id)", body: body, status: status,
            elsewhere: "404 not_found")
    }

    /// An import with one part of its file.
    func openedImport() async throws -> ImportID {
        try await maya.database.write("test.import") { [store = maya.store.id] tx in
            let opened = try OpenImport(
                store: store, kind: .products, fileName: "a.csv", isDryRun: false, actor: .system
            ).run(in: tx)
            try KeepPart(store: store, id: opened.id, number: 1, content: Array("Handle\n".utf8)).run(in: tx)
            return opened.id
        }
    }

    fileprivate func importSample(_ suffix: String) async throws -> Sample {
        Sample(
            path: "/api/v1/imports/\(try await openedImport())\(suffix)", status: 200, elsewhere: "404 not_found")
    }

    fileprivate func orderSample(_ suffix: String, _ status: Int, body: JSON? = nil) async throws -> Sample {
        let order = try await placedOrder()
        return Sample(
            path: "/api/v1/orders/\(order.id)\(suffix)", body: body, status: status, elsewhere: "404 not_found",
            orderToken: tokens.token(for: order.id, of: order.store))
    }
}
