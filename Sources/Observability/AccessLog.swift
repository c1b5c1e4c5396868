public import Primitives

/// One request that was answered.
public struct AccessRecord: Sendable {
    public var requestID: String
    public var method: String
    /// The route's template, never the path: the ids of checkouts are secrets. Nil when no route was found.
    public var route: String?
    public var status: Int
    /// From the whole request being there to its answer being ready.
    public var durationMicroseconds: Int64
    /// Of the body sent.
    public var bytes: Int
    public var key: APIKeyID?
    public var remote: String?
    /// The problem's code, when the answer is one.
    public var code: String?

    public init(
        requestID: String, method: String, route: String?, status: Int, durationMicroseconds: Int64, bytes: Int,
        key: APIKeyID?, remote: String?, code: String? = nil
    ) {
        self.requestID = requestID
        self.method = method
        self.route = route
        self.status = status
        self.durationMicroseconds = durationMicroseconds
        self.bytes = bytes
        self.key = key
        self.remote = remote
        self.code = code
    }
}

/// Writes a line for each request.
public struct AccessLog: Sendable {
    private let output: LogOutput?

    /// Writes to the same place as the log.
    public init(output: LogOutput) {
        self.output = output
    }

    private init() {
        output = nil
    }

    /// Writes nothing.
    public static let none = AccessLog()

    /// Takes a record; returns at once.
    public func record(_ record: AccessRecord) {
        guard let output else { return }
        var writer = JSONWriter(capacity: 320)
        writer.object { writer in
            writer.key("time")
            LogTime.append(SystemClock().now(), to: &writer)
            writer.field("level", "info")
            writer.field("logger", "access")
            writer.field("request_id", record.requestID)
            writer.field("method", record.method)
            writer.field("route", record.route)
            writer.field("status", record.status)
            writer.key("duration_ms")
            Self.append(thousandths: record.durationMicroseconds, to: &writer)
            writer.field("bytes", record.bytes)
            writer.field("key", record.key)
            writer.field("remote", record.remote)
            if let code = record.code { writer.field("code", code) }
        }
        output.write(writer.bytes)
    }

    private static func append(thousandths value: Int64, to writer: inout JSONWriter) {
        let value = max(0, value)
        var digits = Array(String(value / 1000).utf8)
        digits.append(UInt8(ascii: "."))
        for divisor in [100, 10, 1] as [Int64] { digits.append(UInt8(ascii: "0") + UInt8(value % 1000 / divisor % 10)) }
        writer.raw(digits)
    }
}
