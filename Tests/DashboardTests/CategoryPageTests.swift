import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct CategoryPageTests {
    @Test(arguments: TestEngine.available)
    func `staff make, move and remove categories, and what is wrong changes nothing`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            #expect(try await owner.get("/dashboard/categories").text.contains("No categories yet"))
            #expect(try await owner.post("/dashboard/categories", ["title": "Food", "parent": ""]).status == 303)
            let food = try #require(try await shop.categories().first)
            let made = try await owner.post("/dashboard/categories", ["title": "Bread", "parent": "\(food.id)"])
            let bread = try #require(try await shop.categories().last)
            let path = "/dashboard/categories/\(bread.id)"
            #expect(made.verdict == "303 \(path)?done=category_saved")
            #expect(bread.ancestors == [food.summary])
            let page = try await owner.get(path).text
            #expect(page.contains("value=\"bread\""))
            // It is offered no place below itself.
            #expect(!page.contains("<option value=\"\(bread.id)\""))
            let saved = try await owner.post(
                path,
                [
                    "title": " Loaves ", "parent": "", "position": "1", "handle": "loaves",
                    "description": "<p>Dark</p>",
                    "image_url": "https://cdn.example/l.jpg", "image_alt": "A loaf", "seo_title": "S",
                    "seo_description": "D",
                ])
            #expect(saved.status == 303)
            #expect(try await shop.categories().first?.id == bread.id)
            let loaves = try #require(try await shop.category(bread.id))
            #expect(loaves.title == "Loaves")
            #expect(loaves.parent == nil)
            #expect(loaves.image == ProductImage(url: "https://cdn.example/l.jpg", alt: "A loaf"))
            for (name, value) in [
                ("title", ""), ("title", String(repeating: "x", count: 256)), ("parent", "rubbish"),
                ("parent", "\(bread.id)"), ("position", "0"), ("position", "first"), ("handle", "Not a handle"),
                ("handle", "food"), ("image_url", "javascript:alert(1)"),
            ] {
                var fields = ["title": "Kept", "parent": "", "position": "1", "handle": "loaves"]
                fields[name] = value
                let bad = try await owner.post(path, fields: fields.map { ($0.key, $0.value) })
                #expect(bad.status == 422, "\(name) \(value)")
                #expect(bad.text.contains("id=\"\(name)-error\""), "\(name) \(value)")
                #expect(bad.text.contains("value=\"Kept\"") || name == "title", "\(name) \(value)")
                #expect(try await shop.category(bread.id) == loaves)
            }
            let list = try await owner.get("/dashboard/categories").text
            #expect(list.contains("/categories/loaves"))
            _ = try await owner.post(path, ["title": "Loaves", "parent": "\(food.id)"])
            let held = try await owner.post("/dashboard/categories/\(food.id)/removal")
            #expect(held.status == 422)
            #expect(held.text.contains("others below it"))
            #expect(
                try await owner.post("\(path)/removal").verdict == "303 /dashboard/categories?done=category_removed")
            #expect(try await shop.categories().map(\.title) == ["Food"])
            let otto = try await shop.owner(of: shop.otto)
            #expect(try await otto.get("/dashboard/categories/\(food.id)").status == 404)
            #expect(try await otto.post("/dashboard/categories/\(food.id)/removal").status == 404)
        }
    }
}

extension LiveDashboard {
    fileprivate func category(_ id: CategoryID) async throws -> CategoryDetails? {
        let store = maya.store.id
        return try await maya.database.read("test.category") { tx in try Catalog.category(id, of: store, in: tx) }
    }

    func categories() async throws -> [CategoryDetails] {
        let store = maya.store.id
        return try await maya.database.read("test.categories") { tx in
            try Catalog.categoryTree(of: store, limit: 100, in: tx)
        }
    }
}
