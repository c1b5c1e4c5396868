import NIOCore
import NIOPosix
import Testing

/// A browser without scripts: it keeps cookies, sends forms and follows redirects.
actor Browser {
    /// What it shows.
    struct Page: Sendable {
        var status: Int
        var address: String
        var headers: [(name: String, value: String)]
        var text: String

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

        /// What stands between two texts, the first time.
        func between(_ start: String, _ end: String) -> String? {
            guard let from = text.ranges(of: start).first,
                let to = text[from.upperBound...].ranges(of: end).first
            else { return nil }
            return String(text[from.upperBound..<to.lowerBound])
        }

        /// The sentences beside the fields: `field: sentence`.
        var faults: [String] {
            var found: [String] = []
            for part in text.components(before: "-error\">") {
                guard let quote = part.name.lastIndex(of: "\""), part.name[...quote].hasSuffix(" id=\"") else {
                    continue
                }
                found.append("\(part.name[part.name.index(after: quote)...]): \(part.rest.prefix { $0 != "<" })")
            }
            return found
        }
    }

    private let port: Int
    private(set) var cookies: [String: String] = [:]

    init(port: Int) {
        self.port = port
    }

    /// Takes a cookie as another browser had it.
    func keep(_ name: String, _ value: String) { cookies[name] = value }

    func get(_ address: String) async throws -> Page {
        try await follow(try await send("GET", address, form: nil))
    }

    func post(_ address: String, _ fields: [String: String], site: String? = "same-origin") async throws -> Page {
        try await follow(try await send("POST", address, form: fields, site: site))
    }

    /// One request, without following where it leads.
    func send(
        _ method: String, _ target: String, form: [String: String]?, site: String? = "same-origin",
        headers: [(String, String)] = []
    ) async throws -> Page {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/html\r\n"
        if !cookies.isEmpty {
            head += "Cookie: \(cookies.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "; "))\r\n"
        }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let site { head += "Sec-Fetch-Site: \(site)\r\n" }
        var body = ""
        if let form {
            body = form.map { "\(Self.encode($0))=\(Self.encode($1))" }.joined(separator: "&")
            head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n"
        }
        var page = try await exchange(head + "\r\n" + body)
        page.address = target
        for header in page.headers where header.name == "set-cookie" {
            let pair = header.value.prefix { $0 != ";" }
            let name = String(pair.prefix { $0 != "=" })
            let isGone = header.value.contains("Max-Age=0;") || header.value.hasSuffix("Max-Age=0")
            cookies[name] = isGone ? nil : String(pair.dropFirst(name.count + 1))
        }
        return page
    }

    private func follow(_ page: Page) async throws -> Page {
        var page = page
        for _ in 0..<5 {
            guard page.status == 303, let location = page.header("location"), location.hasPrefix("/") else {
                return page
            }
            page = try await send("GET", location, form: nil)
        }
        return page
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private func exchange(_ request: String) async throws -> Page {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var buffer = ByteBuffer()
            for try await part in inbound {
                buffer.writeImmutableBuffer(part)
                if let page = Self.page(in: buffer) { return page }
            }
            return try #require(Self.page(in: buffer), "The connection ended before the answer.")
        }
    }

    /// Nil until the answer is complete.
    private static func page(in buffer: ByteBuffer) -> Page? {
        let view = buffer.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: view[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        let headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (
                name: line[..<colon].lowercased(), value: String(line[colon...].dropFirst().drop { $0 == " " })
            )
        }
        let body = view[end.upperBound...]
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard body.count >= length else { return nil }
        return Page(status: status, address: "", headers: headers, text: String(decoding: body, as: UTF8.self))
    }
}

extension String {
    /// Each place where a text ends with `mark`: what is before it and what after.
    fileprivate func components(before mark: String) -> [(name: Substring, rest: Substring)] {
        ranges(of: mark).map { (name: self[..<$0.lowerBound], rest: self[$0.upperBound...]) }
    }
}
