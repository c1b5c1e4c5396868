import API
import Catalog
import Dashboard
import DesignSystem
import EventLog
import HTTPServer
import Identity
import Logging
import Observability
import Orders
import Persistence
import Primitives
import ServiceLifecycle
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

/// Maya's Larder and Otto's, whose dashboards are served from one database.
struct LiveDashboard: Sendable {
    let maya: World
    let otto: World
    let endpoints: [Endpoint]
    let port: Int
    /// What was asked for by e-mail.
    let mails: Observations<EmailAddress>

    static func open(
        _ engine: TestEngine, publicOrigin: String? = nil,
        _ body: @escaping @Sendable (LiveDashboard) async throws -> Void
    ) async throws {
        try await World.open(engine) { world in
            let otto = World(try await world.anotherStore(), in: world)
            let tokens = OrderTokens(key: Secret("a key of tests that is thirty-two bytes"))
            var quiet = Logger(label: "test")
            quiet.logLevel = .critical
            let feed = EventFeed(database: world.database, logger: quiet)
            let mails = Observations<EmailAddress>()
            let endpoints = Dashboard(
                database: world.database, clock: world.clock, feed: feed,
                mailLink: { email, _ in mails.add(email) }
            ).endpoints
            let library = AssetLibrary(DesignSystem.assets + Dashboard.assets)
            var settings = ServerSettings(port: 0)
            settings.publicOrigin = publicOrigin
            let (ports, listening) = AsyncStream.makeStream(of: Int.self)
            let server = try HTTPServer(
                endpoints + [library.endpoint],
                authenticator: KeyAuthenticator(database: world.database, clock: world.clock, tokens: tokens),
                health: Health { [] }, settings: settings, accessLog: .none, logger: quiet,
                problemPage: { Dashboard.problemPage($0, path: $1, requestID: $2) },
                onListening: { listening.yield($0) })
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [Sequencer(database: world.database, logger: quiet), feed, server], logger: quiet))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                for await port in ports {
                    let shop = LiveDashboard(
                        maya: world, otto: otto, endpoints: endpoints, port: port, mails: mails)
                    do {
                        try await body(shop)
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

    /// Someone who is not signed in.
    var stranger: Browser { Browser(port: port) }

    /// The owner of a store, signed in by a link.
    func owner(of world: World) async throws -> Browser {
        let link = try await Self.link(for: world)
        var browser = stranger
        let answer = try await browser.post("/dashboard/sign-in/\(link)")
        let cookie = try #require(answer.cookie)
        browser.cookie = cookie
        return browser
    }

    static func link(for world: World) async throws -> String {
        let token = SignInToken.generate()
        let store = world.store.id
        try await world.database.write("test.link") { tx in
            let account = try OpenAccount(store: store, email: nil, actor: .operatorConsole).run(in: tx)
            _ = try IssueSignInLink(store: store, account: account.id, token: token, actor: .operatorConsole)
                .run(in: tx)
        }
        return token.text
    }

    /// An order of so many units of a variant with enough stock.
    func order(_ quantity: Int = 2, title: String = "Crème brûlée", stock: Int = 10) async throws -> Order {
        let variant = try await maya.variant(title, sku: "SKU-\(UInt32.random(in: 0...UInt32.max))", stock: stock)
        let checkout = try await maya.checkout([(variant, quantity)])
        return try await maya.place(checkout.id, number: Int.random(in: 2000...900_000)).order
    }
}
