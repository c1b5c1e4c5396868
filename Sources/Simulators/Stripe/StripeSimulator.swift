import AsyncHTTPClient
public import Logging
import NIOCore
public import Primitives
import ServiceLifecycle

/// Plays Stripe: the interface under `/v1`, the pages on which buyers pay, events and signed webhooks, and faults on
/// demand. It keeps everything in memory and moves no money.
///
/// Any key that begins with `sk_test_` opens an account of its own.
public struct StripeSimulator: Simulator {
    private let host: String
    private let port: Int
    private let clock: any Clock
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void
    private let publicAddress: String?
    private let retrySeconds: [Double]
    private let books: StripeBooks
    private let errands: AsyncStream<CourierErrand>
    private let courier: AsyncStream<CourierErrand>.Continuation
    private let listening = Listening()

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - publicURL: where browsers reach it; nil for the address that it listens on.
    ///   - retrySeconds: the waits before a webhook that was not taken is sent again.
    ///   - onListening: told the port once connections are accepted.
    public init(
        host: String = "127.0.0.1", port: Int = 0, publicURL: String? = nil, clock: any Clock = SystemClock(),
        retrySeconds: [Double] = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600], logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.clock = clock
        self.logger = logger
        self.onListening = onListening
        self.retrySeconds = retrySeconds
        publicAddress = publicURL
        (errands, courier) = AsyncStream.makeStream(of: CourierErrand.self)
        books = StripeBooks(courier: courier)
    }

    /// Has the events of every account, or of one, sent to an address, signed with a secret that is known beforehand.
    /// - Parameters:
    ///   - secret: such as `whsec_…`.
    ///   - key: the secret key of the account; nil for every account.
    public func registerWebhook(url: String, secret: String, key: String? = nil) async {
        guard let key else {
            return await books.register(WebhookReceiver(url: url, secret: Secret(secret)))
        }
        let call = StripeCall(now: clock.now(), requestID: nil, idempotencyKey: nil, publicURL: "")
        // ignored: the closure cannot fail
        _ = try? await books.withAccount(key) { account throws(StripeError) in
            account.addEndpoint(url: url, secret: Secret(secret), events: ["*"], call)
        }
    }

    /// Runs until a graceful shutdown. A simulator runs once.
    public func run() async throws {
        let listening = listening
        let onListening = onListening
        let publicURL = publicURL
        let books = books
        let clock = clock
        let api = StripeAPI(books: books, clock: clock, publicURL: publicURL)
        let pages = PaymentPages(books: books, clock: clock, publicURL: publicURL)
        let desk = StripeDesk(books: books)
        let server = WebServer(
            host: host, port: port, mostBodyBytes: 1 << 20, logger: logger,
            onListening: { port in
                await listening.announce(port)
                await onListening(port)
            },
            respond: { request in
                if let answer = await desk.respond(request) { return answer }
                switch request.segments.first {
                case "pay": return await pages.respond(request)
                case "simulator.css": return Page.styleSheet
                default: return await api.respond(request)
                }
            })
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(5))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let mail = WebhookCourier(books: books, client: client, clock: clock, retrySeconds: retrySeconds)
        let errands = errands
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await mail.run(errands) }
                group.addTask { try await Self.watchExpiry(books, clock: clock, publicURL: publicURL) }
                try await server.run()
                group.cancelAll()
            }
        } catch {
            await listening.fail(error)
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    public func start() async throws -> RunningSimulator {
        try await RunningSimulator(self, listening: listening, logger: logger)
    }

    private var publicURL: @Sendable () async -> String {
        { [publicAddress, host, listening] in
            if let publicAddress { return publicAddress }
            // ignored: a request is being answered, so it listens
            let port = (try? await listening.port()) ?? 0
            return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
    }

    private static func watchExpiry(
        _ books: StripeBooks, clock: any Clock, publicURL: @Sendable () async -> String
    ) async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .milliseconds(500))
            await books.expireDue(
                StripeCall(
                    now: clock.now(), requestID: nil, idempotencyKey: nil, publicURL: await publicURL()))
        }
    }
}
