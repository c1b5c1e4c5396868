public import Logging
import Primitives

/// Writes swift-log records as JSON lines: `time`, `level`, `logger`, `message`, `error`, and the metadata as members.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let output: LogOutput

    public init(label: String, output: LogOutput, level: Logger.Level = .info) {
        self.label = label
        self.output = output
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the event as one line.
    public func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
        if let given = event.metadata { merged.merge(given) { _, new in new } }
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("time")
            LogTime.append(SystemClock().now(), to: &writer)
            writer.field("level", event.level.rawValue)
            writer.field("logger", label)
            writer.field("message", event.message.description)
            if let error = event.error { writer.field("error", String(reflecting: error)) }
            for (key, value) in merged.sorted(by: { $0.key < $1.key }) where !Self.reserved.contains(key) {
                writer.key(key)
                Self.append(value, to: &writer)
            }
        }
        output.write(writer.bytes)
    }

    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    private static func append(_ value: Logger.Metadata.Value, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.string(text)
        case .stringConvertible(let value): writer.string(value.description)
        case .array(let values):
            writer.array { writer in for value in values { append(value, to: &writer) } }
        case .dictionary(let members):
            writer.object { writer in
                for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                    writer.key(key)
                    append(value, to: &writer)
                }
            }
        }
    }
}
