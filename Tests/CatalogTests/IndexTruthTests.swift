import Catalog
import Jobs
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

/// What the index says of products that nobody saves, while the clock or a category's name changes.
struct IndexTruthTests {
    @Test(arguments: TestEngine.available)
    func `totals and counts have what is shown at the moment, before and after the job that tells of it`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let start = world.clock.now()
            _ = try await world.shelve("Red box", price: 100, vendor: "Maya")
            var draft = try world.plain("Blue box")
            (draft.status, draft.vendor) = (.active, "Maya")
            draft.publishedAt = start.adding(seconds: 100)
            draft.unpublishedAt = start.adding(seconds: 200)
            _ = try await world.save(draft)
            draft = try world.plain("Grey box")
            (draft.status, draft.vendor) = (.draft, "Maya")
            draft.publishedAt = start.adding(seconds: 100)
            _ = try await world.save(draft)
            @Sendable func check(_ titles: [String], of all: Int = 3) async throws {
                let search = ProductSearch(text: "box", publishedOnly: true)
                let found = try await world.find(search, wantsFacets: true)
                #expect(found.products.map(\.title).sorted() == titles)
                #expect(found.total == titles.count)
                let vendors = try #require(found.facets?.vendors)
                #expect(vendors.map(\.count) == [titles.count])
                #expect(try await world.find(ProductSearch(publishedOnly: true, sort: .newest)).total == titles.count)
                #expect(try await world.find(ProductSearch(text: "box", publishedOnly: false)).total == all)
            }
            try await check(["Red box"])
            world.clock.advance(seconds: 100)
            try await check(["Blue box", "Red box"])
            #expect(try await world.announce() == 2)
            try await check(["Blue box", "Red box"])
            world.clock.advance(seconds: 100)
            try await check(["Red box"])
            #expect(try await world.announce() == 1)
            try await check(["Red box"])
            // Put off while its end has passed and nobody was told: it is judged as it is now.
            var other = try world.plain("Green box")
            (other.status, other.vendor) = (.active, "Maya")
            other.unpublishedAt = world.clock.now().adding(seconds: 10)
            let green = try await world.save(other).id
            try await check(["Green box", "Red box"], of: 4)
            world.clock.advance(seconds: 10)
            try await check(["Red box"], of: 4)
            _ = try await world.change(green) { $0.unpublishedAt = nil }
            try await check(["Green box", "Red box"], of: 4)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a category's products are found by its new name, in pieces, and not by the former`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let category = try await world.category(CategoryDraft(title: "Teas", handle: "teas")).id
            let count = ReindexCategory.piece * 2 + 7
            try await world.database.write("test.many") { [store = world.store] tx in
                for number in 0..<count {
                    let draft = ProductDraft(
                        title: "Sort \(number)", status: .active, categories: [.init(handle: "teas", title: nil)],
                        variants: [.init(price: try Money(100, store.currency))])
                    _ = try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system)
                        .run(in: tx)
                }
            }
            #expect(try await world.total("teas") == count)
            _ = try await world.change(category) { $0.seoTitle = "Leaves" }
            #expect(try await world.reindexing().isEmpty)
            _ = try await world.change(category) { $0.title = "Infusions" }
            #expect(try await world.work() == 3)
            #expect(try await world.total("infusions") == count)
            // The handle is still the former one.
            #expect(try await world.total("teas") == count)
            _ = try await world.change(category) { $0.handle = "infusions" }
            #expect(try await world.work() == 3)
            #expect(try await world.total("teas") == 0)
            #expect(try await world.find(ProductSearch(categories: ["infusions"], publishedOnly: true)).total == count)
            try await world.remove(category)
            #expect(try await world.work() == 3)
            #expect(try await world.total("infusions") == 0)
            #expect(try await world.total("sort") == count)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a scanned barcode finds its product, and a type the products of it`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for (title, barcode, type) in [
                ("Pen", "4006381333931", "Stationery"), ("Gum", "036000291452", "Sweets"),
                ("Book", "978-3-16-148410-0", ""),
            ] {
                var draft = try world.plain(title)
                draft.status = .active
                draft.details.type = type
                draft.variants[0].details.barcode = barcode
                _ = try await world.save(draft)
            }
            #expect(try await world.titles("4006381333931") == ["Pen"])
            // With the zero that some scanners put before a UPC, and without.
            #expect(try await world.titles("0036000291452") == ["Gum"])
            #expect(try await world.titles("036000291452") == ["Gum"])
            #expect(try await world.titles("9783161484100") == ["Book"])
            #expect(try await world.titles("stationery") == ["Pen"])
            #expect(try await world.titles("4006381333932").isEmpty)
        }
    }
}

extension World {
    /// How many products words find.
    func total(_ text: String) async throws -> Int {
        try await find(ProductSearch(text: text, publishedOnly: true)).total
    }

    /// What waits to be indexed again.
    func reindexing() async throws -> [JSON] {
        try await read { [store] tx in
            try tx.query(
                """
                SELECT payload FROM jobs WHERE store_id = \(store.id) AND kind = \(Catalog.reindexingCategory.name)
                ORDER BY id
                """
            ) { try JSON(parsing: $0[0] as String) }
        }
    }

    /// Does the jobs that index a category's products again; how many there were.
    func work() async throws -> Int {
        var done = 0
        while let payload = try await reindexing().first {
            try await database.write("test.reindex") { [store] tx in
                try tx.execute("DELETE FROM jobs WHERE kind = \(Catalog.reindexingCategory.name)")
                try ReindexCategory(payload, store: store.id)?.run(in: tx)
            }
            done += 1
        }
        return done
    }
}
