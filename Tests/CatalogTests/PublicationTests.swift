import Catalog
import EventLog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct PublicationTests {
    @Test(arguments: TestEngine.available)
    func `a product is shown and sold from its moment to its end, whoever runs`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let start = world.clock.now()
            var draft = try world.plain("Advent box")
            draft.status = .active
            draft.publishedAt = start.adding(seconds: 100)
            draft.unpublishedAt = start.adding(seconds: 200)
            let made = try await world.save(draft)
            #expect(made.publishedAt == start.adding(seconds: 100))
            for (seconds, isShown) in [(0.0, false), (99, false), (100, true), (199, true), (200, false)] {
                world.clock.advance(seconds: start.adding(seconds: seconds).seconds(since: world.clock.now()))
                let (listed, sold) = try await world.read { tx in
                    (
                        try Catalog.products(
                            ProductFilter(publishedOnly: true), of: world.store.id, after: nil, limit: 5, in: tx
                        ).count,
                        try Catalog.sellableVariants([made.variants[0].id], of: world.store.id, in: tx).rows()[0]
                            .isPublished
                    )
                }
                #expect(listed == (isShown ? 1 : 0), "\(seconds)")
                #expect(sold == isShown, "\(seconds)")
                #expect(made.isShown(at: world.clock.now()) == isShown, "\(seconds)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `each moment is told once, and only of what is active then`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let start = world.clock.now()
            var ids: [ProductID] = []
            for (title, status) in [("Shown", ProductStatus.active), ("Draft", .draft), ("Put off", .active)] {
                var draft = try world.plain(title)
                draft.status = status
                draft.publishedAt = start.adding(seconds: 10)
                draft.unpublishedAt = title == "Shown" ? start.adding(seconds: 20) : nil
                ids.append(try await world.save(draft).id)
            }
            _ = try await world.change(ids[2]) { $0.publishedAt = start.adding(seconds: 1000) }
            #expect(try await world.announce() == 0)
            world.clock.advance(seconds: 11)
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await world.announce() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.contains { $0 > 0 })
            #expect(try await world.announce() == 0)
            #expect(try await world.types(of: ids[0]) == ["product.created", "product.published"])
            #expect(try await world.types(of: ids[1]) == ["product.created"])
            #expect(try await world.types(of: ids[2]) == ["product.created", "product.updated"])
            world.clock.advance(seconds: 10)
            #expect(try await world.announce() == 1)
            #expect(try await world.announce() == 0)
            let types = try await world.types(of: ids[0])
            #expect(types == ["product.created", "product.published", "product.unpublished"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product that would end before it begins is refused`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            var draft = try world.plain("Never")
            draft.publishedAt = world.clock.now().adding(seconds: 5)
            draft.unpublishedAt = draft.publishedAt
            let wanted = draft
            let problem = try await #require(throws: Problem.self) { try await world.save(wanted) }
            #expect(problem.errors.map(\.pointer) == ["/unpublished_at"])
            #expect(try await world.list(ProductFilter(publishedOnly: false)).isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product has up to a hundred variants of three options`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            func draft(_ count: Int) throws -> ProductDraft {
                let price = try world.pence(100)
                let variants = (0..<count).map { number in
                    ProductDraft.VariantDraft(
                        sku: "V-\(number)", price: price,
                        options: [
                            ("Size", "\(number % 5)"), ("Colour", "\(number / 5 % 5)"), ("Cut", "\(number / 25)"),
                        ])
                }
                return ProductDraft(title: "Shirt", variants: variants)
            }
            let made = try await world.save(try draft(100))
            #expect(made.variants.count == 100)
            #expect(made.options.map(\.values.count) == [5, 5, 4])
            let found = try await world.read { tx in try Catalog.product(made.id, of: world.store.id, in: tx) }
            #expect(found == made)
            let wanted = try draft(101)
            let problem = try await #require(throws: Problem.self) { try await world.save(wanted) }
            #expect(problem.errors.map(\.pointer) == ["/variants"])
            var options = try draft(1)
            options.variants[0].options.append(("Fit", "Slim"))
            let fourth = options
            let other = try await #require(throws: Problem.self) { try await world.save(fourth) }
            #expect(other.errors.map(\.code) == ["too_many_options"])
            #expect(try await world.list(ProductFilter(publishedOnly: false)).map(\.id) == [made.id])
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is chosen stands beside a product first, then what has most in common`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            var products: [String: Product] = [:]
            for (title, categories, tags) in [
                ("Loaf", ["bread", "vegan"], ["dark", "baked"]), ("Roll", ["bread"], []), ("Rye", ["bread"], ["dark"]),
                ("Both", ["bread", "vegan"], []), ("Soap", ["bath"], ["dark", "baked"]),
                ("Hidden", ["bread"], ["dark"]),
            ] {
                var draft = try world.plain(title)
                draft.status = title == "Hidden" ? .draft : .active
                draft.categories = categories.map { .init(handle: $0, title: nil) }
                draft.tags = tags
                products[title] = try await world.save(draft)
            }
            let loaf = try #require(products["Loaf"])
            func related() async throws -> [String] {
                try await world.read { tx in
                    try Catalog.related(to: loaf, of: world.store.id, limit: 4, in: tx).map(\.title)
                }
            }
            #expect(try await related() == ["Both", "Rye", "Roll"])
            let (soap, roll) = (try #require(products["Soap"]).id, try #require(products["Roll"]).id)
            try await world.relate(loaf.id, [soap, roll])
            #expect(try await related() == ["Soap", "Roll", "Both", "Rye"])
            for (ids, code) in [
                ([loaf.id], "itself"), ([soap, soap], "duplicate"),
                ([try #require(ProductID("prod_01h455vb4pex5vsknk084sn02q"))], "unknown"),
            ] {
                let problem = try await #require(throws: Problem.self) { try await world.relate(loaf.id, ids) }
                #expect(problem.errors.map(\.code) == [code])
            }
            #expect(try await related() == ["Soap", "Roll", "Both", "Rye"])
            _ = try await world.delete(soap)
            #expect(try await related() == ["Roll", "Both", "Rye"])
        }
    }
}

extension World {
    func announce() async throws -> Int {
        try await database.write("test.announce") { tx in try AnnouncePublications(limit: 10).run(in: tx) }
    }

    func relate(_ product: ProductID, _ related: [ProductID]) async throws {
        try await database.write("test.relate") { [store] tx in
            try RelateProducts(store: store.id, product: product, related: related, actor: .system).run(in: tx)
        }
    }

    func types(of product: ProductID) async throws -> [String] {
        try await read { [store] tx in
            try EventLog.history(
                of: Aggregate(kind: "product", id: product.uuid), store: store.id, limit: 50, in: tx
            ).map(\.type.rawValue)
        }
    }
}
