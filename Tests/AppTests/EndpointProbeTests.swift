import API
import EventLog
import HTTPServer
import Logging
import Observability
import Orders
import Payments
import Persistence
import Primitives
import Readiness
import ServiceLifecycle
import TestSupport
import Testing
import UseCases

@testable import App

@Suite struct EndpointProbeTests {
    /// Lets in whoever shows a key of one kind, known or not.
    private struct GullibleAuthenticator: Authenticator {
        let inner: any Authenticator
        let trusts: @Sendable (Credentials, PathParameters) -> Bool

        func caller(
            showing credentials: Credentials, for requirement: CallerRequirement, path: PathParameters
        ) async throws -> Caller {
            if trusts(credentials, path) {
                return Caller(
                    .publishableKey(APIKeyID(.init(high: 1, low: 1))), store: StoreID(.init(high: 1, low: 1)))
            }
            return try await inner.caller(showing: credentials, for: requirement, path: path)
        }

        func isAllowed(origin: String) async -> Bool { false }
    }

    private static func probe(
        trusting trusts: @escaping @Sendable (Credentials, PathParameters) -> Bool
    ) async throws -> (endpoints: Int, finding: Finding) {
        try await withDatabase(.sqlite, migrations: Installation.migrations) { database in
            let tokens = OrderTokens(key: Secret("a key of the tests"))
            let clock = SystemClock()
            let feed = EventFeed(database: database, logger: Logger(label: "test"))
            let desk = PaymentDesk(
                database: database,
                connections: ProviderConnections(
                    database: database, vault: .forProviders(masterKey: Secret("a key")), providers: []),
                logger: Logger(label: "test"))
            let endpoints = ShopAPI(
                database: database, clock: clock, tokens: tokens, feed: feed, desk: desk
            ).endpoints
            let authenticator = GullibleAuthenticator(
                inner: KeyAuthenticator(database: database, clock: clock, tokens: tokens), trusts: trusts)
            var quiet = Logger(label: "test")
            quiet.logLevel = .critical
            let (addresses, listening) = AsyncStream.makeStream(of: Int.self)
            let server = try HTTPServer(
                endpoints, authenticator: authenticator, health: Health { [] }, settings: ServerSettings(port: 0),
                accessLog: .none, logger: quiet, onListening: { listening.yield($0) })
            let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: quiet))
            return try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                var finding = Finding.unknown("The server never listened.")
                for await port in addresses {
                    finding = try await Check.endpointPolicies(endpoints).run(
                        CheckContext(
                            database: database, profile: .single, isProduction: false,
                            baseURL: "http://127.0.0.1:\(port)"))
                    break
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return (endpoints.count, finding)
            }
        }
    }

    @Test func `a server that refuses strangers passes`() async throws {
        let (endpoints, finding) = try await Self.probe { _, _ in false }
        #expect(finding.verdict == .pass, "\(finding.sentence)")
        #expect(finding.level == .observed)
        #expect(finding.measured.first == Measure("endpoints", endpoints))
    }

    @Test func `a server that lets anonymous callers in fails, and the endpoint is named`() async throws {
        let (_, finding) = try await Self.probe { credentials, _ in
            credentials.bearer == nil && credentials.publishableKey == nil && credentials.orderToken == nil
        }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.contains("/api/v1/"))
        #expect(finding.sentence.contains("by anonymous was answered"))
    }

    @Test func `a server that takes any secret key fails`() async throws {
        let (_, finding) = try await Self.probe { credentials, _ in credentials.bearer != nil }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.contains("by unknown secret key was answered"))
    }

    @Test func `a server that takes any publishable key fails`() async throws {
        let (_, finding) = try await Self.probe { credentials, _ in credentials.publishableKey != nil }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.contains("by unknown publishable key was answered"))
    }

    @Test func `a server that takes any order token fails`() async throws {
        let (_, finding) = try await Self.probe { credentials, _ in credentials.orderToken != nil }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.contains("by wrong order token was answered"))
    }

    @Test func `a server that looks at all of a token but its digest fails`() async throws {
        let (_, finding) = try await Self.probe { credentials, path in
            guard let token = credentials.orderToken, path["order"].flatMap({ OrderID($0) }) != nil else {
                return false
            }
            return token.utf8.count == 94 && token.hasPrefix("ot_")
                && StoreID("sto_" + token.dropFirst(3).prefix(26)) != nil
        }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.contains("by wrong order token was answered"))
    }

    @Test(arguments: [nil, "https://127.0.0.1", "http://127.0.0.1:1"])
    func `without a server to probe nothing is known`(_ address: String?) async throws {
        try await withDatabase(.sqlite) { database in
            let finding = try await Check.endpointPolicies([]).run(
                CheckContext(database: database, profile: .single, isProduction: false, baseURL: address))
            #expect(finding.verdict == .unknown)
        }
    }
}
