import Catalog
import Inventory
import Persistence
import Primitives
import ShopWorld
import Stores

extension Sample {
    /// Of the endpoints of incoming stock, transfers and counts.
    static let arrivals: [String: @Sendable (LiveShop) async throws -> Sample] = [
        "listIncomingStock": { shop in
            _ = try await shop.incoming()
            return Sample(path: "/api/v1/incoming-stock?limit=5", status: 200, elsewhere: "200")
        },
        "expectStock": { shop in
            let variant = try await shop.maya.variant()
            return Sample(
                path: "/api/v1/incoming-stock", body: ["variant_id": JSON(variant.id), "quantity": 4], status: 201,
                elsewhere: "422 validation.failed")
        },
        "getIncomingStock": { shop in
            try await Sample(
                path: "/api/v1/incoming-stock/\(shop.incoming().id)", status: 200, elsewhere: "404 not_found")
        },
        "changeIncomingStock": { shop in
            try await Sample(
                path: "/api/v1/incoming-stock/\(shop.incoming().id)", body: ["supplier": "Mill"], status: 200,
                elsewhere: "404 not_found")
        },
        "receiveStock": { shop in
            try await Sample(
                path: "/api/v1/incoming-stock/\(shop.incoming().id)/receipts", body: ["quantity": 2], status: 201,
                elsewhere: "404 not_found")
        },
        "cancelIncomingStock": { shop in
            try await Sample(
                path: "/api/v1/incoming-stock/\(shop.incoming().id)/cancellation", status: 200,
                elsewhere: "404 not_found")
        },
        "listStockTransfers": { shop in
            _ = try await shop.transfer()
            return Sample(path: "/api/v1/stock-transfers?limit=5", status: 200, elsewhere: "200")
        },
        "draftStockTransfer": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            let barn = try await shop.maya.location("Barn \(LiveShop.freshKey())")
            return Sample(
                path: "/api/v1/stock-transfers",
                body: [
                    "from_location_id": JSON(shop.maya.mainLocation), "to_location_id": JSON(barn.id),
                    "lines": [["variant_id": JSON(variant.id), "quantity": 1]],
                ], status: 201, elsewhere: "422 validation.failed")
        },
        "getStockTransfer": { shop in
            try await Sample(
                path: "/api/v1/stock-transfers/\(shop.transfer().id)", status: 200, elsewhere: "404 not_found")
        },
        "sendStockTransfer": { shop in
            try await Sample(
                path: "/api/v1/stock-transfers/\(shop.transfer().id)/shipment", status: 200,
                elsewhere: "404 not_found")
        },
        "receiveStockTransfer": { shop in
            try await Sample(
                path: "/api/v1/stock-transfers/\(shop.transfer(isSent: true).id)/receipt", body: [:], status: 200,
                elsewhere: "404 not_found")
        },
        "cancelStockTransfer": { shop in
            try await Sample(
                path: "/api/v1/stock-transfers/\(shop.transfer().id)/cancellation", status: 200,
                elsewhere: "404 not_found")
        },
        "listStockCounts": { shop in
            _ = try await shop.maya.startCount()
            return Sample(path: "/api/v1/stock-counts?limit=5", status: 200, elsewhere: "200")
        },
        "startStockCount": { _ in
            Sample(path: "/api/v1/stock-counts", body: ["note": "Shelf 3"], status: 201, elsewhere: "201")
        },
        "getStockCount": { shop in
            try await Sample(
                path: "/api/v1/stock-counts/\(shop.maya.startCount().id)", status: 200, elsewhere: "404 not_found")
        },
        "enterStockCount": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return try await Sample(
                path: "/api/v1/stock-counts/\(shop.maya.startCount().id)/lines",
                body: ["lines": [["variant_id": JSON(variant.id), "counted": 2]]], status: 200,
                elsewhere: "404 not_found")
        },
        "applyStockCount": { shop in
            try await Sample(
                path: "/api/v1/stock-counts/\(shop.maya.startCount().id)/application", status: 200,
                elsewhere: "404 not_found")
        },
        "cancelStockCount": { shop in
            try await Sample(
                path: "/api/v1/stock-counts/\(shop.maya.startCount().id)/cancellation", status: 200,
                elsewhere: "404 not_found")
        },
    ]
}

extension BodySample {
    /// Of the endpoints of incoming stock, transfers and counts.
    static let arrivals: [String: @Sendable (LiveShop) async throws -> BodySample] = [
        "expectStock": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return BodySample(
                "POST", "/api/v1/incoming-stock",
                [
                    "variant_id": JSON(variant.id), "quantity": 4, "location_id": JSON(shop.maya.mainLocation),
                    "expected_at": "2026-12-01T00:00:00Z", "supplier": "Mill", "note": "Two pallets",
                ],
                [
                    Field("/variant_id", .form, required: true),
                    Field("/quantity", .integer(1...1_000_000_000), required: true), Field("/location_id", .form),
                    Field("/expected_at", .form), .text("/supplier", 200, least: 0), .lines("/note", 1000),
                ])
        },
        "changeIncomingStock": { shop in
            try await BodySample(
                "PATCH", "/api/v1/incoming-stock/\(shop.incoming().id)",
                ["expected_at": "2026-12-01T00:00:00Z", "supplier": "Mill", "note": "Two pallets"],
                [
                    Field("/expected_at", .form), .text("/supplier", 200, least: 0), .lines("/note", 1000),
                ])
        },
        "receiveStock": { shop in
            try await BodySample(
                "POST", "/api/v1/incoming-stock/\(shop.incoming().id)/receipts", ["quantity": 2],
                [Field("/quantity", .integer(1...1_000_000_000), required: true)])
        },
        "draftStockTransfer": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            let barn = try await shop.maya.location("Barn \(LiveShop.freshKey())")
            return BodySample(
                "POST", "/api/v1/stock-transfers",
                [
                    "from_location_id": JSON(shop.maya.mainLocation), "to_location_id": JSON(barn.id),
                    "lines": [["variant_id": JSON(variant.id), "quantity": 1]], "note": "By van",
                ],
                [
                    Field("/from_location_id", .form, required: true),
                    Field("/to_location_id", .form, required: true),
                    Field("/lines", .list(most: 500), required: true), Field("/lines/0", .object),
                    Field("/lines/0/variant_id", .form, required: true),
                    Field("/lines/0/quantity", .integer(1...1_000_000_000), required: true), .lines("/note", 1000),
                ])
        },
        "receiveStockTransfer": { shop in
            let transfer = try await shop.transfer(isSent: true)
            return BodySample(
                "POST", "/api/v1/stock-transfers/\(transfer.id)/receipt",
                ["lines": [["variant_id": JSON(transfer.lines[0].variant), "received": 1]]],
                [
                    Field("/lines", .list(most: 500)), Field("/lines/0", .object),
                    Field("/lines/0/variant_id", .form, required: true),
                    Field("/lines/0/received", .integer(0...1_000_000_000), required: true),
                ])
        },
        "startStockCount": { shop in
            BodySample(
                "POST", "/api/v1/stock-counts",
                ["location_id": JSON(shop.maya.mainLocation), "note": "Shelf 3"],
                [Field("/location_id", .form), .lines("/note", 1000)])
        },
        "enterStockCount": { shop in
            let variant = try await shop.maya.variant(stock: 3)
            return try await BodySample(
                "PATCH", "/api/v1/stock-counts/\(shop.maya.startCount().id)/lines",
                ["lines": [["variant_id": JSON(variant.id), "counted": 2]]],
                [
                    Field("/lines", .list(most: 1000), required: true), Field("/lines/0", .object),
                    Field("/lines/0/variant_id", .form, required: true),
                    Field("/lines/0/counted", .integer(0...1_000_000_000), required: true),
                ])
        },
    ]
}

extension LiveShop {
    fileprivate func incoming() async throws -> IncomingStock {
        try await maya.expect(5, of: maya.variant(stock: 3).id)
    }

    fileprivate func transfer(isSent: Bool = false) async throws -> StockTransfer {
        let barn = try await maya.location("Barn \(LiveShop.freshKey())")
        let transfer = try await maya.transfer([(maya.variant(stock: 3).id, 2)], to: barn.id)
        return isSent ? try await maya.advance(transfer.id, .send) : transfer
    }
}
