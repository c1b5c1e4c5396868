import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct CollectionPageTests {
    @Test(arguments: TestEngine.available)
    func `staff make a rule, count what it finds, save and remove it`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            for (title, price) in [("Beans", Int64(260)), ("Oil", 890), ("Salt", 120)] {
                _ = try await shop.maya.variant(title, sku: title, price: price)
            }
            #expect(try await owner.get("/dashboard/collections").text.contains("No collections yet"))
            let made = try await owner.post("/dashboard/collections", ["title": "Cheap", "tag": "cheap"])
            #expect(made.status == 303)
            let id = try #require(try await shop.collections().first?.id)
            let path = "/dashboard/collections/\(id)"
            let fields = [
                ("title", "Under three pounds"), ("order", "price_ascending"), ("featured", "yes"),
                ("matching", "all"), ("condition.0", "price.less_than"), ("value.0", "3.00"), ("condition.1", ""),
                ("value.1", ""), ("handle", "under-three"), ("description", "<p>Small change</p>"),
            ]
            let preview = try await owner.post(path, fields: fields + [("action", "preview")])
            #expect(preview.status == 200)
            #expect(preview.text.contains("This rule finds 2 products."))
            #expect(["Beans, Salt", "Salt, Beans"].contains { preview.text.contains($0) })
            #expect(try await shop.collections().first?.title == "Cheap")
            let saved = try await owner.post(path, fields: fields + [("action", "save")])
            #expect(saved.verdict == "303 \(path)?done=collection_saved")
            let collection = try #require(try await shop.collections().first)
            #expect(collection.rule == CollectionRule(.all, [.init(.price, .below, number: 300)]))
            #expect(collection.order == .priceAscending)
            #expect(collection.isFeatured)
            #expect(collection.handle == "under-three")
            #expect(try await owner.get(path).text.contains("value=\"3.00\""))
            for (name, value, field) in [
                ("title", "", "title"), ("order", "sideways", "order"), ("value.0", "cheap", "value.0"),
                ("condition.0", "price.contains", "condition.0"), ("condition.0", "", "condition.0"),
                ("handle", "Not one", "handle"), ("image_url", "ftp://x", "image_url"),
            ] {
                var changed = fields.map { $0.0 == name ? (name, value) : $0 }
                if name == "image_url" { changed.append((name, value)) }
                let bad = try await owner.post(path, fields: changed)
                #expect(bad.status == 422, "\(name) \(value)")
                #expect(bad.text.contains("id=\"\(field)-error\""), "\(name) \(value)")
                #expect(try await shop.collections() == [collection])
            }
            let otto = try await shop.owner(of: shop.otto)
            #expect(try await otto.get(path).status == 404)
            #expect(try await otto.post("\(path)/removal").status == 404)
            let removed = try await owner.post("\(path)/removal")
            #expect(removed.verdict == "303 /dashboard/collections?done=collection_removed")
            #expect(try await shop.collections().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `products are chosen by their handles, for a collection and beside a product`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            var ids: [ProductID] = []
            for title in ["Beans", "Oil"] { ids.append(try await shop.maya.variant(title, sku: title).product) }
            _ = try await owner.post("/dashboard/collections", ["title": "Picks", "tag": ""])
            let id = try #require(try await shop.collections().first?.id)
            let path = "/dashboard/collections/\(id)"
            let unknown = try await owner.post(
                path, ["title": "Picks", "order": "manual", "products": "oil\nnothing"])
            #expect(unknown.status == 422)
            #expect(unknown.text.contains("There is no product nothing."))
            let saved = try await owner.post(
                path, ["title": "Picks", "order": "manual", "products": "oil\r\nBeans\r\n"])
            #expect(saved.status == 303)
            let titles = try await shop.maya.database.read("test.products") { [store = shop.maya.store.id] tx in
                try Catalog.products(in: id, publishedOnly: true, of: store, after: nil, limit: 9, in: tx)
                    .map(\.product.title)
            }
            #expect(titles == ["Oil", "Beans"])

            let beans = ids[0]
            let product = "/dashboard/products/\(beans)"
            #expect(try await owner.post("\(product)/related", ["related": "oil"]).status == 303)
            #expect(try await owner.get(product).text.contains("oil</textarea>"))
            for bad in ["beans", "nothing", "oil oil"] {
                let answer = try await owner.post("\(product)/related", ["related": bad])
                #expect(answer.status == 422, "\(bad)")
                #expect(answer.text.contains("id=\"related-error\""), "\(bad)")
            }
            let beside = try await shop.maya.database.read("test.related") { [store = shop.maya.store.id] tx in
                try Catalog.chosenRelated(to: beans, of: store, in: tx).map(\.id)
            }
            #expect(beside == [ids[1]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product is shown from a moment on, and its former address is listed until it is removed`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant("Soup", price: 450)
            let path = "/dashboard/products/\(variant.product)"
            let fields = [
                ("title", "Soup"), ("status", "active"), ("handle", "broth"), ("published_at", "2099-12-24T18:00"),
                ("unpublished_at", ""), ("price.\(variant.id)", "4.50"),
            ]
            #expect(try await owner.post(path, fields: fields).status == 303)
            let product = try #require(try await shop.product(variant.product))
            #expect(product.handle == "broth")
            #expect(product.publishedAt == Instant(rfc3339: "2099-12-24T18:00:00Z"))
            let page = try await owner.get(path).text
            #expect(page.contains("value=\"2099-12-24T18:00\""))
            #expect(page.contains("Shown from 24 December 2099"))
            for (name, value) in [
                ("published_at", "soon"), ("unpublished_at", "2099-12-24T18:00"), ("handle", ""), ("handle", "a b"),
            ] {
                let bad = try await owner.post(path, fields: fields.map { $0.0 == name ? (name, value) : $0 })
                #expect(bad.status == 422, "\(name) \(value)")
                #expect(bad.text.contains("id=\"\(name)-error\""), "\(name) \(value)")
                #expect(try await shop.product(variant.product) == product)
            }
            let list = try await owner.get("/dashboard/redirects").text
            #expect(list.contains("/products/soup") && list.contains("/products/broth"))
            let otto = try await shop.owner(of: shop.otto)
            let redirect: KeyValuePairs = ["kind": "product", "handle": "soup"]
            #expect(try await otto.post("/dashboard/redirects", redirect).status == 404)
            let removed = try await owner.post("/dashboard/redirects", redirect)
            #expect(removed.verdict == "303 /dashboard/redirects?done=redirect_removed")
            #expect(try await owner.get("/dashboard/redirects").text.contains("Nothing leads elsewhere"))
            #expect(try await owner.post("/dashboard/redirects", redirect).status == 404)
        }
    }
}

extension LiveDashboard {
    func collections() async throws -> [ProductCollection] {
        let store = maya.store.id
        return try await maya.database.read("test.collections") { tx in
            try Catalog.collections(of: store, limit: 100, in: tx)
        }
    }
}
