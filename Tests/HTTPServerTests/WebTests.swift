import HTTPServer
import Primitives
import ServiceLifecycle
import TestSupport
import Testing

/// Pages, forms, raw bodies and streams.
@Suite struct WebTests {
    private static let open = Policy(.anyone, rateLimit: RateLimitClass("pages", requests: 60, perSeconds: 60))

    private static let page = Endpoint(
        .get, "/pages/{name}", "getPage", summary: "A page", policy: open,
        takes: .page(PathShape("name", .text(1...20))),
        answers: .web
    ) { call in
        if call.path == "gone" { throw Problem(.gone, "page.gone", "It <went>.") }
        let text = "<p>\(call.path) \(call.query["q"] ?? "-") \(call.cookie("basket") ?? "-")</p>"
        var answer = WebAnswer.html(Array(text.utf8))
        answer.cookies = [Cookie("basket", "b1", maxAgeSeconds: 60)]
        return .value(answer)
    }

    private static let form = Endpoint(
        .post, "/forms", "postForm", summary: "A form", policy: open, takes: .form, answers: .web
    ) { call in
        let text = call.body.fields.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
        return .value(text.isEmpty ? .redirect(to: "/pages/empty") : .html(Array(text.utf8)))
    }

    private static let hook = Endpoint(
        .post, "/hooks/{name}", "postHook", summary: "A hook", policy: open,
        takes: .raw(PathShape("name", .text(1...20))), answers: .noContent
    ) { call in
        guard call.body.bytes == Array("{\"a\": 1 }".utf8), call.header("X-Signature") == "s" else {
            throw Problem(.malformed, "signature.wrong", "The signature is wrong.")
        }
        return .empty
    }

    private static let stream = Endpoint(
        .get, "/stream", "getStream", summary: "A stream", policy: open, takes: .page, answers: .web
    ) { call in
        let (numbers, continuation) = AsyncStream.makeStream(of: Int.self)
        for number in 1...(Int(call.query["to"] ?? "") ?? 3) { continuation.yield(number) }
        if call.query["ends"] != nil { continuation.finish() }
        return .value(
            .events(
                EventStream(numbers) { .init(id: "\($0)\n9", event: "tick\r", data: "one\ntwo \($0)") }))
    }

    private static let all = [page, form, hook, stream]

    private func send(
        _ method: String, _ target: String, headers: [String: String] = [:], body: String? = nil,
        _ check: @escaping @Sendable (Reply) throws -> Void
    ) async throws {
        try await withServer(
            Self.all,
            problemPage: { problem, path, _ in
                path.hasPrefix("/private") ? .redirect(to: "/sign-in") : .html(Array("<h1>\(problem.code)</h1>".utf8))
            }
        ) { port, _ in
            try check(
                try await HTTPServerTests.send(method, target, port: port, headers: headers, body: body))
        }
    }

    @Test func `a page has its policies, its cookies and whatever query it is given`() async throws {
        try await send("GET", "/pages/home?q=a%20b&utm=%ff&q=c", headers: ["Cookie": "a=1; basket=x-y"]) { reply in
            #expect(reply.status == 200)
            #expect(reply.body == "<p>home a b x-y</p>")
            #expect(reply.headers["content-type"] == "text/html; charset=utf-8")
            #expect(reply.headers["content-security-policy"] == WebAnswer.contentSecurityPolicy)
            #expect(reply.headers["x-content-type-options"] == "nosniff")
            #expect(reply.headers["cache-control"] == "no-store")
            #expect(
                reply.headers["set-cookie"] == "basket=b1; Path=/; HttpOnly; SameSite=Lax; Max-Age=60")
        }
    }

    @Test func `over HTTPS only this host's own cookies count, and browsers are told to stay with HTTPS`() async throws
    {
        var settings = ServerSettings(port: 0)
        settings.publicOrigin = "https://shop.example"
        try await withServer(Self.all, settings: settings) { port, _ in
            let reply = try await HTTPServerTests.send(
                "GET", "/pages/home", port: port,
                headers: ["Cookie": "basket=planted; __Host-basket=own"], body: nil)
            #expect(reply.body == "<p>home - own</p>")
            #expect(
                reply.headers["set-cookie"]
                    == "__Host-basket=b1; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure")
            #expect(reply.headers["strict-transport-security"] == "max-age=31536000")
            let missing = try await HTTPServerTests.send(
                "GET", "/api/v1/nowhere", port: port, headers: [:], body: nil)
            #expect(missing.headers["strict-transport-security"] == "max-age=31536000")
        }
        try await send("GET", "/pages/home") { #expect($0.headers["strict-transport-security"] == nil) }
    }

    @Test func `a problem of a page is a page with its status, and elsewhere JSON`() async throws {
        try await send("GET", "/pages/gone") { reply in
            #expect(reply.status == 410)
            #expect(reply.body == "<h1>page.gone</h1>")
        }
        try await send("GET", "/nowhere", headers: ["Accept": "text/html"]) { reply in
            #expect(reply.status == 404)
            #expect(reply.body == "<h1>not_found</h1>")
        }
        try await send("GET", "/private/x", headers: ["Accept": "text/html"]) { reply in
            #expect(reply.status == 303)
            #expect(reply.headers["location"] == "/sign-in")
        }
        try await send("GET", "/api/v1/nowhere", headers: ["Accept": "text/html"]) { #expect($0.code == "not_found") }
        try await send("GET", "/nowhere") { #expect($0.code == "not_found") }
    }

    @Test func `a form is read as a browser sends it`() async throws {
        let type = ["Content-Type": "application/x-www-form-urlencoded"]
        try await send("POST", "/forms", headers: type, body: "name=Zo%C3%AB+W&name=2&empty=&flag&a%26b=%3D") { reply in
            #expect(reply.body == "name=Zoë W|name=2|empty=|flag=|a&b==")
        }
        try await send("POST", "/forms", headers: type) { reply in
            #expect(reply.status == 303)
            #expect(reply.headers["location"] == "/pages/empty")
        }
    }

    @Test(arguments: ["a=%", "a=%zz", "a=%ff", "a=%00", String(repeating: "a=1&", count: 2001)])
    func `a form that cannot be read is refused`(body: String) async throws {
        try await send("POST", "/forms", headers: ["Content-Type": "application/x-www-form-urlencoded"], body: body) {
            #expect($0.status == 400)
            #expect($0.body == "<h1>body.malformed</h1>")
        }
    }

    @Test func `a form of another type is refused`() async throws {
        for type in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            try await send("POST", "/forms", headers: ["Content-Type": type], body: "a=1") { #expect($0.status == 415) }
        }
    }

    /// What browsers say of where a form came from, and whether it is let in.
    @Test(arguments: [
        (["Sec-Fetch-Site": "same-origin"], true), (["Sec-Fetch-Site": "none"], true),
        (["Sec-Fetch-Site": "same-site"], false), (["Sec-Fetch-Site": "cross-site"], false),
        (["Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"], false),
        (["Origin": "http://localhost"], true), (["Origin": "http://evil.example"], false), (["Origin": "null"], false),
        (["Origin": "http://localhost.evil.example"], false), (["Origin": "https://shop.example"], true),
        ([:], true), (["Cookie": "basket=x"], false),
        (["Cookie": "basket=x", "Sec-Fetch-Site": "same-origin"], true),
    ])
    func `a form of another site is refused`(headers: [String: String], isLetIn: Bool) async throws {
        var settings = ServerSettings(port: 0)
        settings.publicOrigin = "https://shop.example"
        try await withServer(Self.all, settings: settings) { port, _ in
            let type = ["Content-Type": "application/x-www-form-urlencoded"]
            let reply = try await HTTPServerTests.send(
                "POST", "/forms", port: port, headers: type.merging(headers) { $1 }, body: "a=1")
            #expect(reply.status == (isLetIn ? 200 : 403))
            #expect(isLetIn || reply.code == "request.cross_site")
        }
    }

    @Test func `a raw body arrives as it was sent`() async throws {
        let headers = ["Content-Type": "application/json", "X-Signature": "s"]
        try await send("POST", "/hooks/a", headers: headers, body: "{\"a\": 1 }") { #expect($0.status == 204) }
        try await send("POST", "/hooks/a", headers: ["X-Signature": "s"], body: "{}") { reply in
            #expect(reply.status == 400)
            #expect(reply.code == "signature.wrong")
        }
    }

    @Test func `pages and hooks are not in the OpenAPI document`() async throws {
        try await send("GET", "/api/v1/openapi.json") { reply in
            let paths = try reply.json["paths"]?.object
            #expect(paths?["/forms"] == nil && paths?["/hooks/{name}"] == nil && paths?["/pages/{name}"] == nil)
            #expect(paths?["/health"] != nil)
        }
    }

    @Test func `a stream sends its messages and ends with them`() async throws {
        try await withServer(Self.all) { port, _ in
            let text = try await RawConnection.with(port: port) { connection in
                try await connection.send("GET /stream?to=2&ends=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return try await connection.rest()
            }
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.lowercased().contains("content-type: text/event-stream"))
            #expect(text.contains("id: 19\nevent: tick\ndata: one\ndata: two 1\n\n"))
            #expect(text.contains("id: 29\nevent: tick\ndata: one\ndata: two 2\n\n"))
        }
    }

    @Test func `a client that does not read its answers is cut off`() async throws {
        let large = Endpoint(
            .get, "/large", "getLarge", summary: "A large page", policy: Self.open, takes: .page, answers: .web
        ) { _ in .value(.html([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))) }
        var settings = ServerSettings(port: 0)
        settings.writeTimeoutSeconds = 0.2
        try await withServer([large], settings: settings) { port, _ in
            try await RawConnection.with(port: port) { connection in
                let request = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
                try await connection.send(String(repeating: request, count: 100))
                let sender = connection
                try await until("nothing can be sent any more") {
                    do {
                        try await sender.send("GET")
                        return false
                    } catch {
                        return true
                    }
                }
            }
        }
    }

    @Test func `nothing waits behind a stream`() async throws {
        let get = "GET /stream?to=1 HTTP/1.1\r\nHost: x\r\n\r\n"
        let post = "POST /hooks/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
        try await withServer(Self.all) { port, _ in
            // In one go with the request for the stream, and after its beginning.
            _ = try await RawConnection.with(port: port) { connection in
                try await connection.send(get + post + String(repeating: "x", count: 500))
                return try await connection.rest()
            }
            let text = try await RawConnection.with(port: port) { connection in
                try await connection.send(get)
                try await connection.wait(for: "two 1\n\n")
                try await connection.send(post)
                return try await connection.rest()
            }
            #expect(!text.contains("HTTP/1.1 4"))
        }
    }

    @Test func `streams end when the server stops`() async throws {
        try await withServer(Self.all) { port, group in
            let text = try await RawConnection.with(port: port) { connection in
                try await connection.send("GET /stream?to=1 HTTP/1.1\r\nHost: x\r\n\r\n")
                try await connection.wait(for: "two 1\n\n")
                await group.triggerGracefulShutdown()
                return try await connection.rest()
            }
            #expect(text.hasSuffix("0\r\n\r\n"))
        }
    }
}
