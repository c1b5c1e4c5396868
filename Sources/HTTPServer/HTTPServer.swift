public import Logging
public import Primitives
import Hummingbird

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
