import NIOCore
import NIOPosix
import Primitives
import Testing

/// What a request shows to say who sends it.
struct Credential: Sendable {
    var headers: [(String, String)]

    static let nobody = Credential(headers: [])

    static func publishable(_ key: String, origin: String? = nil) -> Credential {
        Credential(headers: [("Shipshape-Key", key)] + (origin.map { [("Origin", $0)] } ?? []))
    }

    static func secret(_ key: String) -> Credential { Credential(headers: [("Authorization", "Bearer \(key)")]) }

    static func order(_ token: String) -> Credential { Credential(headers: [("Order-Token", token)]) }
}

/// An answer as it came over the wire.
struct Reply: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSON {
        get throws { try JSON(parsing: body) }
    }

    /// A member of the body, by the keys on the way.
    subscript(path: String...) -> JSON? {
        guard var value = try? json else { return nil }
        for key in path {
            let next = Int(key).flatMap { index in value.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
            guard let inner = next ?? value[key] else { return nil }
            value = inner
        }
        return value
    }

    var code: String? { self["code"]?.string }

    /// Pointer and code of each error.
    var faults: [String] {
        (self["errors"]?.array ?? []).map { "\($0["pointer"]?.string ?? "?") \($0["code"]?.string ?? "?")" }
    }

    /// Status, code and errors together, for one comparison.
    var verdict: String { ([String(status), code ?? "-"] + faults).joined(separator: " ") }
}

/// Sends requests, each on a connection of its own.
struct Client: Sendable {
    let port: Int

    func send(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body {
            if !headers.contains(where: { $0.0 == "Content-Type" }) { head += "Content-Type: application/json\r\n" }
            head += "Content-Length: \(body.count)\r\n"
        }
        return try await exchange(Array((head + "\r\n").utf8) + (body ?? []))
    }

    /// Says that a body of so many bytes will come, and waits for the answer.
    func announce(
        _ length: Int, _ method: String, _ target: String, headers: [(String, String)]
    ) async throws -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "Content-Type: application/json\r\nContent-Length: \(length)\r\n\r\n"
        return try await exchange(Array(head.utf8))
    }

    private func exchange(_ request: [UInt8]) async throws -> Reply {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request))
            var buffer = ByteBuffer()
            for try await part in inbound {
                buffer.writeImmutableBuffer(part)
                if let reply = Self.reply(in: buffer) { return reply }
            }
            return try #require(Self.reply(in: buffer), "The connection ended before the answer.")
        }
    }

    /// Nil until the answer is complete.
    private static func reply(in buffer: ByteBuffer) -> Reply? {
        let view = buffer.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: view[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers[line[..<colon].lowercased()] = String(line[colon...].dropFirst().drop { $0 == " " })
        }
        let body = view[end.upperBound...]
        guard body.count >= Int(headers["content-length"] ?? "0") ?? 0 else { return nil }
        return Reply(status: status, headers: headers, body: Array(body))
    }
}
