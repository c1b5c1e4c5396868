import NIOCore
import NIOPosix
import Primitives
import Testing

/// A browser without scripts: it remembers its session and says where its forms come from.
struct Browser: Sendable {
    let port: Int
    var cookie: String?
    var site = "same-origin"

    /// An answer as it came over the wire.
    struct Page: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let text: String

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        var location: String? { header("location") }
        var setCookie: String? { header("set-cookie") }
        /// The session that it hands out.
        var cookie: String? { setCookie?.split(separator: ";").first.map(String.init) }
        /// Status and address for redirects, for one comparison.
        var verdict: String { [String(status), location].compactMap { $0 }.joined(separator: " ") }
    }

    init(port: Int) { self.port = port }

    func get(_ path: String) async throws -> Page { try await send("GET", path, body: nil) }

    func post(_ path: String, _ fields: KeyValuePairs<String, String> = [:]) async throws -> Page {
        let body = fields.map { "\(Self.encode($0))=\(Self.encode($1))" }.joined(separator: "&")
        return try await send("POST", path, body: Array(body.utf8))
    }

    /// The same, of fields that were put together before.
    func post(_ path: String, fields: [(String, String)]) async throws -> Page {
        let body = fields.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
        return try await send("POST", path, body: Array(body.utf8))
    }

    /// Sends a form with a file.
    func upload(
        _ path: String, _ fields: KeyValuePairs<String, String>, name: String, _ content: String
    ) async throws -> Page {
        try await upload(path, fields, name: name, bytes: Array(content.utf8))
    }

    /// The same, of a file that is no text.
    func upload(
        _ path: String, _ fields: KeyValuePairs<String, String>, name: String, bytes content: [UInt8]
    ) async throws -> Page {
        let boundary = "----WebKitFormBoundary7MA4YWxk"
        var body = ""
        for (field, value) in fields {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n\(value)\r\n"
        }
        body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
        body += "Content-Type: application/octet-stream\r\n\r\n"
        let bytes = Array(body.utf8) + content + Array("\r\n--\(boundary)--\r\n".utf8)
        return try await send("POST", path, body: bytes, type: "multipart/form-data; boundary=\(boundary)")
    }

    private func send(
        _ method: String, _ path: String, body: [UInt8]?, type: String = "application/x-www-form-urlencoded"
    ) async throws -> Page {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\nAccept: text/html\r\n"
        head += "Sec-Fetch-Site: \(site)\r\n"
        if let cookie { head += "Cookie: \(cookie)\r\n" }
        if let body {
            head += "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n"
        }
        let request = Array((head + "\r\n").utf8) + (body ?? [])
        var page: Page?
        try await stream(request) { text in
            page = Self.page(in: text)
            return page != nil
        }
        return try #require(page, "The connection ended before the answer.")
    }

    /// Follows the events of an address until they are enough.
    /// - Parameters:
    ///   - lastID: what the browser saw last.
    ///   - onOpen: called once the stream is open.
    func events(
        _ path: String, after lastID: Int64? = nil, until count: Int, onOpen: @Sendable () async throws -> Void
    ) async throws -> [(id: Int64, event: String)] {
        var head = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        if let cookie { head += "Cookie: \(cookie)\r\n" }
        if let lastID { head += "Last-Event-ID: \(lastID)\r\n" }
        var events: [(id: Int64, event: String)] = []
        var isOpen = false
        try await stream(Array((head + "\r\n").utf8)) { text in
            if !isOpen, text.contains(":\n\n") {
                isOpen = true
                try await onOpen()
            }
            events = text.replacing("\r\n", with: "\n").split(separator: "\n\n").compactMap { block in
                let lines = block.split(separator: "\n")
                guard let id = lines.first(where: { $0.hasPrefix("id: ") }).flatMap({ Int64($0.dropFirst(4)) }),
                    let event = lines.first(where: { $0.hasPrefix("event: ") })
                else { return nil }
                return (id, String(event.dropFirst(7)))
            }
            return events.count >= count
        }
        return events
    }

    /// Sends a request and hands on what has come so far, until it is enough.
    private func stream(_ request: [UInt8], isEnough: (String) async throws -> Bool) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request))
            var bytes: [UInt8] = []
            for try await part in inbound {
                bytes.append(contentsOf: part.readableBytesView)
                if try await isEnough(String(decoding: bytes, as: UTF8.self)) { return }
            }
        }
    }

    private static func page(in text: String) -> Page? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        let headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (name: line[..<colon].lowercased(), value: String(line[colon...].dropFirst().drop { $0 == " " }))
        }
        let body = String(text[end.upperBound...])
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard body.utf8.count >= length else { return nil }
        return Page(status: status, headers: headers, text: body)
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            if byte < 128, character.isLetter || character.isNumber { return String(character) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" + digits : digits)
        }.joined()
    }
}
