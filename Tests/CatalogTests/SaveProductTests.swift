import Catalog
import EventLog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct SaveProductTests {
    @Test(arguments: TestEngine.available)
    func `a product is found again by id and by handle as it was made`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let price = try world.pence(890)
            let made = try await world.save(
                ProductDraft(
                    title: "Early-harvest olive oil — Peña", descriptionHTML: "<p>Peppery</p>", status: .active,
                    vendor: "Almazara Peña", optionNames: ["Bottle", "Year"],
                    images: [ProductImage(url: "https://img.example/oil.jpg", alt: "A green bottle")],
                    tags: ["vegan", "نباتي"], categories: [.init(handle: "pantry", title: "Pantry")],
                    variants: [
                        .init(
                            sku: "OIL-250", price: price, compareAtPrice: try world.pence(990),
                            options: [("Year", "2025"), ("Bottle", "250 ml")], weightGrams: 480),
                        .init(
                            sku: "OIL-500", price: try world.pence(1550),
                            options: [("Bottle", "500 ml"), ("Year", "2025")]),
                    ]))

            #expect(made.handle == "early-harvest-olive-oil-pena")
            #expect(made.variants.map(\.title) == ["250 ml / 2025", "500 ml / 2025"])
            #expect(made.options.map(\.values) == [["250 ml", "500 ml"], ["2025"]])
            let (byID, byHandle) = try await world.database.read("test") { [store = world.store.id] tx in
                (
                    try Catalog.product(made.id, of: store, in: tx),
                    try Catalog.product(handle: made.handle, of: store, in: tx)
                )
            }
            #expect(byID == made)
            #expect(byHandle == made)
        }
    }

    @Test(arguments: TestEngine.available)
    func `equal titles get different handles and a taken handle is refused`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let handles = try await [
                world.save(world.plain("Brot")), world.save(world.plain("Brot")), world.save(world.plain("¿¡!")),
            ].map(\.handle)
            #expect(handles == ["brot", "brot-2", "product"])
            var draft = try world.plain("Other")
            draft.handle = "brot"
            let wanted = draft
            let problem = try await #require(throws: Problem.self) { try await world.save(wanted) }
            #expect(problem.code == "product.handle_taken")
        }
    }

    @Test(arguments: TestEngine.available)
    func `products made at once with one title all get a handle of their own`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let draft = try world.plain("Brot")
            let handles = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<12 { group.addTask { try await world.save(draft).handle } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(handles.count == 12)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a variant that keeps its options keeps its identity`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let price = try world.pence(100)
            let made = try await world.save(
                ProductDraft(
                    title: "Tee",
                    variants: [
                        .init(sku: "S", price: price, options: [("Size", "S")]),
                        .init(sku: "M", price: price, options: [("Size", "M")]),
                    ]))
            let changed = try await world.change(made.id) { draft in
                draft.variants = [
                    .init(sku: "M2", price: price, options: [("Size", "M")]),
                    .init(sku: "L", price: price, options: [("Size", "L")]),
                ]
            }
            #expect(changed.version == 2)
            #expect(changed.variants[0].id == made.variants[1].id)
            #expect(changed.variants[0].sku == "M2")
            #expect(changed.variants[1].id != made.variants[0].id)
            let stored = try await world.database.read("test") { [store = world.store.id] tx in
                try Catalog.product(made.id, of: store, in: tx)
            }
            #expect(stored == changed)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a variant keeps its identity when options change their order or their names`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let price = try world.pence(100)
            // The same words are values of both options: only with their options' names are they told apart.
            let made = try await world.save(
                ProductDraft(
                    title: "Scarf", optionNames: ["Front", "Back"],
                    variants: [
                        .init(price: price, options: [("Front", "Red"), ("Back", "Blue")]),
                        .init(price: price, options: [("Front", "Blue"), ("Back", "Red")]),
                    ]))
            let reordered = try await world.change(made.id) { draft in
                draft.optionNames = ["Back", "Front"]
                draft.variants = [
                    .init(price: price, options: [("Back", "Red"), ("Front", "Blue")]),
                    .init(price: price, options: [("Back", "Blue"), ("Front", "Red")]),
                    .init(price: price, options: [("Back", "Blue"), ("Front", "Blue")]),
                ]
            }
            #expect(reordered.variants.prefix(2).map(\.id) == [made.variants[1].id, made.variants[0].id])
            #expect(reordered.variants.map(\.title) == ["Red / Blue", "Blue / Red", "Blue / Blue"])
            let renamed = try await world.change(made.id) { draft in
                draft.optionNames = ["Rückseite", "Vorderseite"]
                draft.variants = reordered.variants.map {
                    .init(
                        price: price,
                        options: [("Rückseite", $0.optionValues[0]), ("Vorderseite", $0.optionValues[1])])
                }
            }
            #expect(renamed.variants.map(\.id) == reordered.variants.map(\.id))
            // One that is named by its id is not taken by another that has its former options.
            let swapped = try await world.change(made.id) { draft in
                draft.variants = [
                    .init(id: renamed.variants[0].id, price: price, options: draft.variants[1].options),
                    .init(price: price, options: draft.variants[0].options),
                ]
            }
            #expect(swapped.variants[0].id == renamed.variants[0].id)
            #expect(!renamed.variants.contains { $0.id == swapped.variants[1].id })
        }
    }

    @Test(arguments: TestEngine.available)
    func `a variant's own title stays, one made from its options follows them`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let price = try world.pence(100)
            let made = try await world.save(
                ProductDraft(
                    title: "Tee", optionNames: ["Size", "Colour"],
                    variants: [
                        .init(title: "The small one", price: price, options: [("Size", "S"), ("Colour", "Red")]),
                        .init(price: price, options: [("Size", "M"), ("Colour", "Red")]),
                    ]))
            let changed = try await world.change(made.id) { $0.vendor = "Weberei" }
            #expect(changed.variants.map(\.title) == ["The small one", "M / Red"])
            let reordered = try await world.change(made.id) { $0.optionNames = ["Colour", "Size"] }
            #expect(reordered.variants.map(\.title) == ["The small one", "Red / M"])
            #expect(reordered.variants.map(\.id) == made.variants.map(\.id))
        }
    }

    @Test(arguments: TestEngine.available)
    func `what fields say together is checked, and a refusal changes nothing`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let price = try world.pence(100)
            let yen = try Money(100, #require(Currency("JPY")))
            let draft = ProductDraft(
                title: "Tee", handle: "no spaces",
                variants: [
                    .init(price: price, options: [("Size", "S")]), .init(price: price, options: [("Size", "S")]),
                    .init(price: yen, options: [("Size", "M")]), .init(price: price),
                ])
            let problem = try await #require(throws: Problem.self) { try await world.save(draft) }
            #expect(
                problem.errors.map(\.pointer) == [
                    "/handle", "/variants/1/options", "/variants/2/price/currency", "/variants/3/options",
                ])
            #expect(try await world.list(ProductFilter(publishedOnly: false)).isEmpty)
            #expect(try await world.count(of: .events) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `another store's product cannot be seen, changed or deleted`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let made = try await world.save(world.plain("Ours"))
            let intruder = World(try await world.anotherStore(), in: world)
            #expect(try await intruder.list(ProductFilter(publishedOnly: false)).isEmpty)
            #expect(
                try await #require(throws: Problem.self) {
                    try await intruder.change(made.id) { $0.title = "Mine" }
                }.code
                    == "not_found")
            #expect(
                try await #require(throws: Problem.self) { try await intruder.delete(made.id) }.code == "not_found")
            #expect(try await world.list(ProductFilter(publishedOnly: false)) == [made])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a deleted product is gone with its words`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let made = try await world.save(world.plain("Fugitive"))
            #expect(try await world.delete(made.id) == made.variants.map(\.id))
            #expect(try await world.list(ProductFilter(query: "fugitive", publishedOnly: false)).isEmpty)
            #expect(try await #require(throws: Problem.self) { try await world.delete(made.id) }.code == "not_found")
        }
    }
}

struct FindProductsTests {
    @Test(arguments: TestEngine.available)
    func `pages follow each other without gaps or repeats while products come and go`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            var made: [Product] = []
            for number in 1...7 {
                world.clock.advance(seconds: 0.000_001)
                made.append(try await world.save(world.plain("Number \(number)")))
            }
            let first = try await world.list(ProductFilter(publishedOnly: false), limit: 3)
            _ = try await world.delete(made[2].id)
            let second = try await world.list(ProductFilter(publishedOnly: false), after: first.last?.id, limit: 3)
            let third = try await world.list(ProductFilter(publishedOnly: false), after: second.last?.id, limit: 3)
            #expect(first.map(\.title) == ["Number 1", "Number 2", "Number 3"])
            #expect(second.map(\.title) == ["Number 4", "Number 5", "Number 6"])
            #expect(third == [made[6]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a search finds folded words and beginnings, in a category, among what is published`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            var creme = try world.plain("Crème brûlée")
            creme.status = .active
            creme.categories = [.init(handle: "puddings", title: "Puddings")]
            var draft = try world.plain("Creme Anglaise")
            draft.categories = creme.categories
            let brulee = try await world.save(creme)
            world.clock.advance(seconds: 0.000_001)
            let anglaise = try await world.save(draft)

            func found(
                _ query: String?, category: String? = nil, publishedOnly: Bool = false
            ) async throws -> [ProductID] {
                try await world.list(
                    ProductFilter(query: query, category: category, publishedOnly: publishedOnly)
                ).map(\.id)
            }
            #expect(try await found("CREME") == [brulee.id, anglaise.id])
            #expect(try await found("crème brul") == [brulee.id])
            #expect(try await found("brulee creme") == [brulee.id])
            #expect(try await found("reme").isEmpty)
            #expect(try await found("creme", publishedOnly: true) == [brulee.id])
            #expect(try await found(nil, category: "puddings") == [brulee.id, anglaise.id])
            #expect(try await found(nil, category: "nowhere").isEmpty)
            #expect(try await found("%' OR 1=1 --").isEmpty)
        }
    }
}

extension World {
    func plain(_ title: String) throws -> ProductDraft {
        ProductDraft(title: title, variants: [.init(sku: "X", price: try pence(100))])
    }

    func save(_ draft: ProductDraft) async throws -> Product {
        try await database.write("test.save") { [store] tx in
            try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system).run(in: tx)
        }
    }

    func change(_ id: ProductID, _ change: @escaping @Sendable (inout ProductDraft) -> Void) async throws -> Product {
        try await database.write("test.change") { [store] tx in
            try ChangeProduct(
                store: store.id, currency: store.currency, product: id, actor: .system, requestID: nil, change: change
            ).run(in: tx).product
        }
    }

    func delete(_ id: ProductID) async throws -> [VariantID] {
        try await database.write("test.delete") { [store] tx in
            try DeleteProduct(store: store.id, product: id, actor: .system).run(in: tx)
        }
    }

    func list(_ filter: ProductFilter, after: ProductID? = nil, limit: Int = 100) async throws -> [Product] {
        try await database.read("test.list") { [store] tx in
            try Catalog.products(filter, of: store.id, after: after, limit: limit, in: tx)
        }
    }
}
