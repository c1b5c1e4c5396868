import Catalog
import Orders
import Primitives
import ShopWorld
import UseCases

/// A good body with every field in it, and what is known of each.
struct BodySample: Sendable {
    let method: String
    let path: String
    let body: JSON
    let fields: [Field]
    let isBuyers: Bool

    init(_ method: String, _ path: String, _ body: JSON, isBuyers: Bool = false, _ fields: [Field]) {
        self.method = method
        self.path = path
        self.body = body
        self.fields = fields
        self.isBuyers = isBuyers
    }

    /// The places of objects whose keys are the caller's.
    var maps: Set<String> {
        Set(
            fields.compactMap { field in
                if case .map = field.kind { field.pointer } else { nil }
            })
    }

    /// By the endpoints' names: every endpoint that takes a body.
    static let all: [String: @Sendable (LiveShop) async throws -> BodySample] = [
        shopSamples, customerSamples, priceSamples, stock, arrivals,
    ].reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }

    private static let shopSamples: [String: @Sendable (LiveShop) async throws -> BodySample] = [
        "createProduct": { _ in BodySample("POST", "/api/v1/products", product(), productFields(isNew: true)) },
        "updateProduct": { shop in
            let variant = try await shop.maya.variant()
            return BodySample(
                "PATCH", "/api/v1/products/\(variant.product)", product(variant: variant.id),
                productFields(isNew: false) + [Field("/variants/0/id", .form)])
        },
        "createCategory": { shop in
            let parent = try await shop.category("Food").id
            return BodySample("POST", "/api/v1/categories", category(parent), categoryFields(isNew: true))
        },
        "updateCategory": { shop in
            let (id, parent) = (try await shop.category().id, try await shop.category("Food").id)
            return BodySample("PATCH", "/api/v1/categories/\(id)", category(parent), categoryFields(isNew: false))
        },
        "relateProducts": { shop in
            let (jam, bread) = (try await shop.maya.variant("Quince jam"), try await shop.maya.variant("Bread"))
            return BodySample(
                "PUT", "/api/v1/products/\(jam.product)/related", ["product_ids": [JSON(bread.product)]],
                [Field("/product_ids", .list(most: 20), required: true), Field("/product_ids/0", .form)])
        },
        "createCollection": { _ in
            BodySample("POST", "/api/v1/collections", collection(), collectionFields(isNew: true))
        },
        "updateCollection": { shop in
            let rule = CollectionRule(.any, [CollectionCondition(.tag, .equals, text: "tin")])
            let id = try await shop.collection(CollectionDraft(title: "Tins", rule: rule)).id
            return BodySample("PATCH", "/api/v1/collections/\(id)", collection(), collectionFields(isNew: false))
        },
        "setSearchSettings": { _ in
            BodySample(
                "PUT", "/api/v1/search/settings", ["language": "fr"], [Field("/language", .form, required: true)])
        },
        "addSynonym": { _ in
            BodySample(
                "POST", "/api/v1/synonyms", ["terms": ["sofa", "couch"]],
                [
                    Field("/terms", .list(most: 20), required: true),
                    Field("/terms/0", .text(most: 100, least: 1)),
                ])
        },
        "startCheckout": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return BodySample("POST", "/api/v1/checkouts", checkout(variant.id), isBuyers: true, checkoutFields)
        },
        "changeCheckout": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            let id = try await shop.maya.checkout([(variant, 1)]).id
            return BodySample("PATCH", "/api/v1/checkouts/\(id)", checkout(variant.id), isBuyers: true, checkoutFields)
        },
        "completeCheckout": { shop in
            let id = try await shop.maya.checkout([(shop.maya.variant(price: 450, stock: 3), 1)]).id
            return BodySample(
                "POST", "/api/v1/checkouts/\(id)/order",
                [
                    "payment_method": "cash_on_delivery", "return_url": "https://shop.example/thanks",
                    "expected_total": Bodies.pounds(450),
                ], isBuyers: true,
                [
                    Field("/payment_method", .form, required: true), Field("/return_url", .pattern(most: 2048)),
                    Field("/expected_total", .object),
                    Field("/expected_total/amount", .amount(least: -Int(Money.limit)), required: true),
                    Field("/expected_total/currency", .form, required: true),
                ])
        },
        "retryPayment": { shop in
            let number = Int.random(in: 1_000_000...1_000_000_000)
            let order = try await shop.maya.orderByCard([(shop.maya.variant(stock: 3), 1)], number: number).order
            return BodySample(
                "POST", "/api/v1/orders/\(order.id)/payments",
                [
                    "payment_method": "card", "return_url": "https://shop.example/thanks",
                    "expected_total": Bodies.pounds(450),
                ],
                [
                    Field("/payment_method", .form, required: true),
                    Field("/return_url", .pattern(most: 2048), required: true),
                    Field("/expected_total", .object),
                    Field("/expected_total/amount", .amount(least: -Int(Money.limit)), required: true),
                    Field("/expected_total/currency", .form, required: true),
                ])
        },
        "replaceTaxSettings": { shop in
            BodySample(
                "PUT", "/api/v1/settings/taxes", taxSettings(version: try await shop.taxVersion()), taxFields)
        },
        "exemptCheckout": { shop in
            let id = try await shop.maya.checkout([(shop.maya.variant(stock: 3), 1)]).id
            return BodySample(
                "PUT", "/api/v1/checkouts/\(id)/tax_exemption", ["reason": "A school"],
                [.text("/reason", 500, least: 0, required: true, answer: "/tax_exemption")])
        },
        "enterOrder": { shop in
            let variant = try await shop.maya.variant(stock: 1000)
            return BodySample("POST", "/api/v1/orders", order(variant.id), orderFields)
        },
        "openImport": { _ in
            BodySample(
                "POST", "/api/v1/imports", ["kind": "products", "dry_run": true, "file_name": "a.csv"],
                [
                    Field("/kind", .form, required: true), Field("/dry_run", .bool),
                    .text("/file_name", 255, least: 0),
                ])
        },
        "annotateOrder": { shop in
            let id = try await shop.placedOrder().id
            return BodySample(
                "PATCH", "/api/v1/orders/\(id)", ["staff_note": "Call first", "tags": ["vip"]],
                [.lines("/staff_note", 5000), Field("/tags", .list(most: 100)), .text("/tags/0", 100)])
        },
        "cancelOrder": { shop in
            let id = try await shop.placedOrder().id
            return BodySample(
                "POST", "/api/v1/orders/\(id)/cancellation", ["reason": "Broken", "restock": true],
                [.lines("/reason", 1000, answer: "/cancel_reason"), Field("/restock", .bool)])
        },
        "setDeliverySettings": { shop in try await deliverySettings(shop) },
        "moveDelivery": { shop in
            let id = try await shop.orderWithWindow().id
            return BodySample(
                "PUT", "/api/v1/orders/\(id)/delivery_window",
                ["delivery_window": .string(DeliverySamples.windows[1])],
                [Field("/delivery_window", .pattern(most: 100), required: true)])
        },
        "fulfillOrder": { shop in
            let order = try await shop.placedOrder()
            return BodySample(
                "POST", "/api/v1/orders/\(order.id)/fulfillments",
                [
                    "lines": [["line_id": JSON(order.lines[0].id), "quantity": 1]], "tracking_number": "RM 1",
                    "location_id": JSON(shop.maya.mainLocation),
                ],
                [
                    Field("/location_id", .form),
                    Field("/lines", .list(most: 1000)), Field("/lines/0", .object),
                    Field("/lines/0/line_id", .form, required: true),
                    Field("/lines/0/quantity", .integer(1...1_000_000), required: true),
                    .text("/tracking_number", 200, least: 0),
                ])
        },
    ]

    private static func deliverySettings(_ shop: LiveShop) async throws -> BodySample {
        BodySample(
            "PUT", "/api/v1/settings/delivery", DeliverySamples.body(version: try await shop.deliveryVersion()),
            DeliverySamples.fields)
    }

    private static func product(variant: VariantID? = nil) -> JSON {
        var first: JSONObject = [
            "sku": "K-1", "title": "Small", "price": Bodies.pounds(1999), "compare_at_price": Bodies.pounds(2499),
            "options": ["Size": "1 l"], "weight_grams": 900, "taxable": true, "requires_shipping": false,
            "barcode": "5012345678900", "weight_unit": "kg", "cost": Bodies.pounds(900), "tax_code": "txcd_1",
            "image": "https://cdn.example/k-small.jpg", "metadata": ["erp": "K/1"],
        ]
        if let variant { first["id"] = JSON(variant) }
        return [
            "title": "Kettle", "description_html": "<p>It whistles</p>", "status": "active", "vendor": "Blech",
            "options": ["Size"], "variants": [.object(first)],
            "images": [["url": "https://cdn.example/k.jpg", "alt": "A kettle"]],
            "categories": [["handle": "kitchen", "title": "Kitchen"]], "tags": ["tin"],
            "published_at": "2020-01-01T00:00:00Z", "unpublished_at": "2999-01-01T00:00:00Z",
            "product_type": "Kettles", "seo": ["title": "Tin kettle", "description": "It whistles"],
            "metadata": ["origin": "Sheffield"],
        ]
    }

    private static func category(_ parent: CategoryID) -> JSON {
        [
            "title": "Kettles", "parent_id": JSON(parent), "position": 0, "description_html": "<p>They whistle</p>",
            "image": ["url": "https://cdn.example/k.jpg", "alt": "A kettle"], "seo_title": "Kettles and pots",
            "seo_description": "What whistles",
        ]
    }

    private static func categoryFields(isNew: Bool) -> [Field] {
        [
            .text("/title", 255, required: isNew), Field("/parent_id", isNew ? .form : .clearable),
            Field("/position", .integer(0...1_000_000)), .lines("/description_html", 65_536), Field("/image", .object),
            Field("/image/url", .pattern(most: 2048), required: true), .text("/image/alt", 500, least: 0),
            .text("/seo_title", 255, least: 0), .text("/seo_description", 1000, least: 0),
        ]
    }

    private static func collection() -> JSON {
        [
            "title": "Gifts", "description_html": "<p>Wrapped</p>",
            "image": ["url": "https://cdn.example/g.jpg", "alt": "A parcel"], "seo_title": "Presents",
            "seo_description": "For anybody",
            "rule": [
                "match": "any",
                "conditions": [
                    ["field": "tag", "operator": "is", "value": "gift"],
                    ["field": "price", "operator": "less_than", "price": Bodies.pounds(2000)],
                    ["field": "stock", "operator": "greater_than", "units": 0],
                ],
            ],
            "product_ids": [], "sort_order": "newest", "featured": true,
        ]
    }

    private static func collectionFields(isNew: Bool) -> [Field] {
        [
            .text("/title", 255, required: isNew), .lines("/description_html", 65_536), Field("/image", .object),
            Field("/image/url", .pattern(most: 2048), required: true), .text("/image/alt", 500, least: 0),
            .text("/seo_title", 255, least: 0), .text("/seo_description", 1000, least: 0), Field("/rule", .object),
            Field("/rule/match", .form), Field("/rule/conditions", .list(most: 50), required: true),
            Field("/rule/conditions/0", .object), Field("/rule/conditions/0/field", .form, required: true),
            Field("/rule/conditions/0/operator", .form, required: true),
            Field("/rule/conditions/0/value", .text(most: 255, least: 1)),
            Field("/rule/conditions/1/price", .object),
            Field("/rule/conditions/1/price/amount", .amount(least: 0), required: true),
            Field("/rule/conditions/1/price/currency", .form, required: true),
            Field("/rule/conditions/2/units", .integer(0...1_000_000_000)), Field("/product_ids", .list(most: 1000)),
            Field("/sort_order", .form), Field("/featured", .bool),
        ]
    }

    private static func productFields(isNew: Bool) -> [Field] {
        [
            .text("/title", 255, required: isNew), .lines("/description_html", 65_536), Field("/status", .form),
            .text("/vendor", 255, least: 0), Field("/options", .list(most: 3)),
            Field("/options/0", .text(most: 100, least: 1)), Field("/variants", .list(most: 100), required: isNew),
            Field("/variants/0", .object), .text("/variants/0/sku", 100, least: 0), .text("/variants/0/title", 255),
            Field("/variants/0/price", .object, required: true),
            Field("/variants/0/price/amount", .amount(least: 0), required: true),
            Field("/variants/0/price/currency", .form, required: true),
            Field("/variants/0/compare_at_price", .object),
            Field("/variants/0/compare_at_price/amount", .amount(least: 0), required: true),
            Field("/variants/0/options", .map), .text("/variants/0/options/Size", 255),
            Field("/variants/0/weight_grams", .integer(0...1_000_000_000)), Field("/variants/0/taxable", .bool),
            Field("/variants/0/requires_shipping", .bool), Field("/images", .list(most: 100)),
            Field("/images/0", .object), Field("/images/0/url", .pattern(most: 2048), required: true),
            .text("/images/0/alt", 500, least: 0), Field("/categories", .list(most: 50)),
            Field("/categories/0", .object), Field("/categories/0/handle", .pattern(most: 200), required: true),
            // The title of a category that exists stays.
            Field("/categories/0/title", .text(most: 255, least: 1)), Field("/tags", .list(most: 100)),
            .text("/tags/0", 100), Field("/published_at", isNew ? .form : .clearable),
            Field("/unpublished_at", isNew ? .form : .clearable),
            .text("/product_type", 255, least: 0), Field("/seo", .object),
            .text("/seo/title", 255, least: 0), .text("/seo/description", 1000, least: 0), Field("/metadata", .map),
            .lines("/metadata/origin", 5000), .text("/variants/0/barcode", 100, least: 0),
            Field("/variants/0/weight_unit", .form), Field("/variants/0/cost", .object),
            Field("/variants/0/cost/amount", .amount(least: 0), required: true),
            Field("/variants/0/cost/currency", .form, required: true), .text("/variants/0/tax_code", 100, least: 0),
            Field("/variants/0/image", .pattern(most: 2048)), Field("/variants/0/metadata", .map),
            .lines("/variants/0/metadata/erp", 5000),
        ]
    }

    static let address: JSON = [
        "name": "Zoë", "line1": "3 Quay Row", "line2": "Top floor", "city": "Leith", "region": "Lothian",
        "postal_code": "EH6", "country": "GB", "coordinates": ["latitude": 55.97, "longitude": -3],
    ]

    private static let contactFields: [Field] = [
        Field("/email", .form), Field("/phone", .form), Field("/shipping_address", .object),
        .text("/shipping_address/name", 200, required: true), .text("/shipping_address/line1", 200, required: true),
        .text("/shipping_address/line2", 200, least: 0), .text("/shipping_address/city", 200, required: true),
        .text("/shipping_address/region", 100, least: 0),
        Field("/shipping_address/postal_code", .text(most: 20, least: 0)),
        Field("/shipping_address/country", .form, required: true), .lines("/note", 5000),
        Field("/shipping_address/coordinates", .object),
        Field("/shipping_address/coordinates/latitude", .number(-90...90), required: true),
        Field("/shipping_address/coordinates/longitude", .number(-180...180), required: true),
    ]

    private static func checkout(_ variant: VariantID) -> JSON {
        [
            "lines": [["variant_id": JSON(variant), "quantity": 2]], "email": "zoë@example.com",
            "phone": "+442079460000", "shipping_address": address, "delivery_method": "standard", "note": "Ring twice",
            "tax_number": "GB980780684",
            "currency": "GBP",
        ]
    }

    private static let checkoutFields =
        contactFields + [
            Field("/lines", .list(most: 1000)), Field("/lines/0", .object),
            Field("/lines/0/variant_id", .form, required: true),
            Field("/lines/0/quantity", .integer(1...1_000_000), required: true),
            Field("/delivery_method", .text(most: 100, least: 1)), Field("/tax_number", .text(most: 40, least: 0)),
            Field("/currency", .form),
        ]

    private static func order(_ variant: VariantID) -> JSON {
        [
            "lines": [
                [
                    "variant_id": JSON(variant), "sku": "S", "title": "Soap", "quantity": 6,
                    "unit_price": Bodies.pounds(255),
                ]
            ],
            "placed_at": "2010-12-01T08:26:00Z", "email": "zoë@example.com", "phone": "+442079460000",
            "shipping_address": address, "note": "Ring twice", "tags": ["import"], "payment_method": "cash_on_delivery",
            "currency": "GBP",
        ]
    }

    private static let orderFields =
        contactFields + [
            Field("/lines", .list(most: 1000), required: true), Field("/lines/0", .object),
            Field("/lines/0/variant_id", .form), Field("/lines/0/sku", .text(most: 100, least: 1)),
            .text("/lines/0/title", 500), Field("/lines/0/quantity", .integer(1...1_000_000), required: true),
            Field("/lines/0/unit_price", .object),
            Field("/lines/0/unit_price/amount", .amount(least: 0), required: true),
            Field("/lines/0/unit_price/currency", .form, required: true), Field("/placed_at", .form),
            Field("/tags", .list(most: 100)), .text("/tags/0", 100), Field("/payment_method", .form),
            Field("/currency", .form),
        ]
}
