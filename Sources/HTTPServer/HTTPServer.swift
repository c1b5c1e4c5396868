import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import Observability
public import Primitives
public import ServiceLifecycle

/// Where and how the server listens.
public struct ServerSettings: Sendable {
    public var host: String
    /// 0 takes a free port.
    public var port: Int
    /// The name and version in the OpenAPI document.
    public var title = "Shipshape"
    public var version = "0.1.0"
    /// Connections beyond are left waiting by the system until others close.
    public var mostConnections = 4096
    /// Bytes of request bodies in memory at one time; requests beyond are answered 503.
    public var mostBodyBytes = 64 << 20
    /// Seconds from a request's first byte to the end of its head.
    public var headTimeoutSeconds: Double = 10
    /// Seconds from the end of the head to the end of the body.
    public var bodyTimeoutSeconds: Double = 15
    /// Seconds that answers may wait for a client that does not read them; then its connection is closed.
    public var writeTimeoutSeconds: Double = 30
    /// Seconds after which a connection without a request is closed.
    public var idleTimeoutSeconds: Double = 60
    /// Addresses of proxies whose `X-Request-ID` and `X-Forwarded-For` are believed.
    public var trustedProxies: Set<String> = []
    /// Where browsers reach the server, such as `https://shop.example`.
    public var publicOrigin: String?

    public init(host: String = "127.0.0.1", port: Int = 8080) {
        self.host = host
        self.port = port
    }
}

/// Shows a person what went wrong: the problem, the address and the request's id. Nil leaves it to JSON.
public typealias ProblemPage =
    @Sendable (_ problem: Problem, _ path: String, _ requestID: String) async -> WebAnswer?

/// The server: endpoints, who may call them, and how it listens.
public struct HTTPServer: Service {
    /// The declarations, the server's own among them: for the authorisation matrix and the readiness probes.
    public let endpoints: [Endpoint]
    /// The OpenAPI 3.1 document.
    public let openAPI: JSON
    private let settings: ServerSettings
    private let logger: Logger
    private let responder: APIResponder
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - problemPage: what people see instead of problems as JSON.
    ///   - onListening: called with the port once connections are accepted.
    /// - Throws: `DeclarationError` when the declarations contradict each other.
    public init(
        _ endpoints: [Endpoint], authenticator: any Authenticator, health: Health,
        settings: ServerSettings = ServerSettings(), clock: any Clock = SystemClock(), accessLog: AccessLog,
        logger: Logger, problemPage: ProblemPage? = nil,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(DeclarationError) {
        let healthEndpoints = HealthEndpoints(health: health, clock: clock) { part in
            logger.warning(
                "A part is not well.",
                metadata: ["part": .string(part.name), "failure": .string(part.failure ?? "")])
        }
        let described = endpoints + healthEndpoints.endpoints
        let document = OpenAPIDocument(title: settings.title, version: settings.version)
        let openAPI = document.json(
            described.filter { !$0.isUndocumented } + [OpenAPIDocument.endpoint(EncodedBody([]))])
        let all = described + [OpenAPIDocument.endpoint(EncodedBody(openAPI.bytes))]
        let (router, routeDefects) = Router.build(all)
        let defects = routeDefects + DeclarationCheck.defects(in: all)
        guard defects.isEmpty else { throw DeclarationError(defects: defects) }
        self.endpoints = all
        self.openAPI = openAPI
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
        responder = APIResponder(
            router: router, authenticator: authenticator, deadlines: HandlerDeadlines(), ids: RequestIDs(),
            trustedProxies: settings.trustedProxies, publicOrigin: settings.publicOrigin, problemPage: problemPage,
            accessLog: accessLog, logger: logger)
    }

    /// Serves until a graceful shutdown, then finishes the requests in flight. How long that may take is the service
    /// group's `maximumGracefulShutdownDuration`.
    public func run() async throws {
        let rules = gateRules
        let idleTimeout = TimeAmount.milliseconds(Int64(settings.idleTimeoutSeconds * 1000))
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { GuardedChannel(responder: $0, rules: rules, idleTimeout: idleTimeout) },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.mostConnections, logger: logger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await responder.deadlines.watch() }
            try await application.run()
            group.cancelAll()
        }
    }

    private var gateRules: GateRules {
        let responder = responder
        return GateRules(
            headTimeout: .milliseconds(Int64(settings.headTimeoutSeconds * 1000)),
            bodyTimeout: .milliseconds(Int64(settings.bodyTimeoutSeconds * 1000)),
            writeTimeout: .milliseconds(Int64(settings.writeTimeoutSeconds * 1000)),
            bodyLimit: { responder.bodyLimit($0) }, budget: BodyBudget(settings.mostBodyBytes),
            refuse: { responder.refuse($0, $1, from: $2) })
    }
}
