import FoundationEssentials
import HTTPServer
import Persistence
import Primitives
import Synchronization
import Testing

@Suite struct AnswerTests {
    static let rate = RateLimitClass("sample", requests: 10, perSeconds: 1)
    static let text = OutputShape<String>.object("Text", .field("text", .text) { $0 })

    static let hello = Endpoint(
        .get, "/api/v1/hello/{variant}", "hello", summary: "Say hello", policy: Policy(.anyone, rateLimit: rate),
        takes: .path(PathShape("variant", .identifier(IdentifierKinds.Variant.self)), query: Samples.query),
        answers: .ok(text)
    ) { call in .value("\(call.path) \(call.query.limit) \(call.query.mood?.rawValue ?? "-")") }

    static let make = Endpoint(
        .post, "/api/v1/things", "makeThing", summary: "Make a thing",
        policy: Policy(.publishableKey, rateLimit: rate, bodyLimitBytes: 2000),
        takes: .body(Samples.newCheckout), answers: .created(text)
    ) { call in .value("\(call.body.lines.count) \(call.body.note ?? "-")") }

    static let staff = Endpoint(
        .get, "/api/v1/staff", "staff", summary: "For staff",
        policy: Policy(.secretKey("orders:read"), rateLimit: rate),
        takes: .nothing, answers: .ok(text)
    ) { call in .value("\(call.actor)") }

    static let remove = Endpoint(
        .delete, "/api/v1/staff", "removeStaff", summary: "For more than staff",
        policy: Policy(.secretKey("orders:write"), rateLimit: rate), takes: .nothing, answers: .noContent
    ) { _ in .empty }

    static let large = Endpoint(
        .get, "/api/v1/large", "large", summary: "A long text", policy: Policy(.anyone, rateLimit: rate),
        takes: .nothing, answers: .ok(text)
    ) { _ in .value(String(repeating: "ab", count: 2000)) }

    static let broken = Endpoint(
        .get, "/api/v1/broken", "broken", summary: "A defect", policy: Policy(.anyone, rateLimit: rate),
        takes: .nothing, answers: .ok(text)
    ) { _ in throw JSONSecret() }

    /// Each loses its connection during the commit, and uses keys in its own way.
    static let lost: [Endpoint] = [Policy.IdempotencyKey.notUsed, .optional, .required].map { key in
        Endpoint(
            .post, "/api/v1/lost/\(key.rawValue)", "lose_\(key.rawValue)", summary: "A lost commit",
            policy: Policy(.publishableKey, rateLimit: rate, idempotencyKey: key), takes: .nothing,
            answers: .created(text)
        ) { _ in throw DatabaseError.ambiguousCommit }
    }

    static let slow = Endpoint(
        .get, "/api/v1/slow", "slow", summary: "Never ends",
        policy: Policy(.anyone, rateLimit: rate, timeoutSeconds: 0.2), takes: .nothing, answers: .ok(text)
    ) { _ in
        try await Task.sleep(for: .seconds(60))
        return .value("late")
    }

    struct JSONSecret: Error {
        let password = "hunter2"
    }

    static let all = [hello, make, staff, remove, large, broken, slow]
    static let variant = "var_01h455vb4pex5vsknk084sn02q"

    @Test func `an endpoint gets what its shapes decoded`() async throws {
        try await withServer(Self.all) { port, _ in
            let reply = try await send("GET", "/api/v1/hello/\(Self.variant)?limit=7&mood=busy", port: port)
            #expect(reply.status == 200)
            #expect(try reply.json == ["text": "\(Self.variant) 7 busy"])
            #expect(reply.headers["content-type"] == "application/json")
            #expect(reply.headers["x-request-id"]?.count == 13)
            #expect(reply.headers["x-content-type-options"] == "nosniff")
            #expect(reply.headers["cache-control"] == "no-store")
            #expect(reply.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
        }
    }

    @Test(arguments: [
        ("?limit=0", "?limit out_of_range"), ("?limit=101", "?limit out_of_range"), ("?limit=1.0", "?limit type"),
        ("?limit=+5", "?limit type"), ("?limit=05", "?limit type"), ("?limit=", "?limit type"),
        ("?limit", "?limit type"),
        ("?limit=99999999999999999999", "?limit out_of_range"), ("?limit=5&limit=5", "?limit repeated"),
        ("?Limit=5", "?Limit unknown_parameter"), ("?mood=sad", "?mood format"), ("?cursor=%zz", "?cursor malformed"),
        ("?cursor=%ff", "?cursor malformed"), ("?cursor=%00", "?cursor malformed"),
        ("?cursor=a%0ab", "?cursor control_character"), ("?cursor=", "?cursor required"),
    ])
    func `a query that is wrong is refused`(query: String, expected: String) async throws {
        try await withServer(Self.all) { port, _ in
            let reply = try await send("GET", "/api/v1/hello/\(Self.variant)\(query)", port: port)
            #expect(reply.status == 422)
            #expect(reply.code == "validation.failed")
            #expect(reply.errors == [expected])
        }
    }

    @Test(arguments: [
        "/", "/api/v1/hello", "/api/v1/hello/", "/api/v1/hello/var_1", "/api/v1/hello/%ff", "/api/v1//hello",
    ])
    func `an address that leads nowhere is not found`(target: String) async throws {
        try await withServer(Self.all) { port, _ in
            let reply = try await send("GET", target, port: port)
            #expect(reply.status == 404)
            #expect(reply.code == "not_found")
            #expect(reply.headers["content-type"] == "application/problem+json")
            #expect(try reply.json["request_id"]?.string == reply.headers["x-request-id"])
            #expect(try reply.json["title"] == "Not Found")
            #expect(try reply.json["type"] == "/problems/not_found")
        }
    }

    @Test func `a method that the address does not take is refused with those it takes`() async throws {
        try await withServer(Self.all) { port, _ in
            for method in ["POST", "TRACE", "PROPFIND"] {
                let reply = try await send(method, "/api/v1/staff", port: port)
                #expect(reply.status == 405)
                #expect(reply.headers["allow"] == "GET, HEAD, DELETE, OPTIONS")
            }
            let options = try await send("OPTIONS", "/api/v1/staff", port: port)
            #expect(options.status == 204)
            #expect(options.headers["allow"] == "GET, HEAD, DELETE, OPTIONS")
            #expect(options.headers["access-control-allow-origin"] == nil)
        }
    }

    @Test func `HEAD answers as GET does, without the body`() async throws {
        try await withServer(Self.all) { port, _ in
            let get = try await send("GET", "/api/v1/large", port: port)
            let head = try await send("HEAD", "/api/v1/large", port: port)
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == get.headers["content-length"])
            #expect(head.body.isEmpty)
        }
    }

    @Test func `who may not call is told whether a key is missing or too weak`() async throws {
        try await withServer(Self.all) { port, _ in
            let none = try await send("GET", "/api/v1/staff", port: port)
            #expect(none.status == 401)
            #expect(none.code == "unauthenticated")
            #expect(none.headers["www-authenticate"] == "Bearer")
            let bearer = ["Authorization": "bearer sk_good"]
            let staff = try await send("GET", "/api/v1/staff", port: port, headers: bearer)
            #expect(staff.status == 200)
            #expect(try staff.json["text"]?.string?.hasPrefix("key_") == true)
            let weak = try await send("DELETE", "/api/v1/staff", port: port, headers: bearer)
            #expect(weak.status == 403)
            #expect(weak.code == "forbidden")
        }
    }

    @Test func `a browser's page may call where its origin is named by a key`() async throws {
        try await withServer(Self.all) { port, _ in
            let origin = ["Origin": "https://shop.example", "Access-Control-Request-Method": "POST"]
            let preflight = try await send("OPTIONS", "/api/v1/things", port: port, headers: origin)
            #expect(preflight.status == 204)
            #expect(preflight.headers["access-control-allow-origin"] == "https://shop.example")
            #expect(preflight.headers["access-control-allow-methods"] == "POST")
            let stranger = ["Origin": "https://evil.example", "Access-Control-Request-Method": "POST"]
            let refused = try await send("OPTIONS", "/api/v1/things", port: port, headers: stranger)
            #expect(refused.status == 204)
            #expect(refused.headers["access-control-allow-origin"] == nil)
            #expect(refused.headers["vary"] == "Origin")
            let problem = try await send(
                "POST", "/api/v1/things", port: port, headers: ["Origin": "https://shop.example"], body: "{}")
            #expect(problem.status == 401)
            #expect(problem.headers["access-control-allow-origin"] == "https://shop.example")
            let staff = try await send("GET", "/api/v1/staff", port: port, headers: ["Origin": "https://shop.example"])
            #expect(staff.headers["access-control-allow-origin"] == nil)
        }
    }

    @Test func `a long answer is compressed for those who take it`() async throws {
        try await withServer(Self.all) { port, _ in
            let plain = try await send("GET", "/api/v1/large", port: port)
            #expect(plain.headers["content-encoding"] == nil)
            #expect(plain.headers["vary"] == "Accept-Encoding")
            let packed = try await send(
                "GET", "/api/v1/large", port: port, headers: ["Accept-Encoding": "br, gzip;q=0.5"])
            #expect(packed.headers["content-encoding"] == "gzip")
            #expect(Int(packed.headers["content-length"] ?? "") ?? .max < 200)
            let refused = try await send(
                "GET", "/api/v1/large", port: port, headers: ["Accept-Encoding": "gzip;q=0"])
            #expect(refused.headers["content-encoding"] == nil)
        }
    }

    @Test func `a defect is told as internal, without its inside`() async throws {
        try await withServer(Self.all) { port, _ in
            let reply = try await send("GET", "/api/v1/broken", port: port)
            #expect(reply.status == 500)
            #expect(reply.code == "internal")
            #expect(!reply.body.contains("hunter2"))
        }
    }

    @Test(arguments: [
        (Policy.IdempotencyKey.notUsed, nil, "Look"), (.notUsed, "k", "Look"), (.optional, nil, "Look"),
        (.optional, "k", "Send it again"), (.required, "k", "Send it again"),
    ])
    func `after a lost commit only a key that is used makes it safe to send the request again`(
        policy: Policy.IdempotencyKey, key: String?, advice: String
    ) async throws {
        try await withServer(Self.lost) { port, _ in
            var headers = ["Shipshape-Key": "pk_good"]
            if let key { headers["Idempotency-Key"] = key }
            let reply = try await send("POST", "/api/v1/lost/\(policy.rawValue)", port: port, headers: headers)
            #expect(reply.status == 503)
            #expect(reply.code == "commit.unknown")
            let detail = try reply.json["detail"]?.string
            #expect(detail?.hasPrefix("The change may or may not have been made. \(advice)") == true)
            #expect((reply.headers["retry-after"] != nil) == (advice != "Look"))
        }
    }

    @Test func `a handler that takes too long is given up`() async throws {
        try await withServer(Self.all) { port, _ in
            let reply = try await send("GET", "/api/v1/slow", port: port)
            #expect(reply.status == 503)
            #expect(reply.code == "timeout")
            #expect(reply.headers["retry-after"] == "1")
        }
    }

    @Test func `health names what fails and nothing more`() async throws {
        let health = Health { [Health.Part("database", failure: "password wrong"), Health.Part("jobs", failure: nil)] }
        try await withServer([], health: health) { port, _ in
            #expect(try await send("GET", "/health/live", port: port).status == 200)
            let ready = try await send("GET", "/health/ready", port: port)
            #expect(ready.status == 503)
            #expect(ready.code == "not_ready")
            #expect(try ready.json["failed"] == "database")
            let whole = try await send("GET", "/health", port: port)
            #expect(whole.status == 503)
            #expect(try whole.json["status"] == "degraded")
            #expect(try whole.json["services"] == ["database": "error", "jobs": "ok"])
            #expect(try whole.json["uptime_seconds"]?.integer != nil)
            #expect(!whole.body.contains("password"))
        }
    }
}
