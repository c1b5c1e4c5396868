@testable import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

/// What the index keeps of a product beside its document.
struct ProductSnapshotTests {
    private static func full(_ world: World) async throws -> Product {
        var draft = try world.plain("Crème brûlée 🍮")
        draft.status = .active
        draft.vendor = "Maya"
        draft.descriptionHTML = "<p>\(String(repeating: "Burnt. ", count: 200))</p>"
        draft.tags = ["sweet", "süß"]
        draft.images = [
            ProductImage(url: "https://example.com/a.jpg", alt: "A dish"),
            ProductImage(
                url: "https://example.com/b.jpg", alt: "",
                copy: ImageCopy(path: "/media/b.webp", width: 800, height: 600)),
        ]
        draft.details = ProductDetails(
            type: "Dessert", seoTitle: "Best", seoDescription: "Of all", metadata: ["b": "2", "a": "1"])
        draft.categories = [.init(handle: "sweets", title: "Sweets"), .init(handle: "cold", title: "Cold")]
        draft.unpublishedAt = world.clock.now().adding(seconds: 86_400)
        draft.variants = try ["S", "L"].map { size in
            var variant = ProductDraft.VariantDraft(
                sku: "CB-\(size)", price: try world.pence(450), options: [("Size", size)])
            variant.compareAtPrice = size == "S" ? try world.pence(500) : nil
            variant.cost = size == "L" ? try world.pence(120) : nil
            variant.weightGrams = 250
            variant.isTaxable = size == "S"
            variant.details = VariantDetails(
                barcode: "4006381333931", weightUnit: .ounce, taxCode: "food", imageURL: "https://example.com/a.jpg",
                metadata: ["shelf": "3"])
            return variant
        }
        return try await world.save(draft)
    }

    @Test(arguments: TestEngine.available)
    func `every field comes back, and nothing of what is cut short or altered is taken for a product`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let product = try await Self.full(world)
            let snapshot = ProductSnapshot(product)
            let bytes = snapshot.encoded
            #expect(ProductSnapshot(bytes) == snapshot)
            #expect(snapshot.categories == product.categories.map(\.id))
            for count in 0..<bytes.count { #expect(ProductSnapshot(Array(bytes.prefix(count))) == nil, "\(count)") }
            #expect(ProductSnapshot([2] + bytes.dropFirst()) == nil)
            // Whatever it says, it is read or refused: it never ends the process.
            var random = SeededRandom(seed: 262)
            for _ in 0..<20_000 {
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    damaged[Int.random(in: 1..<damaged.count, using: &random)] = UInt8.random(
                        in: 0...255, using: &random)
                }
                _ = ProductSnapshot(damaged)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is not kept, or was by another version, is read from the product's own tables`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            _ = try await Self.full(world)
            for title in ["Plain brûlée", "Dark brûlée"] { _ = try await world.shelve(title, price: 100) }
            let search = ProductSearch(text: "brulee", publishedOnly: true, sort: .oldest)
            let before = try await world.find(search).products
            #expect(before.count == 3)
            try await world.database.write("test.damage") { [store = world.store] tx in
                try tx.execute(
                    """
                    UPDATE search_products SET contents = \([9, 9, 9] as [UInt8])
                    WHERE store_id = \(store.id) AND document = 0
                    """)
                try tx.execute("DELETE FROM search_products WHERE store_id = \(store.id) AND document = 2")
            }
            #expect(try await world.find(search).products == before)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what changes a product without saving it is found as it is`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let product = try await Self.full(world)
            let other = try await world.shelve("Spoon", price: 100)
            let search = ProductSearch(text: "brulee", publishedOnly: true)
            #expect(try await world.find(search, wantsFacets: true).products == [product])
            let (category, copied) = (product.categories[0].id, product.images[0].url)
            try await world.database.write("test.change") { [store = world.store] tx in
                let copy = ImageCopy(path: "/media/a.webp", width: 10, height: 10)
                _ = try AttachImageCopies(store: store.id, product: product.id, copies: [copied: copy]).run(in: tx)
            }
            #expect(try await world.find(search).products.first?.images.first?.copy != nil)
            try await world.database.write("test.relate") { [store = world.store] tx in
                try RelateProducts(store: store.id, product: product.id, related: [other], actor: .system).run(in: tx)
            }
            let version = try await world.find(search).products.first?.version
            #expect(version == product.version + 2)
            // The names of categories are everybody's, and true at once.
            _ = try await world.change(category) { $0.title = "Desserts" }
            let renamed = try await world.find(search, wantsFacets: true)
            #expect(renamed.products.first?.categories.map(\.title) == ["Desserts", "Cold"])
            #expect(renamed.facets?.categories.map(\.title).sorted() == ["Cold", "Desserts"])
            let below = try await world.category(CategoryDraft(title: "Ices", handle: "ices", parent: category)).id
            #expect(try await world.find(ProductSearch(categories: ["ices"], publishedOnly: true)).total == 0)
            _ = try await world.change(product.id) { $0.categories = [.init(handle: "ices", title: nil)] }
            #expect(try await world.find(ProductSearch(categories: ["sweets"], publishedOnly: true)).total == 1)
            _ = try await world.change(below) { $0.parent = nil }
            #expect(try await world.find(ProductSearch(categories: ["sweets"], publishedOnly: true)).total == 0)
            #expect(try await world.find(ProductSearch(categories: ["ices"], publishedOnly: true)).total == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a new store's index is complete, and is not written twice`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.shelve("Pan", price: 100)
            let next = try await world.database.write("test.next") { [store = world.store] tx in
                try Catalog.nextToIndex(of: store.id, language: .english, limit: 10, in: tx)
            }
            #expect(next == nil)
        }
    }
}
