import Catalog
import Jobs
import Logging
import Media
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

/// Serves what it was told for an address, and remembers what it was asked for.
private struct ScriptedImages: ImageSource {
    let asked = Observations<String>()
    let answers: [String: Result<[UInt8], ImageSourceFault>]

    func bytes(at address: String, mostBytes: Int) async throws(ImageSourceFault) -> [UInt8] {
        asked.add(address)
        guard let answer = answers[address] else {
            throw ImageSourceFault("The server answers with 404, not with an image.", isWorthRetrying: false)
        }
        return try answer.get()
    }
}

@Suite struct ProductImagesTests {
    private static let good = "https://cdn.example/a.png"
    private static let busy = "https://cdn.example/busy.png"
    private static let page = "https://cdn.example/page.png"

    private static func save(
        _ images: [ProductImage], existing: ProductID? = nil, in world: World
    ) async throws -> Product {
        let price = try world.pence(450)
        return try await world.database.write("test.product") { [store = world.store] tx in
            try SaveProduct(
                store: store.id, currency: store.currency, existing: existing,
                draft: ProductDraft(title: "Soap", images: images, variants: [.init(price: price)]), actor: .system
            ).run(in: tx)
        }
    }

    private static func product(_ id: ProductID, in world: World) async throws -> Product {
        let product = try await world.database.read("test.find") { [store = world.store.id] tx in
            try Catalog.product(id, of: store, in: tx)
        }
        return try #require(product)
    }

    /// The jobs for images that wait: their keys.
    private static func waiting(in world: World) async throws -> [String] {
        try await world.database.read("test.jobs") { tx in
            try tx.query("SELECT key FROM jobs WHERE kind = 'catalog.fetch_images' AND state = 'active'") {
                try $0[0]
            }
        }
    }

    /// Runs every job that waits once.
    private static func work(_ source: ScriptedImages, in world: World) async throws {
        let images = ProductImages(database: world.database, source: source)
        let runner = JobRunner(
            database: world.database, handlers: images.jobHandlers, queues: [QueueSettings("images", concurrency: 2)],
            cron: [], settings: JobRunnerSettings(), clock: world.clock, logger: Logger(label: "test"))
        let running = Task { try await runner.run() }
        try await until("nothing waits any more") {
            try await world.database.read("test.due") { tx in
                let due = try tx.first(
                    """
                    SELECT COUNT(*) FROM jobs WHERE state = 'active' AND kind = 'catalog.fetch_images'
                    AND (due_at <= \(tx.now) OR runner IS NOT NULL)
                    """
                ) { try $0[0] as Int }
                return due == 0
            }
        }
        running.cancel()
        _ = await running.result
    }

    @Test(arguments: TestEngine.available)
    func `an image at an address elsewhere becomes the shop's own, once for all products`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let source = ScriptedImages(answers: [Self.good: .success(SampleImages.png)])
            let first = try await Self.save([ProductImage(url: Self.good, alt: "A bar")], in: world)
            #expect(first.images == [ProductImage(url: Self.good, alt: "A bar")])
            #expect(try await Self.waiting(in: world).count == 1)
            try await Self.work(source, in: world)
            let copied = try await Self.product(first.id, in: world)
            let image = try #require(copied.images.first)
            #expect([image.url, image.alt] == [Self.good, "A bar"])
            #expect(image.copy?.path.hasPrefix("/media/\(world.store.id)/") == true)
            #expect([image.copy?.width, image.copy?.height] == [7, 5])
            #expect(copied.version == 2)

            let second = try await Self.save([ProductImage(url: Self.good, alt: "")], in: world)
            try await Self.work(source, in: world)
            #expect(try await Self.product(second.id, in: world).images.first?.copy == image.copy)
            #expect(source.asked.values == [Self.good])
        }
    }

    @Test(arguments: TestEngine.available)
    func `saving again keeps the copy, also when the copy's own address is sent back`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let source = ScriptedImages(answers: [Self.good: .success(SampleImages.jpeg)])
            let made = try await Self.save([ProductImage(url: Self.good, alt: "")], in: world)
            try await Self.work(source, in: world)
            let copy = try #require(try await Self.product(made.id, in: world).images.first?.copy)
            for url in [Self.good, "https://shop.example\(copy.path)"] {
                let saved = try await Self.save([ProductImage(url: url, alt: "New")], existing: made.id, in: world)
                #expect(saved.images == [ProductImage(url: Self.good, alt: "New", copy: copy)])
            }
            #expect(try await Self.waiting(in: world).isEmpty)
            #expect(source.asked.values.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what cannot be had is written down, what may come later is tried again, and the rest is kept`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let source = ScriptedImages(answers: [
                Self.good: .success(SampleImages.gif), Self.page: .success(Array("<!doctype html>".utf8)),
                Self.busy: .failure(ImageSourceFault("The server answers with 503.", isWorthRetrying: true)),
            ])
            let gone = "https://cdn.example/gone.png"
            let addresses = [Self.busy, gone, Self.page, Self.good]
            let made = try await Self.save(addresses.map { ProductImage(url: $0, alt: "") }, in: world)
            try await Self.work(source, in: world)
            let images = try await Self.product(made.id, in: world).images
            #expect(images.map(\.url) == addresses)
            #expect(images.map { $0.copy != nil } == [false, false, false, true])
            #expect(try await Self.waiting(in: world).count == 1)
            let outcomes = try await world.database.read("test.outcomes") { [store = world.store.id] tx in
                try Media.outcomes(of: addresses, store: store, in: tx)
            }
            func sentence(_ address: String) -> String? {
                if case .failed(let sentence, _)? = outcomes[address] { sentence } else { nil }
            }
            #expect(sentence(Self.busy) == "The server answers with 503.")
            #expect(sentence(gone) == "The server answers with 404, not with an image.")
            #expect(sentence(Self.page) == "That is no PNG, JPEG, GIF or WebP image.")
            #expect(sentence(Self.good) == nil)
            let told = try await world.database.read("test.told") { tx in
                try tx.query("SELECT last_error FROM jobs WHERE kind = 'catalog.fetch_images'") { try $0[0] as String }
            }
            #expect(told == ["An image of \(made.id) did not come, \(Self.busy): The server answers with 503."])
        }
    }

    @Test(arguments: TestEngine.available)
    func `pictures of the site itself, and products without any, cause no work`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await Self.save([], in: world)
            _ = try await Self.save([ProductImage(url: "/assets/0123/soap.svg", alt: "")], in: world)
            #expect(try await Self.waiting(in: world).isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an uploaded image is attached without any call, and another store's is not`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let other = try await world.anotherStore()
            let source = ScriptedImages(answers: [:])
            let own = try KeepImage(store: world.store.id, bytes: SampleImages.png)
            let foreign = try KeepImage(store: other.id, bytes: SampleImages.gif)
            try await world.database.write("test.keep") { tx in
                try own.run(in: tx)
                try foreign.run(in: tx)
            }
            let addresses = [
                "https://shop.example\(own.image.path(of: world.store.id))",
                "https://shop.example\(foreign.image.path(of: other.id))",
            ]
            let made = try await Self.save(addresses.map { ProductImage(url: $0, alt: "") }, in: world)
            try await Self.work(source, in: world)
            let images = try await Self.product(made.id, in: world).images
            #expect(images.map { $0.copy?.path } == [own.image.path(of: world.store.id), nil])
            #expect(source.asked.values == [addresses[1]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product that was removed or changed meanwhile loses nothing`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let made = try await Self.save([ProductImage(url: Self.good, alt: "")], in: world)
            let attach = AttachImageCopies(
                store: world.store.id, product: made.id,
                copies: [Self.good: ImageCopy(path: "/media/x/y.png", width: 1, height: 1)])
            let changed = try await Self.save([ProductImage(url: Self.busy, alt: "")], existing: made.id, in: world)
            let wasAttached = try await world.database.write("test.attach") { tx in try attach.run(in: tx) }
            #expect(!wasAttached)
            #expect(try await Self.product(made.id, in: world) == changed)
            try await world.database.write("test.delete") { [store = world.store.id] tx in
                _ = try DeleteProduct(store: store, product: made.id, actor: .system).run(in: tx)
                let isThere = try attach.run(in: tx)
                #expect(!isThere)
            }
        }
    }
}
