import Catalog
import Inventory
import Jobs
import Media
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct CataloguePageTests {
    @Test(arguments: TestEngine.available)
    func `title, status and price are changed together or not at all`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant(price: 450)
            let path = "/dashboard/products/\(variant.product)"
            let price = "price.\(variant.id)"
            #expect(try await owner.get(path).text.contains("value=\"4.50\""))
            let saved = try await owner.post(path, ["title": " Soup ", "status": "draft", price: "5,2"])
            #expect(saved.verdict == "303 \(path)?done=saved")
            let product = try #require(try await shop.product(variant.product))
            #expect(product.title == "Soup")
            #expect(product.status == .draft)
            #expect(product.variants[0].priceMinorUnits == 520)
            for (title, status, amount) in [
                ("", "draft", "1.00"), (String(repeating: "x", count: 501), "draft", "1.00"), ("Kept", "sold", "1.00"),
                ("Kept", "draft", "1.234"), ("Kept", "draft", "-1"), ("Kept", "draft", "free"),
                ("Kept", "draft", "1.2.3"), ("Kept", "draft", "99999999999999999"), ("Kept", "draft", ""),
            ] {
                let bad = try await owner.post(path, ["title": title, "status": status, price: amount])
                #expect(bad.status == 422, "\(title.prefix(9)) \(status) \(amount)")
                #expect(bad.text.contains("could not be done yet"))
                #expect(bad.text.contains("value=\"\(amount)\""))
                #expect(try await shop.product(variant.product) == product)
            }
            #expect(try await owner.get("/dashboard/products?q=soup").text.contains("£5.20"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `stock is set where it differs, and not below what orders hold`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let order = try await shop.order(2, stock: 5)
            let id = try #require(order.lines[0].variant)
            let field = "on_hand.\(id)"
            let fields: KeyValuePairs = ["variant": "\(id)", field: "9"]
            #expect(try await owner.post("/dashboard/stock", fields).verdict == "303 /dashboard/stock?done=stocked")
            #expect(try await shop.maya.level(id)?.onHand == 9)
            let events = try await shop.maya.count(of: .events)
            #expect(try await owner.post("/dashboard/stock", fields).status == 303)
            #expect(try await shop.maya.count(of: .events) == events)
            for bad in ["1", "x", "-3", "1.5", "9999999999999"] {
                let answer = try await owner.post("/dashboard/stock", ["variant": "\(id)", field: bad])
                #expect(answer.status == 422, "\(bad)")
                #expect(answer.text.contains("value=\"\(bad)\""), "\(bad)")
                #expect(answer.text.contains("id=\"\(field)-error\""), "\(bad)")
            }
            #expect(try await shop.maya.level(id)?.onHand == 9)
            #expect(try await owner.post("/dashboard/stock", ["variant": "rubbish"]).status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the stock that is lowest comes first`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            for (title, stock) in [("Plenty", 90), ("None", 0), ("Few", 4)] {
                _ = try await shop.maya.variant(title, sku: title, stock: stock)
            }
            let page = try await shop.owner(of: shop.maya).get("/dashboard/stock").text
            let places = try ["<strong>None", "<strong>Few", "<strong>Plenty"].map { text in
                try #require(page.firstRange(of: text)?.lowerBound, "\(text)")
            }
            #expect(places == places.sorted())
            #expect(page.contains("4 left"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a store retries and discards its own dead letters only`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let jobs = try await shop.deadLetters(3)
            let owner = try await shop.owner(of: shop.maya)
            let page = try await owner.get("/dashboard/jobs").text
            #expect(jobs.allSatisfy { page.contains($0.description) })
            let otto = try await shop.owner(of: shop.otto)
            #expect(try await !otto.get("/dashboard/jobs").text.contains(jobs[0].description))
            let theirs = try await otto.post("/dashboard/jobs/\(jobs[0])", ["action": "discard"])
            #expect(theirs.verdict == "303 /dashboard/jobs?done=not_there")
            let retried = try await owner.post("/dashboard/jobs/\(jobs[0])", ["action": "retry"])
            #expect(retried.verdict == "303 /dashboard/jobs?done=retried")
            let discarded = try await owner.post("/dashboard/jobs/\(jobs[1])", ["action": "discard"])
            #expect(discarded.verdict == "303 /dashboard/jobs?done=discarded")
            let late = try await owner.post("/dashboard/jobs/\(jobs[1])", ["action": "retry"])
            #expect(late.verdict == "303 /dashboard/jobs?done=not_there")
            #expect(try await owner.post("/dashboard/jobs/\(jobs[2])", ["action": "explode"]).status == 422)
            let left = try await shop.maya.database.read("test.dead") { tx in
                try Jobs.deadLetters(limit: 10, in: tx).map(\.id)
            }
            #expect(left == [jobs[2]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product's page tells which images the shop has, and has the others fetched`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let store = shop.maya.store
            let addresses = ["https://cdn.example/a.png", "https://cdn.example/b.png", "https://cdn.example/c.png"]
            let price = try shop.maya.pence(450)
            let keep = try KeepImage(store: store.id, bytes: SampleImages.png, source: addresses[0])
            let path = keep.image.path(of: store.id)
            let id = try await shop.maya.database.write("test.images") { tx in
                let product = try SaveProduct(
                    store: store.id, currency: store.currency,
                    draft: ProductDraft(
                        title: "Soap", images: addresses.map { ProductImage(url: $0, alt: "") },
                        variants: [.init(price: price)]), actor: .system
                ).run(in: tx)
                try keep.run(in: tx)
                try Media.recordFailure("The server answers with 503.", of: addresses[1], store: store.id, in: tx)
                try AttachImageCopies(
                    store: store.id, product: product.id,
                    copies: [addresses[0]: ImageCopy(path: path, width: 7, height: 5)]
                ).run(in: tx)
                return product.id
            }
            let page = try await owner.get("/dashboard/products/\(id)").text
            #expect(page.contains("src=\"\(path)\""))
            #expect(page.contains("width=\"7\"") && page.contains("height=\"5\""))
            #expect(page.contains("Not fetched: The server answers with 503."))
            #expect(page.contains("Waiting to be fetched"))
            func jobs() async throws -> Int {
                try await shop.maya.database.read("test.jobs") { tx in
                    try tx.first("SELECT COUNT(*) FROM jobs WHERE kind = 'catalog.fetch_images'") { try $0[0] } ?? 0
                }
            }
            #expect(try await jobs() == 1)
            let asked = try await owner.post("/dashboard/products/\(id)/images", [:])
            #expect(asked.verdict == "303 /dashboard/products/\(id)?done=fetching")
            #expect(try await jobs() == 2)
        }
    }
}

extension LiveDashboard {
    func product(_ id: ProductID) async throws -> Product? {
        let store = maya.store.id
        return try await maya.database.read("test.product") { tx in try Catalog.product(id, of: store, in: tx) }
    }

    /// Jobs of Maya's that were given up.
    func deadLetters(_ count: Int) async throws -> [JobID] {
        let store = maya.store.id
        return try await maya.database.write("test.dead") { tx in
            try Jobs.enqueue(
                (0..<count).map { NewJob(JobKind("test.explode"), store: store, key: "k\($0)") }, in: tx)
            try tx.execute(
                "UPDATE jobs SET state = 'dead', ended_at = 1, last_error = 'Boom' WHERE kind = 'test.explode'")
            return try tx.query("SELECT id FROM jobs WHERE kind = 'test.explode' ORDER BY key") { try $0[0] as JobID }
        }
    }
}
