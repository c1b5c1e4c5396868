import Catalog
import Inventory
import Primitives
import ShopWorld
import TestSupport
import Testing

struct StockAvailabilityTests {
    @Test(arguments: TestEngine.available)
    func `whatever staff do to stock is known to the search at once`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let variant = try await shop.maya.variant("Jar", sku: "JAR")
            let barn = try await shop.maya.location("Barn")
            let path = "/api/v1/variants/\(variant.id)/stock"
            func does(_ method: String, _ path: String, _ body: JSON?, _ isAvailable: Bool) async throws -> Reply {
                let reply = try await shop.send(method, path, as: shop.staff, body: body)
                #expect((200...201).contains(reply.status), "\(method) \(path)")
                for (word, count) in [("true", isAvailable ? 1 : 0), ("false", isAvailable ? 0 : 1)] {
                    let page = try await shop.send("GET", "/api/v1/products?available=\(word)", as: shop.buyer)
                    #expect(page["total"] == JSON(count), "\(word) after \(method) \(path)")
                }
                return reply
            }
            _ = try await does("GET", path, nil, true)
            let expected = try await does(
                "POST", "/api/v1/incoming-stock", ["variant_id": JSON(variant.id), "quantity": 4], false)
            let incoming = try #require(expected["id"]?.string)
            _ = try await does("PATCH", path, ["backorders": true, "backorder_limit": 1], true)
            _ = try await does("PATCH", path, ["backorders": false], false)
            _ = try await does("POST", "/api/v1/incoming-stock/\(incoming)/receipts", ["quantity": 3], true)
            let drafted = try await does(
                "POST", "/api/v1/stock-transfers",
                [
                    "from_location_id": JSON(shop.maya.mainLocation), "to_location_id": JSON(barn.id),
                    "lines": [["variant_id": JSON(variant.id), "quantity": 3]],
                ], true)
            let transfer = try #require(drafted["id"]?.string)
            _ = try await does("POST", "/api/v1/stock-transfers/\(transfer)/shipment", nil, false)
            _ = try await does("POST", "/api/v1/stock-transfers/\(transfer)/receipt", [:], true)
            _ = try await does("PATCH", path, ["safety_stock": 3], false)
            _ = try await does("PATCH", path, ["safety_stock": 0], true)
            _ = try await does(
                "POST", path + "/adjustments",
                ["delta": -3, "reason": "damaged", "location_id": JSON(barn.id)], false)
            _ = try await does("PUT", "/api/v1/stock-levels", ["rows": [["sku": "JAR", "on_hand": 2]]], true)
            let started = try await does("POST", "/api/v1/stock-counts", [:], true)
            let count = try #require(started["id"]?.string)
            _ = try await does(
                "PATCH", "/api/v1/stock-counts/\(count)/lines",
                ["lines": [["variant_id": JSON(variant.id), "counted": 0]]], true)
            _ = try await does("POST", "/api/v1/stock-counts/\(count)/application", nil, false)
        }
    }
}
