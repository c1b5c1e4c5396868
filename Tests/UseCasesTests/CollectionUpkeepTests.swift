import Catalog
@testable import EventLog
import Inventory
import Jobs
import Logging
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct CollectionUpkeepTests {
    @Test(arguments: TestEngine.available)
    func `a new rule finds what is there, and a changed one finds it anew`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for number in 0..<450 {
                _ = try await world.product(
                    "Jar \(number)", price: Int64(number), tags: number.isMultiple(of: 3) ? ["Nåtive"] : [])
            }
            let made = try await world.collect(
                CollectionDraft(title: "Native", rule: CollectionRule(.all, [.init(.tag, .equals, text: "native")])))
            #expect(!made.isSettled)
            #expect(try await world.size(made) == 0)
            try await world.review(made)
            #expect(try await world.size(made) == 150)
            let settled = try #require(try await world.collection(made.id))
            #expect(settled.isSettled)
            let changed = try await world.change(made.id) {
                $0.rule = CollectionRule(.any, [.init(.price, .below, number: 2), .init(.price, .above, number: 447)])
            }
            #expect(changed.revision == 2)
            #expect(!changed.isSettled)
            // The job of the former rule comes late and does nothing.
            try await world.review(made)
            #expect(try await world.size(made) == 150)
            try await world.review(changed)
            let titles = try await world.titles(changed)
            #expect(titles == ["Jar 449", "Jar 448", "Jar 1", "Jar 0"])
            _ = try await world.change(made.id) { $0.order = .priceAscending }
            try await world.review(try #require(try await world.collection(made.id)))
            #expect(try await world.titles(changed) == ["Jar 0", "Jar 1", "Jar 448", "Jar 449"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `products that change while a rule is followed end where they belong`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            var products: [Product] = []
            for number in 0..<60 {
                products.append(try await world.product("Jar \(number)", price: 100, tags: ["old"]))
            }
            let made = try await world.collect(
                CollectionDraft(title: "Old", rule: CollectionRule(.all, [.init(.tag, .equals, text: "old")])))
            let all = products
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await world.review(made) }
                group.addTask {
                    for (index, product) in all.enumerated() where index.isMultiple(of: 2) {
                        try await world.retag(product.id, ["new"])
                    }
                }
                group.addTask {
                    let changed = try await world.change(made.id) {
                        $0.rule = CollectionRule(.all, [.init(.tag, .equals, text: "new")])
                    }
                    try await world.review(changed)
                }
                try await group.waitForAll()
            }
            #expect(try await world.size(made) == 30)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what sells out leaves a collection of what is there, and comes back`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let loaf = try await world.variant("Loaf", sku: "L", stock: 3)
            _ = try await world.variant("Endless", sku: "E")
            _ = try await world.variant("Gone", sku: "G", stock: 0)
            try await world.place()
            #expect(try await world.follow() == 0)
            let there = try await world.collect(
                CollectionDraft(
                    title: "There", rule: CollectionRule(.all, [.init(.stock, .above, number: 0)]), order: .title))
            try await world.review(there)
            #expect(try await world.titles(there) == ["Endless", "Loaf"])

            let checkout = try await world.checkout([(loaf, 3)])
            let order = try await world.place(checkout.id).order
            #expect(try await world.titles(there) == ["Endless", "Loaf"])
            try await world.place()
            #expect(try await world.follow() > 0)
            #expect(try await world.titles(there) == ["Endless"])
            #expect(try await world.follow() == 0)

            try await world.database.write("test.stock") { [store = world.store.id] tx in
                _ = try SetStock(store: store, variant: loaf.id, onHand: 9, actor: .system).run(in: tx)
            }
            _ = try await world.product("Brand new", price: 1, tags: [])
            try await world.place()
            _ = try await world.follow()
            #expect(try await world.titles(there) == ["Brand new", "Endless", "Loaf"])
            #expect(order.lines.count == 1)
            // Without such a rule nobody reads the log any more.
            _ = try await world.change(there.id) {
                $0.rule = CollectionRule(.all, [.init(.title, .contains, text: "loaf")])
            }
            #expect(try await world.follow() == 0)
            _ = try await world.product("Another", price: 1, tags: [])
            try await world.place()
            #expect(try await world.follow() == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a preview counts what a rule would find and writes nothing`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for number in 0..<7 { _ = try await world.product("Jar \(number)", price: Int64(number), tags: []) }
            let preview = try await CollectionUpkeep.preview(
                CollectionRule(.all, [.init(.price, .above, number: 0)]), of: world.store.id, in: world.database)
            #expect(preview.matches == 6)
            #expect(preview.isWhole)
            #expect(preview.titles == ["Jar 1", "Jar 2", "Jar 3", "Jar 4", "Jar 5"])
            let theirs = try await CollectionUpkeep.preview(
                CollectionRule(.all, [.init(.price, .above, number: 0)]), of: world.anotherStore().id,
                in: world.database)
            #expect(theirs.matches == 0)
        }
    }
}

extension World {
    func product(_ title: String, price: Int64, tags: [String]) async throws -> Product {
        let price = try pence(price)
        // What is made at one moment has no order.
        clock.advance(seconds: 1)
        return try await database.write("test.product") { [store] tx in
            try SaveProduct(
                store: store.id, currency: store.currency,
                draft: ProductDraft(title: title, status: .active, tags: tags, variants: [.init(price: price)]),
                actor: .system
            ).run(in: tx)
        }
    }

    func retag(_ id: ProductID, _ tags: [String]) async throws {
        _ = try await database.write("test.retag") { [store] tx in
            try ChangeProduct(
                store: store.id, currency: store.currency, product: id, actor: .system, requestID: nil
            ) { $0.tags = tags }.run(in: tx)
        }
    }

    func collect(_ draft: CollectionDraft) async throws -> ProductCollection {
        try await database.write("test.collect") { [store] tx in
            try SaveCollection(store: store.id, draft: draft, actor: .system).run(in: tx)
        }
    }

    func change(
        _ id: CollectionID, _ change: @escaping @Sendable (inout CollectionDraft) -> Void
    ) async throws -> ProductCollection {
        try await database.write("test.change") { [store] tx in
            try SaveCollection(store: store.id, collection: id, actor: .system, change: change).run(in: tx)
        }
    }

    func collection(_ id: CollectionID) async throws -> ProductCollection? {
        try await database.read("test.collection") { [store] tx in
            try Catalog.collection(id, of: store.id, in: tx)
        }
    }

    /// Does the job that the collection as it is owes.
    func review(_ collection: ProductCollection) async throws {
        var random = SystemRandomNumberGenerator()
        let job = Job(
            id: JobID(.random128(using: &random)), kind: Catalog.reviewingCollection.name,
            store: store.id, key: nil,
            payload: [
                "collection_id": .string(collection.id.description),
                "revision": .integer(Int64(collection.revision)),
            ], attempt: 1, failures: 0, maxAttempts: 1, enqueuedAt: clock.now(), requestID: nil)
        try await CollectionUpkeep.review(job, in: database, until: .latest, clock: clock)
    }

    func size(_ collection: ProductCollection) async throws -> Int {
        try await database.read("test.size") { [store] tx in
            try Catalog.productCount(in: collection.id, of: store.id, in: tx)
        }
    }

    func titles(_ collection: ProductCollection) async throws -> [String] {
        try await database.read("test.titles") { [store] tx in
            try Catalog.products(
                in: collection.id, publishedOnly: true, of: store.id, after: nil, limit: 500, in: tx
            ).map(\.product.title)
        }
    }

    /// Gives the events that were appended their positions.
    func place() async throws {
        guard database.engine == .postgres else { return }
        var quiet = Logger(label: "test")
        quiet.logLevel = .critical
        let sequencer = Sequencer(database: database, logger: quiet)
        while try await sequencer.place() > 0 {}
    }

    func follow() async throws -> Int {
        try await database.write("test.follow") { tx in try CollectionUpkeep.followStock(limit: 500, in: tx) }
    }
}
