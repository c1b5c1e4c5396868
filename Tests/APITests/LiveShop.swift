import API
import Catalog
import EventLog
import HTTPServer
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

/// Maya's Larder, which sells in pounds, and Otto's, which sells in yen, served over HTTP from one database.
struct LiveShop: Sendable {
    let maya: World
    let otto: World
    let tokens: OrderTokens
    let keys: Keys
    let endpoints: [Endpoint]
    let openAPI: JSON
    let client: Client
    /// What the server asked the database.
    let statements: StatementLog

    /// Opens both shops for one test.
    /// - Parameter placesEvents: gives events their positions, so that streams have something to tell.
    static func open(
        _ engine: TestEngine, placesEvents: Bool = false, _ body: @escaping @Sendable (LiveShop) async throws -> Void
    ) async throws {
        try await World.open(engine) { world in
            let otto = World(try await world.anotherStore(), in: world)
            let tokens = OrderTokens(key: Secret("a key of tests that is thirty-two bytes"))
            let statements = StatementLog()
            let database = RecordedDatabase(world.database, statements)
            var quiet = Logger(label: "test")
            quiet.logLevel = .critical
            let feed = EventFeed(database: world.database, logger: quiet)
            let all = ShopAPI(
                database: database, clock: world.clock, tokens: tokens, feed: feed, desk: world.desk
            ).endpoints
            // What providers call has rules and tests of its own.
            let endpoints = all.filter { !$0.isUndocumented }
            let keys = try await Keys.make(in: world, otto: otto, for: endpoints)
            let (ports, listening) = AsyncStream.makeStream(of: Int.self)
            let server = try HTTPServer(
                all, authenticator: KeyAuthenticator(database: database, clock: world.clock, tokens: tokens),
                health: Health { [] }, settings: ServerSettings(port: 0), accessLog: .none, logger: quiet,
                onListening: { listening.yield($0) })
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: (placesEvents ? [Sequencer(database: world.database, logger: quiet)] : [])
                        + [feed, server], logger: quiet))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                for await port in ports {
                    let shop = LiveShop(
                        maya: world, otto: otto, tokens: tokens, keys: keys, endpoints: endpoints,
                        openAPI: server.openAPI, client: Client(port: port), statements: statements)
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

    /// Sends a request; POSTs get an idempotency key of their own unless one is given.
    func send(
        _ method: String, _ target: String, as credential: Credential, key: String? = nil, body: JSON? = nil
    ) async throws -> Reply {
        try await send(method, target, as: credential, key: key, bytes: body?.bytes)
    }

    /// As `send`, with a body that need not be JSON.
    func send(
        _ method: String, _ target: String, as credential: Credential, key: String? = nil, bytes: [UInt8]?
    ) async throws -> Reply {
        var headers = credential.headers
        if let key = key ?? (method == "POST" ? Self.freshKey() : nil) { headers.append(("Idempotency-Key", key)) }
        return try await client.send(method, target, headers: headers, body: bytes)
    }

    /// An idempotency key that nobody used yet.
    static func freshKey() -> String {
        "key-\(UInt64.random(in: 0...UInt64.max))"
    }

    var staff: Credential { .secret(keys.secret) }
    var buyer: Credential { .publishable(keys.publishable) }
}

/// Keys of every kind.
struct Keys: Sendable {
    let publishable: String
    /// Only from `https://shop.example`.
    let boundPublishable: String
    let revokedPublishable: String
    let ottoPublishable: String
    /// With every scope.
    let secret: String
    let revokedSecret: String
    let ottoSecret: String
    /// With one scope each.
    let only: [Scope: String]
    /// With all scopes but one.
    let lacking: [Scope: String]

    static func make(in maya: World, otto: World, for endpoints: [Endpoint]) async throws -> Keys {
        let scopes = Set(endpoints.compactMap(\.policy.caller.scope))
        var only: [Scope: String] = [:]
        var lacking: [Scope: String] = [:]
        for scope in scopes {
            only[scope] = try await maya.key(.secret, scopes: [scope.rawValue])
            lacking[scope] = try await maya.key(.secret, scopes: scopes.subtracting([scope]).map(\.rawValue))
        }
        return Keys(
            publishable: try await maya.key(.publishable),
            boundPublishable: try await maya.key(.publishable, origins: ["https://shop.example"]),
            revokedPublishable: try await maya.key(.publishable, isRevoked: true),
            ottoPublishable: try await otto.key(.publishable), secret: try await maya.key(.secret),
            revokedSecret: try await maya.key(.secret, isRevoked: true), ottoSecret: try await otto.key(.secret),
            only: only, lacking: lacking)
    }
}

extension World {
    /// Gives the store another key.
    func key(
        _ kind: APIKeyKind, scopes: [String] = [], origins: [String] = [], isRevoked: Bool = false
    ) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let token = APIKeyToken.generate(kind, using: &random)
        let creation = try CreateAPIKey(
            store: store.id, name: "Schlüssel", kind: kind, scopes: scopes, of: Set(scopes),
            origins: origins, token: token)
        try await database.write("test.key") { tx in
            let key = try creation.run(in: tx)
            if isRevoked { try RevokeAPIKey(key.id).run(in: tx) }
        }
        return token.text
    }
}
