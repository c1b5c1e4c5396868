import Catalog
import EventLog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct CategoryTests {
    @Test(arguments: TestEngine.available)
    func `categories stand in a tree and know their way up`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let food = try await world.category(CategoryDraft(title: "Food & drink"))
            let bread = try await world.category(
                CategoryDraft(
                    title: "Brot", parent: food.id, descriptionHTML: "<p>Dark</p>", seoTitle: "Bread",
                    seoDescription: "B",
                    image: ProductImage(url: "https://img.example/b.jpg", alt: "A loaf")))
            let rye = try await world.category(CategoryDraft(title: "Rye", parent: bread.id))
            #expect(food.handle == "food-drink")
            #expect(rye.ancestors == [food.summary, bread.summary])
            let found = try await world.read { tx in try Catalog.category(handle: "brot", of: world.store.id, in: tx) }
            #expect(found == bread)
            #expect(found?.ancestors == [food.summary])
            #expect(found?.image == ProductImage(url: "https://img.example/b.jpg", alt: "A loaf"))
            let page = try await world.read { tx in
                try Catalog.categories(of: world.store.id, after: "brot", limit: 5, in: tx)
            }
            #expect(page == [food, rye])
            let otto = try await world.anotherStore()
            let theirs = try await world.read { tx in try Catalog.category(rye.id, of: otto.id, in: tx) }
            #expect(theirs == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a place among the others is taken, and the others make room`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for title in ["One", "Two", "Three"] { _ = try await world.category(CategoryDraft(title: title)) }
            let first = try await world.category(CategoryDraft(title: "Zero", position: 0))
            #expect(try await world.titles(under: nil) == ["Zero", "One", "Two", "Three"])
            let moved = try await world.change(first.id) { $0.position = 2 }
            #expect(moved.position == 2)
            #expect(try await world.titles(under: nil) == ["One", "Two", "Zero", "Three"])
            #expect(try await world.change(first.id) { $0.position = 99 }.position == 3)
            #expect(try await world.change(first.id) { $0.title = "Nought" }.position == 3)
            #expect(try await world.titles(under: nil) == ["One", "Two", "Three", "Nought"])
            // One that a product brings along comes last.
            var draft = try ProductDraft(title: "Bun", variants: [.init(price: world.pence(1))])
            draft.categories = [.init(handle: "buns", title: "Buns")]
            let wanted = draft
            _ = try await world.database.write("test.save") { tx in
                try SaveProduct(store: world.store.id, currency: world.store.currency, draft: wanted, actor: .system)
                    .run(in: tx)
            }
            #expect(try await world.titles(under: nil) == ["One", "Two", "Three", "Nought", "Buns"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `nothing is moved below itself, below what is not there, or too deep`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            var chain: [CategoryDetails] = []
            for level in 1...8 {
                chain.append(try await world.category(CategoryDraft(title: "L\(level)", parent: chain.last?.id)))
            }
            let last = chain[7].id
            let loose = try await world.category(CategoryDraft(title: "Loose"))
            let before = try await world.tree()
            let stranger = try await World(world.anotherStore(), in: world).category(CategoryDraft(title: "Theirs"))
            for (id, parent, code) in [
                (chain[0].id, chain[0].id, "cycle"), (chain[0].id, last, "cycle"), (chain[2].id, chain[3].id, "cycle"),
                (loose.id, last, "too_deep"), (chain[0].id, loose.id, "too_deep"),
                (loose.id, stranger.id, "unknown"),
            ] {
                let problem = try await #require(throws: Problem.self) {
                    _ = try await world.change(id) { $0.parent = parent }
                }
                #expect(problem.errors.map(\.code) == [code])
                #expect(problem.errors.map(\.pointer) == ["/parent_id"])
            }
            let problem = try await #require(throws: Problem.self) {
                _ = try await world.category(CategoryDraft(title: "Nine", parent: last))
            }
            #expect(problem.errors.map(\.code) == ["too_deep"])
            #expect(try await world.tree() == before)
            // With room made for it, a branch moves with all below it.
            _ = try await world.change(chain[4].id) { $0.parent = loose.id }
            let moved = try await world.read { tx in try Catalog.category(last, of: world.store.id, in: tx) }
            #expect(moved?.ancestors.map(\.title) == ["Loose", "L5", "L6", "L7"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `categories that are moved below each other at once make no circle`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for round in 0..<10 {
                let pair = [
                    try await world.category(CategoryDraft(title: "A\(round)")).id,
                    try await world.category(CategoryDraft(title: "B\(round)")).id,
                ]
                let moved = await withTaskGroup(of: Bool.self) { group in
                    for (child, parent) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                        group.addTask {
                            // ignored: which of the two is refused is what is counted
                            (try? await world.change(child) { $0.parent = parent }) != nil
                        }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(moved == 1)
                let roots = try await world.titles(under: nil)
                #expect(roots.filter { $0 == "A\(round)" || $0 == "B\(round)" }.count == 1)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a category lists what is in those below it`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let food = try await world.category(CategoryDraft(title: "Food"))
            let bread = try await world.category(CategoryDraft(title: "Bread", parent: food.id))
            _ = try await world.category(CategoryDraft(title: "Rye", parent: bread.id))
            for (title, handles) in [("Loaf", ["rye", "food"]), ("Roll", ["bread"]), ("Soap", ["bath"])] {
                var draft = try ProductDraft(title: title, status: .active, variants: [.init(price: world.pence(1))])
                draft.categories = handles.map { .init(handle: $0, title: nil) }
                _ = try await world.save(draft)
            }
            for (handle, titles) in [
                ("food", ["Loaf", "Roll"]), ("bread", ["Loaf", "Roll"]), ("rye", ["Loaf"]), ("bath", ["Soap"]),
                ("none", []),
            ] {
                #expect(try await world.titles(in: handle) == titles, "\(handle)")
            }
            _ = try await world.change(bread.id) { $0.parent = nil }
            #expect(try await world.titles(in: "food") == ["Loaf"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a former handle leads to the category until another takes it`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let made = try await world.category(CategoryDraft(title: "Bread"))
            _ = try await world.change(made.id) { $0.handle = "loaves" }
            _ = try await world.change(made.id) { $0.handle = "baking" }
            for handle in ["bread", "loaves", "baking", "Loaves"] {
                let found = try await world.read { tx in
                    try Catalog.category(handle: handle, of: world.store.id, in: tx)
                }
                #expect(found?.handle == "baking", "\(handle)")
            }
            let taken = try await world.category(CategoryDraft(title: "Bread"))
            #expect(taken.handle == "bread")
            let problem = try await #require(throws: Problem.self) {
                _ = try await world.change(made.id) { $0.handle = "bread" }
            }
            #expect(problem.code == "category.handle_taken")
            let found = try await world.read { tx in try Catalog.category(handle: "bread", of: world.store.id, in: tx) }
            #expect(found?.id == taken.id)
            // Taken back, it leads nowhere else.
            #expect(try await world.change(made.id) { $0.handle = "loaves" }.handle == "loaves")
            try await world.remove(made.id)
            for handle in ["loaves", "baking"] {
                let gone = try await world.read { tx in
                    try Catalog.category(handle: handle, of: world.store.id, in: tx)
                }
                #expect(gone == nil)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a category with others below it stays, and one without leaves its products`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let food = try await world.category(CategoryDraft(title: "Food"))
            let bread = try await world.category(CategoryDraft(title: "Bread", parent: food.id))
            var draft = try ProductDraft(title: "Loaf", variants: [.init(price: world.pence(1))])
            draft.categories = [.init(handle: "bread", title: nil)]
            let loaf = try await world.save(draft)
            let before = try await world.tree()
            let problem = try await #require(throws: Problem.self) { try await world.remove(food.id) }
            #expect(problem.code == "category.has_children")
            #expect(try await world.tree() == before)
            try await world.remove(bread.id)
            #expect(try await world.tree().map(\.title) == ["Food"])
            let left = try await world.read { tx in try Catalog.product(loaf.id, of: world.store.id, in: tx) }
            #expect(left?.categories == [])
            let again = try await #require(throws: Problem.self) { try await world.remove(bread.id) }
            #expect(again.kind == .notFound)
        }
    }

    @Test(arguments: TestEngine.available)
    func `products are put into a category while it is removed, and none fails`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for round in 0..<5 {
                let category = try await world.category(CategoryDraft(title: "Shelf \(round)"))
                var draft = try world.plain("Loaf")
                draft.categories = [.init(handle: category.handle, title: "Shelf again")]
                let wanted = draft
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { _ = try await world.save(wanted) } }
                    group.addTask { try await world.remove(category.id) }
                    try await group.waitForAll()
                }
            }
        }
    }
}

extension World {
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value {
        try await database.read("test.read", body)
    }

    func category(_ draft: CategoryDraft) async throws -> CategoryDetails {
        try await database.write("test.category") { [store] tx in
            try MakeCategory(store: store.id, draft: draft, actor: .system).run(in: tx)
        }
    }

    func change(
        _ id: CategoryID, _ change: @escaping @Sendable (inout CategoryDraft) -> Void
    ) async throws -> CategoryDetails {
        try await database.write("test.change") { [store] tx in
            try ChangeCategory(store: store.id, category: id, actor: .system, change: change).run(in: tx)
        }
    }

    func remove(_ id: CategoryID) async throws {
        try await database.write("test.remove") { [store] tx in
            try DeleteCategory(store: store.id, category: id, actor: .system).run(in: tx)
        }
    }

    func tree() async throws -> [CategoryDetails] {
        try await read { [store] tx in try Catalog.categoryTree(of: store.id, limit: 1000, in: tx) }
    }

    func titles(under parent: CategoryID?) async throws -> [String] {
        try await read { [store] tx in
            try Catalog.subcategories(of: parent, store: store.id, limit: 100, in: tx).map(\.title)
        }
    }

    func titles(in category: String) async throws -> [String] {
        try await read { [store] tx in
            try Catalog.products(
                ProductFilter(category: category, publishedOnly: true), of: store.id, after: nil, limit: 50, in: tx
            ).map(\.title)
        }
    }
}
