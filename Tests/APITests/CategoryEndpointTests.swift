import Catalog
import Primitives
import ShopWorld
import TestSupport
import Testing

struct CategoryEndpointTests {
    @Test(arguments: TestEngine.available)
    func `a category is made, found, moved, renamed and removed`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let food = try await shop.send("POST", "/api/v1/categories", as: shop.staff, body: ["title": "Food"])
            #expect(food.status == 201)
            let foodID = try #require(food["id"])
            let bread = try await shop.send(
                "POST", "/api/v1/categories", as: shop.staff,
                body: [
                    "title": "Brød", "handle": "bread", "parent_id": foodID, "description_html": "<p>Dark</p>",
                    "image": ["url": "https://cdn.example/b.jpg", "alt": "A loaf"], "seo_title": "Bread",
                    "seo_description": "All our bread",
                ])
            #expect(bread["ancestors"] == [["handle": "food", "title": "Food"]])
            #expect(bread["position"] == 0)
            let path = "/api/v1/categories/\(try #require(bread["id"]?.string))"
            for place in [path, "/api/v1/categories/bread", "/api/v1/categories/BREAD"] {
                for caller in [shop.buyer, shop.staff] {
                    let found = try await shop.send("GET", place, as: caller)
                    #expect(found.body == bread.body)
                }
            }
            let moved = try await shop.send(
                "PATCH", path, as: shop.staff, body: ["parent_id": "", "position": 0, "image": "", "handle": "loaves"])
            #expect(moved["parent_id"] == .null)
            #expect(moved["ancestors"] == [])
            #expect(moved["image"] == .null)
            #expect(moved["seo_title"] == "Bread")
            let former = try await shop.send("GET", "/api/v1/categories/bread", as: shop.buyer)
            #expect(former.body == moved.body)
            let list = try await shop.send("GET", "/api/v1/categories", as: shop.buyer)
            #expect(list["data"]?.array?.map { $0["handle"] } == ["food", "loaves"])
            #expect(list["data", "0", "position"] == 1)

            let below = try await shop.send("PATCH", path, as: shop.staff, body: ["parent_id": foodID])
            #expect(below["parent_id"] == foodID)
            let foodPath = "/api/v1/categories/\(try #require(foodID.string))"
            let held = try await shop.send("DELETE", foodPath, as: shop.staff)
            #expect(held.verdict == "409 category.has_children")
            let circle = try await shop.send(
                "PATCH", foodPath, as: shop.staff, body: ["parent_id": bread["id"] ?? .null])
            #expect(circle.verdict == "422 validation.failed /parent_id cycle")
            let taken = try await shop.send("PATCH", path, as: shop.staff, body: ["handle": "food"])
            #expect(taken.verdict == "409 category.handle_taken /handle taken")
            #expect(try await shop.send("DELETE", path, as: shop.staff).status == 204)
            #expect(try await shop.send("DELETE", foodPath, as: shop.staff).status == 204)
            #expect(try await shop.send("GET", path, as: shop.staff).verdict == "404 not_found")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a new category is made once under a key`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            var ids: Set<String> = []
            for _ in 0..<2 {
                let made = try await shop.send(
                    "POST", "/api/v1/categories", as: shop.staff, key: "once", body: ["title": "Food"])
                #expect(made.status == 201)
                ids.insert(try #require(made["id"]?.string))
            }
            #expect(ids.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product is found by a handle that it had`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let variant = try await shop.maya.variant("Quince jam")
            let path = "/api/v1/products/\(variant.product)"
            for handle in ["quince-jelly", "membrillo"] {
                let changed = try await shop.send("PATCH", path, as: shop.staff, body: ["handle": .string(handle)])
                #expect(changed["handle"] == .string(handle))
            }
            for handle in ["quince-jam", "quince-jelly", "membrillo"] {
                let found = try await shop.send("GET", "/api/v1/products/\(handle)", as: shop.buyer)
                #expect(found["handle"] == "membrillo", "\(handle)")
            }
            // Who takes the former handle has it.
            let other = try await shop.maya.variant("Quince jam", sku: "Q-2")
            shop.maya.clock.advance(seconds: 1)
            let found = try await shop.send("GET", "/api/v1/products/quince-jam", as: shop.buyer)
            #expect(found["id"] == JSON(other.product))
            #expect(try await shop.send("DELETE", path, as: shop.staff).status == 204)
            let gone = try await shop.send("GET", "/api/v1/products/quince-jelly", as: shop.buyer)
            #expect(gone.verdict == "404 not_found")
        }
    }
}
