import HTTPServer
import Primitives
import ServiceLifecycle
import Testing

@Suite struct LimitTests {
    private static let hello = "GET /api/v1/hello/\(AnswerTests.variant) HTTP/1.1\r\nHost: x\r\n"
    private static let make =
        "POST /api/v1/things HTTP/1.1\r\nHost: x\r\nShipshape-Key: pk_good\r\nContent-Type: application/json\r\n"
    private static let order = #"{"lines":[{"variant_id":"\#(AnswerTests.variant)"}]}"#

    private func impatient(
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        var settings = ServerSettings()
        settings.headTimeoutSeconds = 0.3
        settings.bodyTimeoutSeconds = 0.3
        try await withServer(AnswerTests.all, settings: settings) { port, _ in try await body(port) }
    }

    private func patient(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withServer(AnswerTests.all) { port, _ in try await body(port) }
    }

    /// Sends bytes and expects a refusal after which the connection is closed.
    private func refused(_ text: String, finishing: Bool = false, as status: Int, _ code: String) async throws {
        try await impatient { port in
            try await RawConnection.with(port: port) { connection in
                try await connection.send(text)
                if finishing { connection.finish() }
                let reply = try #require(try await connection.reply())
                #expect(reply.status == status)
                #expect(reply.code == code)
                #expect(reply.headers["connection"] == "close")
                #expect(reply.headers["content-type"] == "application/problem+json")
                #expect(try await connection.isClosed())
            }
        }
    }

    @Test func `a body that stops half way is refused as malformed`() async throws {
        try await refused(
            Self.make + "Content-Length: 100\r\n\r\n{\"lines\"", finishing: true, as: 400, "http.malformed")
    }

    @Test func `a body slower than the limit is refused`() async throws {
        try await refused(Self.make + "Content-Length: 100\r\n\r\n{\"lines\"", as: 408, "request.timeout")
    }

    @Test func `a chunked body slower than the limit is refused`() async throws {
        try await refused(
            Self.make + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"lin\r\n", as: 408, "request.timeout")
    }

    @Test func `a head slower than the limit is refused`() async throws {
        try await refused("GET /api/v1/staff HTTP/1.1\r\nHost: x\r\nX-Slow: ", as: 408, "request.timeout")
    }

    @Test func `a head that is slow after an answered request is refused`() async throws {
        try await impatient { port in
            try await RawConnection.with(port: port) { connection in
                try await connection.send(Self.hello + "\r\n")
                #expect(try await connection.reply()?.status == 200)
                try await connection.send("GET /")
                #expect(try await connection.reply()?.status == 408)
                #expect(try await connection.isClosed())
            }
        }
    }

    @Test func `a head beyond 16 KiB is refused`() async throws {
        try await refused(
            Self.hello + "X-Large: \(String(repeating: "x", count: 17_000))\r\n\r\n", as: 431, "headers.too_large")
    }

    @Test func `a head that grows beyond 16 KiB without an end is refused`() async throws {
        let lines = (0..<40).map { "X-\($0): \(String(repeating: "y", count: 500))\r\n" }.joined()
        try await refused(Self.hello + lines, as: 431, "headers.too_large")
    }

    @Test func `more than 100 fields are refused`() async throws {
        let lines = (0..<101).map { "X-\($0): y\r\n" }.joined()
        try await refused(Self.hello + lines + "\r\n", as: 431, "headers.too_large")
    }

    @Test func `a target beyond 8 KiB is refused`() async throws {
        try await refused(
            "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: x\r\n\r\n", as: 431, "headers.too_large")
    }

    @Test func `a body that says it is too large is refused before it comes`() async throws {
        try await refused(Self.make + "Content-Length: 2001\r\n\r\n", as: 413, "body.too_large")
    }

    @Test func `a body that becomes too large is refused`() async throws {
        let chunk = "400\r\n\(String(repeating: " ", count: 1024))\r\n"
        try await refused(
            Self.make + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk, as: 413, "body.too_large")
    }

    @Test(arguments: [
        "GARBAGE\r\n\r\n", "GET / HTTP/1.1\r\nHost x\r\n\r\n", "GET / HTTP/3.0\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX\u{0}: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX: y\u{0}\r\n\r\n",
    ])
    func `what is not HTTP is refused as malformed`(text: String) async throws {
        try await refused(text, as: 400, "http.malformed")
    }

    @Test func `a sender that goes on after a refusal is read for a while, then cut off`() async throws {
        try await patient { port in
            try await RawConnection.with(port: port) { connection in
                try await connection.send(Self.make + "Content-Length: 5000000\r\n\r\n")
                for _ in 0..<20 { try await connection.send(String(repeating: "x", count: 10_000)) }
                #expect(try await connection.reply()?.status == 413)
                #expect(try await connection.isClosed())
            }
        }
    }

    @Test func `a chunked body within its limit is taken`() async throws {
        try await patient { port in
            try await RawConnection.with(port: port) { connection in
                let half = Self.order.index(Self.order.startIndex, offsetBy: 20)
                try await connection.send(Self.make + "Transfer-Encoding: chunked\r\n\r\n")
                for part in [Self.order[..<half], Self.order[half...]] {
                    try await connection.send("\(String(part.utf8.count, radix: 16))\r\n\(part)\r\n")
                }
                try await connection.send("0\r\n\r\n")
                #expect(try await connection.reply()?.status == 201)
            }
        }
    }

    @Test func `a sender that asks first is told to go on, unless the body is too large`() async throws {
        try await patient { port in
            try await RawConnection.with(port: port) { connection in
                let length = Self.order.utf8.count
                try await connection.send(Self.make + "Expect: 100-continue\r\nContent-Length: \(length)\r\n\r\n")
                #expect(try await connection.reply()?.status == 100)
                try await connection.send(Self.order)
                #expect(try await connection.reply()?.status == 201)
                try await connection.send(Self.make + "Expect: 100-continue\r\nContent-Length: 9999\r\n\r\n")
                #expect(try await connection.reply()?.status == 413)
                #expect(try await connection.isClosed())
            }
        }
    }

    @Test func `pipelined requests are answered in their order`() async throws {
        try await patient { port in
            try await RawConnection.with(port: port) { connection in
                let post = Self.make + "Content-Length: \(Self.order.utf8.count)\r\n\r\n" + Self.order
                try await connection.send(
                    "GET /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\n" + Self.hello + "\r\n" + post + Self.hello + "\r\n")
                var statuses: [Int] = []
                for _ in 0..<4 { statuses.append(try #require(try await connection.reply()).status) }
                #expect(statuses == [503, 200, 201, 200])
            }
        }
    }

    @Test func `a refusal waits for the answers to earlier requests`() async throws {
        try await patient { port in
            try await RawConnection.with(port: port) { connection in
                try await connection.send("GET /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\nRUBBISH\r\n\r\n")
                #expect(try await connection.reply()?.status == 503)
                #expect(try await connection.reply()?.status == 400)
                #expect(try await connection.isClosed())
            }
        }
    }

    @Test(arguments: [
        "HTTP/1.1\r\n\r\n", "HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "HTTP/1.1\r\nHost: a, b\r\n\r\n",
        "HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ])
    func `a request that others might read otherwise is refused`(_ rest: String) async throws {
        try await refused("GET /api/v1/hello/\(AnswerTests.variant) \(rest)", as: 400, "http.malformed")
    }

    @Test(arguments: ["HTTP/1.0\r\n", "HTTP/1.1\r\nConnection: close\r\n", "HTTP/1.1\r\nConnection: Close\r\n"])
    func `a connection that is not to be kept is closed after the answer`(line: String) async throws {
        try await patient { port in
            try await RawConnection.with(port: port) { connection in
                try await connection.send("GET /api/v1/hello/\(AnswerTests.variant) \(line)Host: x\r\n\r\n")
                let reply = try #require(try await connection.reply())
                #expect(reply.status == 200)
                #expect(reply.headers["connection"] == "close")
                #expect(try await connection.isClosed())
            }
        }
    }

    @Test func `bodies beyond what fits into memory together are put off`() async throws {
        var settings = ServerSettings()
        settings.mostBodyBytes = 1500
        try await withServer(AnswerTests.all, settings: settings) { port, _ in
            let padding = String(repeating: " ", count: 1600)
            let headers = ["Shipshape-Key": "pk_good"]
            let refused = try await send("POST", "/api/v1/things", port: port, headers: headers, body: padding)
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "1")
            for _ in 0..<3 {
                let taken = try await send(
                    "POST", "/api/v1/things", port: port, headers: headers, body: Self.order + padding.prefix(1200))
                #expect(taken.status == 201)
            }
        }
    }

    @Test func `a request in flight is finished before the server ends`() async throws {
        let (gates, opened) = AsyncStream.makeStream(of: Void.self)
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let waiting = Endpoint(
            .get, "/api/v1/waiting", "waiting", summary: "Wait", policy: Policy(.anyone, rateLimit: AnswerTests.rate),
            takes: .nothing, answers: .ok(AnswerTests.text)
        ) { _ in
            arrived.yield()
            for await _ in gates { break }
            return .value("done")
        }
        try await withServer([waiting]) { port, group in
            async let reply = send("GET", "/api/v1/waiting", port: port)
            for await _ in arrivals { break }
            await group.triggerGracefulShutdown()
            // The listening socket is closed once new connections fail.
            while (try? await send("GET", "/health/live", port: port)) != nil {}
            opened.yield()
            let status = try await reply.status
            #expect(status == 200)
        }
    }
}
