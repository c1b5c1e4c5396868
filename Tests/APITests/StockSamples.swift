import Catalog
import Inventory
import Orders
import Primitives
import ShopWorld

extension Sample {
    /// Of the endpoints of stock.
    static let stock: [String: @Sendable (LiveShop) async throws -> Sample] = [
        "changeStockPolicy": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return Sample(
                path: "/api/v1/variants/\(variant.id)/stock", body: ["safety_stock": 1], status: 200,
                elsewhere: "404 not_found")
        },
        "listStockLocations": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return Sample(
                path: "/api/v1/variants/\(variant.id)/stock/locations", status: 200, elsewhere: "404 not_found")
        },
        "adjustStock": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return Sample(
                path: "/api/v1/variants/\(variant.id)/stock/adjustments", body: ["delta": -1, "reason": "damaged"],
                status: 201, elsewhere: "404 not_found")
        },
        "listVariantMovements": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return Sample(
                path: "/api/v1/variants/\(variant.id)/stock/movements?limit=5", status: 200,
                elsewhere: "404 not_found")
        },
        "listStockMovements": { shop in
            _ = try await shop.maya.variant(stock: 3)
            return Sample(path: "/api/v1/stock-movements?limit=5", status: 200, elsewhere: "200")
        },
        "listOrderBackorders": { shop in
            let order = try await shop.placedOrder()
            return Sample(
                path: "/api/v1/orders/\(order.id)/backorders", status: 200, elsewhere: "404 not_found",
                orderToken: shop.tokens.token(for: order.id, of: order.store))
        },
        "listStockLevels": { shop in
            _ = try await shop.maya.variant(stock: 3)
            return Sample(path: "/api/v1/stock-levels?limit=5", status: 200, elsewhere: "200")
        },
        "setStockLevels": { shop in
            let sku = LiveShop.freshKey()
            _ = try await shop.maya.variant(sku: sku, stock: 3)
            return Sample(
                path: "/api/v1/stock-levels", body: ["rows": [["sku": .string(sku), "on_hand": 4]]], status: 200,
                elsewhere: "200")
        },
        "listLocations": { _ in
            Sample(path: "/api/v1/locations", status: 200, elsewhere: "200", isOfEveryStore: true)
        },
        "createLocation": { _ in
            Sample(
                path: "/api/v1/locations", body: ["name": .string("Barn \(LiveShop.freshKey())")], status: 201,
                elsewhere: "201")
        },
        "getLocation": { shop in
            let location = try await shop.maya.location("Barn \(LiveShop.freshKey())")
            return Sample(path: "/api/v1/locations/\(location.id)", status: 200, elsewhere: "404 not_found")
        },
        "changeLocation": { shop in
            let location = try await shop.maya.location("Barn \(LiveShop.freshKey())")
            return Sample(
                path: "/api/v1/locations/\(location.id)", body: ["priority": 3], status: 200,
                elsewhere: "404 not_found")
        },
    ]
}

extension BodySample {
    /// Of the endpoints of stock.
    static let stock: [String: @Sendable (LiveShop) async throws -> BodySample] = [
        "setStock": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return BodySample(
                "PUT", "/api/v1/variants/\(variant.id)/stock",
                ["on_hand": 5, "location_id": JSON(shop.maya.mainLocation)],
                [Field("/on_hand", .integer(0...1_000_000_000), required: true), Field("/location_id", .form)])
        },
        "changeStockPolicy": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return BodySample(
                "PATCH", "/api/v1/variants/\(variant.id)/stock",
                ["safety_stock": 1, "backorders": true, "backorder_limit": 20, "low_stock_threshold": 2],
                [
                    Field("/safety_stock", .integer(0...1_000_000_000)), Field("/backorders", .bool),
                    Field("/backorder_limit", .integer(1...1_000_000_000)),
                    Field("/low_stock_threshold", .integer(0...1_000_000_000)),
                ])
        },
        "adjustStock": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            let order = try await shop.placedOrder().id
            return BodySample(
                "POST", "/api/v1/variants/\(variant.id)/stock/adjustments",
                [
                    "delta": 2, "reason": "returned", "note": "Unopened", "order_id": JSON(order),
                    "location_id": JSON(shop.maya.mainLocation),
                ],
                [
                    Field("/delta", .integer(-1_000_000_000...1_000_000_000), required: true),
                    Field("/reason", .form, required: true), .lines("/note", 1000, answer: "/movement/note"),
                    Field("/order_id", .form), Field("/location_id", .form),
                ])
        },
        "setStockLevels": { shop in
            let sku = LiveShop.freshKey()
            _ = try await shop.maya.variant(sku: sku, stock: 3)
            return BodySample(
                "PUT", "/api/v1/stock-levels",
                ["rows": [["sku": .string(sku), "location": "Main location", "on_hand": 4]]],
                [
                    Field("/rows", .list(most: 1000), required: true), Field("/rows/0", .object),
                    Field("/rows/0/sku", .text(most: 100, least: 1), required: true),
                    Field("/rows/0/location", .text(most: 100, least: 0)),
                    Field("/rows/0/on_hand", .integer(0...1_000_000_000), required: true),
                ])
        },
        "createLocation": { _ in
            BodySample(
                "POST", "/api/v1/locations", location("Barn \(LiveShop.freshKey())"), locationFields(isNew: true))
        },
        "changeLocation": { shop in
            let id = try await shop.maya.location("Shed \(LiveShop.freshKey())").id
            return BodySample(
                "PATCH", "/api/v1/locations/\(id)", location("Barn \(LiveShop.freshKey())"),
                locationFields(isNew: false))
        },
    ]

    private static func location(_ name: String) -> JSON {
        [
            "name": .string(name), "active": true, "priority": 7,
            "address": [
                "line1": "1 Mill Lane", "line2": "Unit 2", "city": "Peebles", "region": "Borders",
                "postal_code": "EH45", "country": "GB",
            ],
        ]
    }

    private static func locationFields(isNew: Bool) -> [Field] {
        [
            .text("/name", 100, required: isNew), Field("/active", .bool), Field("/priority", .integer(0...1000)),
            Field("/address", .object), .text("/address/line1", 200, least: 0),
            .text("/address/line2", 200, least: 0), .text("/address/city", 200, least: 0),
            .text("/address/region", 100, least: 0),
            Field("/address/postal_code", .text(most: 20, least: 0)),
            Field("/address/country", .form),
        ]
    }
}
