import AsyncHTTPClient
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Calls another server: with deadlines, a limit of what is read, no redirects, and connections that are used again.
///
/// All clients share the process's connections, which end with it.
public struct OutboundClient: Sendable {
    private let base: String

    /// - Parameter base: scheme, host and perhaps a port, without a slash at the end.
    public init(base: String) {
        self.base = base
    }

    /// Seconds within which a connection has to stand.
    public static let connectTimeoutSeconds = 3

    /// Sends a request and reads the whole answer. Nothing is sent twice.
    /// - Throws: `OutboundFailure`.
    public func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundAnswer {
        var outgoing = HTTPClientRequest(url: base + request.path)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if let id = request.requestID { outgoing.headers.add(name: "X-Request-ID", value: id) }
        if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            return try await Self.answer(
                to: outgoing, within: request.timeoutSeconds, mostBytes: request.mostAnswerBytes,
                over: Self.connections)
        } catch {
            throw Self.failure(error)
        }
    }

    static func answer(
        to request: HTTPClientRequest, within seconds: Double, mostBytes: Int, over connections: HTTPClient
    ) async throws -> OutboundAnswer {
        try await withThrowingTaskGroup(of: OutboundAnswer.self) { group in
            group.addTask {
                let deadline = NIODeadline.now() + .nanoseconds(Int64(seconds * 1_000_000_000))
                let response = try await connections.execute(request, deadline: deadline)
                let body = try await response.body.collect(upTo: mostBytes)
                return OutboundAnswer(
                    status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
                    body: Array(body.readableBytesView))
            }
            // The client's own deadline ends with the head of the answer; a body may drip on.
            group.addTask {
                try await Task.sleep(for: .seconds(seconds + 0.05))
                throw OutboundFailure.timeout
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw OutboundFailure.canceled }
            return answer
        }
    }

    static func failure(_ error: any Error) -> OutboundFailure {
        switch error {
        case let failure as OutboundFailure: failure
        case is CancellationError: .canceled
        case is NIOTooManyBytesError: .tooLarge
        case let error as IOError: error.errnoCode == ECONNREFUSED ? .refused : .interrupted
        case let error as HTTPClientError: failure(error)
        case is ChannelError, is HTTPParserError: .interrupted
        // What else there is concerns the making of a connection: names, addresses, certificates.
        default: .refused
        }
    }

    private static func failure(_ error: HTTPClientError) -> OutboundFailure {
        switch error {
        case .cancelled: Task.isCancelled ? .canceled : .timeout
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout: .connectTimeout
        case .deadlineExceeded, .readTimeout, .writeTimeout: .timeout
        case .remoteConnectionClosed, .uncleanShutdown: .interrupted
        case .invalidURL, .emptyHost, .emptyScheme, .bodyLengthMismatch: .malformed
        default: .interrupted
        }
    }

    /// The process's connections to other servers. They live as long as the process, so nothing shuts them down.
    private static let connections: HTTPClient = HTTPClient(configuration: configuration)

    /// One request, one answer: nothing is followed, tried again or unpacked by itself.
    static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(Int64(connectTimeoutSeconds))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.httpVersion = .http1Only
        return configuration
    }
}
