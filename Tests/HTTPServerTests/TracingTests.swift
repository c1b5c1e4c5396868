import Glibc
import HTTPServer
import Observability
import Primitives
import Testing

@Suite struct TracingTests {
    /// What a server logs about the requests that a closure sends.
    private func lines(
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> [JSON] {
        // Not a pipe: programs that other tests start would inherit its writing end, and its end would never come.
        let file = try #require(tmpfile())
        defer { fclose(file) }
        let output = LogOutput(descriptor: fileno(file))
        try await withServer(AnswerTests.all, accessLog: AccessLog(output: output)) { port, _ in try await body(port) }
        output.flush()
        rewind(file)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: $0) }
    }

    @Test func `the access log has routes, never paths or queries`() async throws {
        let lines = try await lines { port in
            _ = try await send("GET", "/api/v1/hello/\(AnswerTests.variant)?cursor=s3cret", port: port)
            _ = try await send("GET", "/s3cret", port: port)
            _ = try await send("GET", "/api/v1/staff", port: port, headers: ["Authorization": "Bearer sk_good"])
        }
        #expect(lines.count == 3)
        #expect(lines.map { $0["route"] } == ["/api/v1/hello/{variant}", .null, "/api/v1/staff"])
        #expect(lines.map { $0["status"] } == [200, 404, 200])
        #expect(lines.map { $0["key"] } == [.null, .null, .string(SampleAuthenticator.key.description)])
        #expect(lines.map { $0["code"] } == [nil, "not_found", nil])
        #expect(lines.allSatisfy { $0["remote"] == "127.0.0.1" && $0["method"] == "GET" })
        #expect(!lines.description.contains("s3cret"))
        #expect(!lines.description.contains("sk_good"))
    }

    @Test func `what is refused before it reaches an endpoint is logged too`() async throws {
        let lines = try await lines { port in
            try await RawConnection.with(port: port) { connection in
                try await connection.send("RUBBISH\r\n\r\n")
                #expect(try await connection.reply()?.status == 400)
            }
            try await RawConnection.with(port: port) { connection in
                try await connection.send("POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n")
                #expect(try await connection.reply()?.status == 413)
            }
        }
        #expect(lines.map { $0["status"] } == [400, 413])
        #expect(lines.map { $0["route"] } == [.null, "/api/v1/things"])
        #expect(lines.map { $0["code"] } == ["http.malformed", "body.too_large"])
    }

    @Test func `names and addresses are believed from trusted proxies only`() async throws {
        let headers = ["X-Request-ID": "from-the-proxy-1", "X-Forwarded-For": "6.6.6.6, 192.0.2.7, 127.0.0.1"]
        let untrusted = try await lines { port in
            let reply = try await send("GET", "/health/live", port: port, headers: headers)
            #expect(reply.headers["x-request-id"]?.count == 13)
        }
        #expect(untrusted.map { $0["remote"] } == ["127.0.0.1"])
        var settings = ServerSettings()
        settings.trustedProxies = ["127.0.0.1"]
        try await withServer([], settings: settings) { port, _ in
            let reply = try await send("GET", "/health/live", port: port, headers: headers)
            #expect(reply.headers["x-request-id"] == "from-the-proxy-1")
            for name in ["short", "has space inside", String(repeating: "x", count: 129)] {
                let made = try await send("GET", "/health/live", port: port, headers: ["X-Request-ID": name])
                #expect(made.headers["x-request-id"]?.count == 13)
            }
        }
    }
}
