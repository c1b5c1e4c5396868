import HTTPServer
import Identity
import Orders
import Persistence
import Primitives
import Readiness
import Stores

extension Check {
    /// SEC-01: every endpoint of the running server refuses whom its declaration refuses.
    static func endpointPolicies(_ endpoints: [Endpoint]) -> Check {
        Check("SEC-01", version: 2, "endpoint policies, probed", .blocker, modes: [.drill], validity: .build) {
            context in
            guard let base = context.baseURL else {
                return .unknown("Nobody said where the installation answers: give --url.")
            }
            guard let origin = Origin(base), !origin.isSecure else {
                return .unknown("The probe speaks plain HTTP only: give the server's own address with --url.")
            }
            return try await EndpointProbe(origin).judge(endpoints)
        }
    }
}

/// Calls every endpoint as those who may not.
struct EndpointProbe: Sendable {
    /// Someone who may not call.
    private struct Stranger: Sendable {
        let name: String
        let headers: [String]

        static let nobody = Stranger(name: "anonymous", headers: [])
        /// A key of the right form that nobody has.
        static func secretKey() -> Stranger {
            Stranger(name: "unknown secret key", headers: ["Authorization: Bearer \(token(.secret))"])
        }
        static func publishableKey() -> Stranger {
            Stranger(name: "unknown publishable key", headers: ["Shipshape-Key: \(token(.publishable))"])
        }
        /// The token that another installation would give for some order: all is right with it but its digest.
        static func orderToken() -> Stranger {
            var random = SystemRandomNumberGenerator()
            let elsewhere = OrderTokens(
                key: Secret((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
            let token = elsewhere.token(
                for: OrderID(.random128(using: &random)), of: StoreID(.random128(using: &random)))
            return Stranger(name: "wrong order token", headers: ["Order-Token: \(token)"])
        }

        /// A session that nobody has.
        static func session() -> Stranger {
            Stranger(
                name: "unknown session",
                headers: ["Cookie: \(Credentials.sessionCookie)=\(SignInToken.generate().text)"])
        }

        private static func token(_ kind: APIKeyKind) -> String {
            var random = SystemRandomNumberGenerator()
            return APIKeyToken.generate(kind, using: &random).text
        }
    }

    private let origin: Origin

    init(_ origin: Origin) {
        self.origin = origin
    }

    func judge(_ endpoints: [Endpoint]) async throws -> Finding {
        let origin = origin
        // Its own document says whether it is Shipshape at all: anything answers 401 to strangers.
        let document: ProbeAnswer
        do {
            document = try await OwnThread.run { try ProbeRequest("GET", "/api/v1/openapi.json").send(to: origin) }
        } catch let failure as StreamConnection.Failure {
            return .unknown("\(failure.sentence) Without a running server nothing is known of its endpoints.")
        }
        guard document.status == 200 else {
            return .unknown("\(origin.text) answers \(document.status) to GET /api/v1/openapi.json: is it Shipshape?")
        }
        var wrong: [Measure] = []
        var calls = 0
        var random = SystemRandomNumberGenerator()
        for endpoint in endpoints {
            let path = endpoint.address(using: &random)
            for stranger in Self.strangers(for: endpoint.policy.caller) {
                let request = ProbeRequest(
                    endpoint.method.rawValue, path, headers: stranger.headers,
                    hasBody: [.post, .put, .patch].contains(endpoint.method), readsStatusOnly: endpoint.isStream)
                let answer = try await OwnThread.run { try request.send(to: origin) }
                calls += 1
                if !answer.isRefusal {
                    wrong.append(
                        Measure("\(endpoint.method.rawValue) \(endpoint.path) by \(stranger.name)", answer.status))
                }
            }
        }
        let measured = [Measure("endpoints", endpoints.count), Measure("calls", calls), Measure("wrong", wrong.count)]
        let threshold = [Measure("answer to strangers", "401, 403 or 303 to the sign-in"), Measure("wrong", 0)]
        guard let first = wrong.first else {
            return Finding(
                .pass, "All \(calls) calls by strangers to \(endpoints.count) endpoints were refused.",
                measured: measured, threshold: threshold, level: .observed)
        }
        return Finding(
            .fail, "\(first.name) was answered \(first.value), not refused.", measured: measured + wrong.prefix(20),
            threshold: threshold, level: .observed)
    }

    private static func strangers(for requirement: CallerRequirement) -> [Stranger] {
        guard requirement != .anyone else { return [] }
        var strangers = [Stranger.nobody]
        if requirement.scope != nil { strangers.append(.secretKey()) }
        if requirement.acceptsPublishableKey { strangers.append(.publishableKey()) }
        if requirement.acceptsOrderToken { strangers.append(.orderToken()) }
        if case .session = requirement { strangers.append(.session()) }
        return strangers
    }
}

/// A request of the probe.
struct ProbeRequest: Sendable {
    private let method: String
    private let path: String
    private let headers: [String]
    private let hasBody: Bool
    /// Whether to wait for the status alone: a stream has no end.
    private let readsStatusOnly: Bool

    init(
        _ method: String, _ path: String, headers: [String] = [], hasBody: Bool = false, readsStatusOnly: Bool = false
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.hasBody = hasBody
        self.readsStatusOnly = readsStatusOnly
    }

    /// Sends it on a connection of its own (HTTP/1.1, RFC 9112) and waits for the answer. Blocks.
    func send(to origin: Origin) throws(StreamConnection.Failure) -> ProbeAnswer {
        let connection = try StreamConnection.connect(host: origin.host, port: origin.port, timeoutSeconds: 5)
        var lines = [
            "\(method) \(path) HTTP/1.1", "Host: \(origin.host):\(origin.port)", "Connection: close",
            "User-Agent: shipshape-preflight", "Idempotency-Key: probe-\(UInt64.random(in: 0...UInt64.max))",
        ]
        if hasBody { lines += ["Content-Type: application/json", "Content-Length: 2"] }
        lines += headers
        try connection.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + (hasBody ? "{}" : "")).utf8))
        let answer = try connection.receive(until: readsStatusOnly ? UInt8(ascii: "\n") : nil, limit: 8 << 20)
        guard let status = ProbeAnswer(answer) else {
            throw StreamConnection.Failure(sentence: "\(origin.text) does not speak HTTP.")
        }
        return status
    }
}

/// What came back.
struct ProbeAnswer: Sendable {
    let status: Int
    /// The head and the body as they came.
    let bytes: [UInt8]
    /// Where the header `Location` leads.
    private let location: String

    /// Whether the stranger was turned away: by a status, or to the page where one signs in.
    var isRefusal: Bool {
        [401, 403].contains(status) || (status == 303 && location.hasPrefix("/dashboard/sign-in"))
    }

    init?(_ bytes: [UInt8]) {
        let head = String(decoding: bytes.prefix(16 << 10), as: UTF8.self).split(separator: "\r\n\r\n").first ?? ""
        location =
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("location:") }
            .map { String($0.dropFirst(9).drop { $0 == " " }) } ?? ""
        let parts = bytes.prefix { $0 != 13 && $0 != 10 }.split(separator: UInt8(ascii: " "))
        guard parts.count >= 2, parts[0].starts(with: Array("HTTP/1.".utf8)),
            let status = Int(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        self.status = status
        self.bytes = bytes
    }
}
