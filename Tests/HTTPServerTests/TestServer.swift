import HTTPServer
import Logging
import NIOCore
import NIOPosix
import Observability
import Primitives
import ServiceLifecycle
import Testing

/// Knows `pk_good`, `sk_good` with the scope `orders:read`, and no origin but `https://shop.example`.
struct SampleAuthenticator: Authenticator {
    static let store = StoreID(.init(high: 1, low: 1))
    static let key = APIKeyID(.init(high: 2, low: 2))

    func caller(
        showing credentials: Credentials, for requirement: CallerRequirement, path: PathParameters
    ) async throws -> Caller {
        if credentials.bearer == "sk_good", let scope = requirement.scope {
            guard scope == "orders:read" else { throw Problem(.forbidden, "forbidden", "The key may not do this.") }
            return Caller(.secretKey(Self.key), store: Self.store, scopes: [scope])
        }
        if credentials.publishableKey == "pk_good", requirement.acceptsPublishableKey {
            return Caller(.publishableKey(Self.key), store: Self.store)
        }
        throw Problem(.unauthenticated, "unauthenticated", "A key is needed.")
    }

    func isAllowed(origin: String) async -> Bool { origin == "https://shop.example" }
}

/// A server on a free port, for as long as a closure runs.
func withServer(
    _ endpoints: [Endpoint], settings: ServerSettings = ServerSettings(port: 0),
    health: Health = Health { [Health.Part("database", failure: nil)] }, accessLog: AccessLog = .none,
    problemPage: ProblemPage? = nil,
    _ body: @escaping @Sendable (Int, ServiceGroup) async throws -> Void
) async throws {
    var settings = settings
    settings.port = 0
    var quiet = Logger(label: "test")
    quiet.logLevel = .critical
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let server = try HTTPServer(
        endpoints, authenticator: SampleAuthenticator(), health: health, settings: settings, accessLog: accessLog,
        logger: quiet, problemPage: problemPage, onListening: { listening.yield($0) })
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: quiet))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        for await port in ports {
            do {
                try await body(port, group)
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

/// An answer as it came over the wire.
struct Reply: Sendable {
    var status: Int
    var headers: [String: String]
    var body: String

    var json: JSON { get throws { try JSON(parsing: body) } }
    var code: String? { (try? json)?["code"]?.string }
    /// Pointer and code of each error.
    var errors: [String] {
        ((try? json)?["errors"]?.array ?? []).map { "\($0["pointer"]?.string ?? "") \($0["code"]?.string ?? "")" }
    }
}

/// A connection that sends what it is told to, right or wrong.
struct RawConnection {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer = ByteBuffer()

    static func with<Value>(
        port: Int, _ body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(
                channel: channel, inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    func send(bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Ends our half of the connection.
    func finish() {
        outbound.finish()
    }

    /// The next answer; nil when the connection ends before one.
    mutating func reply(toHead: Bool = false) async throws -> Reply? {
        guard let head = try await read(through: "\r\n\r\n") else { return nil }
        let lines = head.split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers[line[..<colon].lowercased()] = String(line[colon...].dropFirst().drop { $0 == " " })
        }
        guard status != 100, status != 204, !toHead else { return Reply(status: status, headers: headers, body: "") }
        let length = Int(headers["content-length"] ?? "") ?? 0
        while buffer.readableBytes < length {
            guard let more = try await inbound.next(isolation: #isolation) else { break }
            buffer.writeImmutableBuffer(more)
        }
        let body = buffer.readBytes(length: min(length, buffer.readableBytes)) ?? []
        return Reply(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    /// Whether the other side has ended the connection, after at most what is left to read.
    mutating func isClosed() async throws -> Bool {
        while let more = try await inbound.next(isolation: #isolation) {
            if more.readableBytes > 0 { return false }
        }
        return true
    }

    /// Everything until the other side ends the connection.
    mutating func rest() async throws -> String {
        while let more = try await inbound.next(isolation: #isolation) { buffer.writeImmutableBuffer(more) }
        return buffer.readString(length: buffer.readableBytes) ?? ""
    }

    /// Waits until a text has come, which stays to be read.
    mutating func wait(for text: String) async throws {
        while buffer.readableBytesView.firstRange(of: text.utf8) == nil {
            guard let more = try await inbound.next(isolation: #isolation) else { throw NoReply() }
            buffer.writeImmutableBuffer(more)
        }
    }

    private mutating func read(through end: String) async throws -> String? {
        while true {
            let view = buffer.readableBytesView
            if let range = view.firstRange(of: end.utf8) {
                let length = view.distance(from: view.startIndex, to: range.upperBound)
                return buffer.readString(length: length)
            }
            guard let more = try await inbound.next(isolation: #isolation) else { return nil }
            buffer.writeImmutableBuffer(more)
        }
    }
}

/// Sends one request on a connection of its own.
func send(
    _ method: String, _ target: String, port: Int, headers: [String: String] = [:], body: String? = nil
) async throws -> Reply {
    try await RawConnection.with(port: port) { connection in
        var text = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body {
            if headers["Content-Type"] == nil { text += "Content-Type: application/json\r\n" }
            text += "Content-Length: \(body.utf8.count)\r\n"
        }
        try await connection.send(text + "\r\n" + (body ?? ""))
        guard let reply = try await connection.reply(toHead: method == "HEAD") else { throw NoReply() }
        return reply
    }
}

/// The connection ended before an answer came.
struct NoReply: Error {}
