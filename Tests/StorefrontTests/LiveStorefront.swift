import Catalog
import DesignSystem
import HTTPServer
import Inventory
import Logging
import Observability
import Orders
import Payments
import Persistence
import Primitives
import ServiceLifecycle
import ShopWorld
import Storefront
import Stores
import TestSupport
import Testing

/// Mayas Lädchen as buyers see it, over HTTP.
struct LiveStorefront: Sendable {
    let maya: World
    let tokens: OrderTokens
    let port: Int
    /// What the pages asked the database.
    let statements: StatementLog

    var browser: Browser { Browser(port: port) }

    /// Opens the shop for one test.
    static func open(
        _ engine: TestEngine, payments: any StorefrontPayments = CashOnly(),
        _ body: @escaping @Sendable (LiveStorefront) async throws -> Void
    ) async throws {
        try await World.open(engine) { world in
            let tokens = OrderTokens(key: Secret("a key of tests that is thirty-two bytes"))
            let statements = StatementLog()
            let storefront = Storefront(
                database: RecordedDatabase(world.database, statements), clock: world.clock, tokens: tokens, store: nil,
                payments: payments,
                origin: { "http://shop.test" })
            let library = AssetLibrary(DesignSystem.assets + Storefront.assets)
            let (ports, listening) = AsyncStream.makeStream(of: Int.self)
            var quiet = Logger(label: "test")
            quiet.logLevel = .critical
            let server = try HTTPServer(
                storefront.endpoints + [library.endpoint], authenticator: NobodyAuthenticator(),
                health: Health { [] }, settings: ServerSettings(port: 0), clock: world.clock, accessLog: .none,
                logger: quiet,
                problemPage: { await storefront.problemPage($0, path: $1, requestID: $2) },
                onListening: { listening.yield($0) })
            let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: quiet))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                for await port in ports {
                    do {
                        try await body(LiveStorefront(maya: world, tokens: tokens, port: port, statements: statements))
                    } catch {
                        await group.triggerGracefulShutdown()
                        throw error
                    }
                    break
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    /// A product in two sizes, found under `/products/country-loaf`.
    func loaf(stock: Int? = 10) async throws -> Product {
        let prices = (try maya.pence(260), try maya.pence(480))
        return try await maya.database.write("test.loaf") { [store = maya.store] tx in
            let draft = ProductDraft(
                title: "Country loaf", descriptionHTML: "<p>A <strong>slow</strong> loaf<script>x</script></p>",
                status: .active, vendor: "Maya", optionNames: ["Size"], tags: ["baked-today"],
                categories: [.init(handle: "bakery", title: "Bakery")],
                variants: [
                    .init(sku: "LOAF-H", price: prices.0, options: [(name: "Size", value: "Half")]),
                    .init(sku: "LOAF-W", price: prices.1, options: [(name: "Size", value: "Whole")]),
                ])
            let product = try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system)
                .run(in: tx)
            if let stock {
                for variant in product.variants {
                    _ = try SetStock(store: store.id, variant: variant.id, onHand: stock, actor: .system).run(in: tx)
                }
            }
            return product
        }
    }

    /// Makes what the shop keeps of its pages old.
    func wait() { maya.clock.advance(seconds: 1) }

    /// A form that is filled in rightly.
    static let filled = [
        "email": "zoe@example.com", "phone": "0131 496 0000", "name": "Zoë Wölfle", "line1": "3 Quay Row",
        "line2": "", "city": "Leith", "region": "", "postal_code": "EH6 6QW", "country": "GB", "delivery": "standard",
        "payment": "cash_on_delivery", "note": "Ring twice.", "expected_total": "480 GBP",
    ]
}

/// The storefront's pages are for anyone.
struct NobodyAuthenticator: Authenticator {
    func caller(
        showing credentials: Credentials, for requirement: CallerRequirement, path: PathParameters
    ) async throws -> Caller { .anonymous }

    func isAllowed(origin: String) async -> Bool { false }
}
