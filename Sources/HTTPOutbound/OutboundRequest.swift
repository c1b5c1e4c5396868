/// A request to somebody else's server.
public struct OutboundRequest: Sendable {
    /// The methods that are in use.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public var method: Method
    /// After the client's base address, with its query, such as `/v1/refunds?limit=3`.
    public var path: String
    public var headers: [(name: String, value: String)]
    /// None when nil.
    public var body: [UInt8]?
    /// How long the whole call may take.
    public var timeoutSeconds: Double
    /// A longer answer is not read to its end.
    public var mostAnswerBytes: Int
    /// The request of ours that causes it; sent as `X-Request-ID`.
    public var requestID: String?

    public init(
        _ method: Method, _ path: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeoutSeconds: Double = 10, mostAnswerBytes: Int = 1 << 20, requestID: String? = nil
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.timeoutSeconds = timeoutSeconds
        self.mostAnswerBytes = mostAnswerBytes
        self.requestID = requestID
    }
}

/// What the other server answered, whatever its status.
public struct OutboundAnswer: Sendable {
    public let status: Int
    /// Whole.
    public let body: [UInt8]
    private let headers: [(name: String, value: String)]

    init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Bytes of all headers together.
    var headBytes: Int { headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 } }

    /// A header, whatever its letters' case; the first where there are several.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why there is no answer.
public enum OutboundFailure: Error, Hashable, Sendable {
    /// No connection could be made: the request was not sent.
    case refused
    /// No connection was made in time: the request was not sent.
    case connectTimeout
    /// The answer did not come in time: the request may have been acted upon.
    case timeout
    /// The connection ended before the answer: the request may have been acted upon.
    case interrupted
    /// The answer is longer than was allowed; the request was acted upon.
    case tooLarge
    /// The caller does not wait any more.
    case canceled
    /// The address or a header cannot be sent: a mistake of ours.
    case malformed

    /// Whether the other server may have acted upon the request.
    public var mayHaveBeenSent: Bool {
        switch self {
        case .refused, .connectTimeout, .malformed: false
        case .timeout, .interrupted, .tooLarge, .canceled: true
        }
    }

    /// Stable, lower-case words.
    public var code: String {
        switch self {
        case .refused: "unreachable"
        case .connectTimeout: "connect_timeout"
        case .timeout: "timeout"
        case .interrupted: "interrupted"
        case .tooLarge: "answer_too_large"
        case .canceled: "canceled"
        case .malformed: "malformed_request"
        }
    }
}
