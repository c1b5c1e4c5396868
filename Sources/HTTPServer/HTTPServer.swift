public import Logging

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
    public var mostBodyBytes = 128 << 20
    /// Seconds from a request's first byte to the end of its head.
    public var headTimeoutSeconds: Double = 10
    /// Seconds from the end of the head to the end of the body.
    public var bodyTimeoutSeconds: Double = 15
    /// Seconds after which a connection without a request is closed.
    public var idleTimeoutSeconds: Double = 60
    /// Addresses of proxies whose `X-Request-ID` and `X-Forwarded-For` are believed.
    public var trustedProxies: Set<String> = []

    public init(host: String = "127.0.0.1", port: Int = 8080) {
        self.host = host
        self.port = port
    }
}

/// What the health pages ask.
public struct Health: Sendable {
    /// What the server needs to do its work, by name, such as `database`. Nil means that it is well; otherwise a sentence,
    /// which is logged and not shown.
    public var parts: @Sendable () async -> [(name: String, failure: String?)]

    public init(parts: @escaping @Sendable () async -> [(name: String, failure: String?)]) {
        self.parts = parts
    }
}

/// The server: endpoints, who may call them, and how it listens.
public struct HTTPServer: Service {
    /// The declarations, for the authorisation matrix and the readiness probes.
    public let endpoints: [Endpoint]
    let authenticator: any Authenticator
    let health: Health
    let settings: ServerSettings
    let logger: Logger

    /// - Parameters:
    ///   - onListening: called with the port once connections are accepted.
    /// - Throws: `DeclarationError` when the declarations contradict each other.
    public init(
        _ endpoints: [Endpoint], authenticator: any Authenticator, health: Health,
        settings: ServerSettings = ServerSettings(), logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(DeclarationError) {
        self.endpoints = endpoints
        self.authenticator = authenticator
        self.health = health
        self.settings = settings
        self.logger = logger
    }

    /// Serves until a graceful shutdown, then finishes the requests in flight.
    public func run() async throws {
    }
}

/// What is wrong with the declarations, one sentence each. A defect of the program, found at its start.
public struct DeclarationError: Error, Hashable, Sendable, CustomStringConvertible {
    public let defects: [String]

    public var description: String { defects.joined(separator: " ") }
}
