import Catalog
import Customers
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport

extension Sample {
    static let priceSamples: [String: @Sendable (LiveShop) async throws -> Sample] = [
        "listCurrencies": { _ in Sample(path: "/api/v1/currencies", status: 200, elsewhere: "200") },
        "keepCurrency": { _ in
            Sample(path: "/api/v1/currencies/EUR", body: ["rate": "1.15"], status: 200, elsewhere: "200")
        },
        "dropCurrency": { shop in
            try await shop.sell(in: "CHF", rate: "1.1")
            return Sample(path: "/api/v1/currencies/CHF", status: 204, elsewhere: "404 not_found")
        },
        "listPriceLists": { _ in Sample(path: "/api/v1/price_lists", status: 200, elsewhere: "200") },
        "getPriceList": { shop in try await shop.priceListSample("", 200) },
        "createPriceList": { _ in
            Sample(
                path: "/api/v1/price_lists", body: ["name": "Sale", "currency": "GBP"], status: 201, elsewhere: "201")
        },
        "updatePriceList": { shop in try await shop.priceListSample("", 200, body: ["name": "Trade"]) },
        "deletePriceList": { shop in try await shop.priceListSample("", 204) },
        "listPrices": { shop in try await shop.priceListSample("/prices?limit=5", 200) },
        "setPrices": { shop in
            let variant = try await shop.maya.variant()
            return try await shop.priceListSample(
                "/prices", 200, body: ["prices": [["variant_id": JSON(variant.id), "price": Bodies.pounds(1)]]])
        },
        "unsetPrice": { shop in
            let variant = try await shop.maya.variant()
            let list = try await shop.maya.priceList("Sale", prices: [(variant, 100)])
            return Sample(
                path: "/api/v1/price_lists/\(list.id)/prices/\(variant.id)", status: 204,
                elsewhere: "404 not_found")
        },
    ]
}

extension BodySample {
    static let priceSamples: [String: @Sendable (LiveShop) async throws -> BodySample] = [
        "keepCurrency": { _ in
            BodySample(
                "PUT", "/api/v1/currencies/EUR",
                ["rate": "1.15", "rated_at": "2026-01-02T03:04:05Z", "rounding_step": 5, "rounding_offset": 1],
                [
                    Field("/rate", .pattern(most: 20)), Field("/rated_at", .form),
                    Field("/rounding_step", .integer(1...1_000_000)),
                    Field("/rounding_offset", .integer(0...1_000_000)),
                ])
        },
        "createPriceList": { shop in
            BodySample(
                "POST", "/api/v1/price_lists", priceList(group: try await shop.customerGroup().id),
                [
                    .text("/name", 100, required: true), Field("/currency", .form, required: true),
                    Field("/group_id", .form), Field("/starts_at", .form), Field("/ends_at", .form),
                    Field("/adjustment_ppm", .integer(-1_000_000...10_000_000)),
                ])
        },
        "updatePriceList": { shop in
            let list = try await shop.maya.priceList("Sale")
            let body = priceList(group: try await shop.customerGroup().id)
            return BodySample(
                "PATCH", "/api/v1/price_lists/\(list.id)", body,
                [
                    .text("/name", 100), Field("/currency", .form), Field("/group_id", .clearable),
                    Field("/starts_at", .clearable), Field("/ends_at", .clearable),
                ])
        },
        "setPrices": { shop in
            let (variant, list) = (try await shop.maya.variant(), try await shop.maya.priceList("Sale"))
            return BodySample(
                "PUT", "/api/v1/price_lists/\(list.id)/prices",
                [
                    "prices": [
                        [
                            "variant_id": JSON(variant.id), "price": Bodies.pounds(300),
                            "compare_at_price": Bodies.pounds(400),
                        ]
                    ]
                ],
                [
                    Field("/prices", .list(most: 500), required: true), Field("/prices/0", .object),
                    Field("/prices/0/variant_id", .form, required: true),
                    Field("/prices/0/price", .object, required: true),
                    Field("/prices/0/price/amount", .amount(least: 0), required: true),
                    Field("/prices/0/price/currency", .form, required: true),
                    Field("/prices/0/compare_at_price", .object),
                ])
        },
    ]

    private static func priceList(group: CustomerGroupID) -> JSON {
        [
            "name": "Trade", "currency": "GBP", "group_id": JSON(group), "starts_at": "2026-01-01T00:00:00Z",
            "ends_at": "2026-02-01T00:00:00Z", "adjustment_ppm": -100_000,
        ]
    }
}

extension LiveShop {
    /// Maya sells in a currency.
    func sell(in code: String, rate: String, step: Int64 = 1, offset: Int64 = 0) async throws {
        try await maya.sell(in: code, rate: rate, step: step, offset: offset)
        // What the server remembers of prices is older.
        maya.clock.advance(seconds: 1)
    }

    fileprivate func priceListSample(_ suffix: String, _ status: Int, body: JSON? = nil) async throws -> Sample {
        Sample(
            path: "/api/v1/price_lists/\(try await maya.priceList("Sale").id)\(suffix)", body: body, status: status,
            elsewhere: "404 not_found")
    }
}
