import HTTPTypes
import Hummingbird
import NIOCore
import Primitives

/// What is known of a request before and while it is answered.
struct Exchange: Sendable {
    let request: Request
    let requestID: String
    /// The client's address; the proxy's word for it where the proxy is trusted.
    let remote: String?
    /// Whether browsers reach the server over HTTPS.
    let isSecure: Bool
    /// The target without its query.
    let path: Substring.UTF8View
    let query: Substring.UTF8View
    private(set) var match: Router.Match?
    private(set) var route: Router.Route?
    var caller = Caller.anonymous

    init(_ request: Request, peer: SocketAddress?, ids: RequestIDs, trustedProxies: Set<String>, isSecure: Bool) {
        self.request = request
        self.isSecure = isSecure
        let peerAddress = peer?.ipAddress
        var remote = peerAddress
        var requestID: String?
        if !trustedProxies.isEmpty, let peerAddress, trustedProxies.contains(peerAddress) {
            requestID = request.headers[.requestID].flatMap { RequestIDs.isAcceptable($0) ? $0 : nil }
            remote = Self.client(request.headers[.forwardedFor], proxies: trustedProxies) ?? peerAddress
        }
        self.requestID = requestID ?? ids.next()
        self.remote = remote
        let target = (request.head.path ?? "/")[...].utf8
        let question = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        path = target[..<question]
        query = target[question...].dropFirst()
    }

    /// The last address of the list that is not a proxy of ours: those before it are anybody's invention.
    private static func client(_ list: String?, proxies: Set<String>) -> String? {
        guard let list else { return nil }
        let addresses = list.split(separator: ",").map { $0.filter { $0 != " " } }
        return addresses.last { !proxies.contains($0) }.flatMap { address in
            // ignored: what is no address has none to tell
            (try? SocketAddress(ipAddress: address, port: 0))?.ipAddress
        }
    }

    var method: HTTPRequest.Method { request.method }

    /// The method whose endpoint answers: GET for HEAD.
    var endpointMethod: Endpoint.Method? {
        method == .head ? .get : Endpoint.Method(rawValue: method.rawValue)
    }

    var isForBrowsers: Bool {
        guard let requirement = route?.endpoint.policy.caller else { return false }
        return requirement.acceptsPublishableKey || requirement.acceptsOrderToken
    }

    mutating func find(in router: Router) {
        match = router.match(path)
        guard let match, let endpointMethod else { return }
        route = router.route(endpointMethod, at: match)
    }

    var credentials: Credentials {
        let headers = request.headers
        var bearer: String?
        if let authorization = headers[.authorization], authorization.utf8.count > 7,
            authorization.prefix(7).lowercased() == "bearer "
        {
            bearer = String(authorization.dropFirst(7))
        }
        return Credentials(
            bearer: bearer, publishableKey: headers[.shipshapeKey], orderToken: headers[.orderToken],
            origin: headers[.origin],
            session: Cookie.value(of: Credentials.sessionCookie, in: headers[values: .cookie], isSecure: isSecure))
    }

    /// The body, which the gate has collected.
    func body() async throws -> [UInt8] {
        let headers = request.headers
        guard headers.contains(.transferEncoding) || headers[.contentLength] ?? "0" != "0" else { return [] }
        var bytes: [UInt8] = []
        for try await buffer in request.body { bytes.append(contentsOf: buffer.readableBytesView) }
        return bytes
    }

    /// Refuses bodies of a type that the endpoint does not take.
    func requireType(of body: InputDescription.Body) throws(Problem) {
        let expected =
            switch body {
            case .raw: ""
            case .upload: "multipart/form-data"
            case .file(let type): type
            case .form: "application/x-www-form-urlencoded"
            case .json, .nothing: "application/json"
            }
        let headers = request.headers
        let type = (headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        let isPlain = (headers[.contentEncoding] ?? "identity").lowercased() == "identity"
        guard isPlain, expected.isEmpty || type == expected else {
            throw Problem(
                .unsupportedMediaType, "body.unsupported_type", "The body has to be \(expected), not compressed.")
        }
    }

    /// Refuses what a page of another site makes a browser send (https://web.dev/articles/fetch-metadata): browsers
    /// say `Sec-Fetch-Site`, older ones at least `Origin`. A request with cookies that says neither is refused too.
    func requireSameOrigin(_ publicOrigin: String?) throws(Problem) {
        let headers = request.headers
        let isSame: Bool
        if let site = headers[.secFetchSite] {
            isSame = site == "same-origin" || site == "none"
        } else if let origin = headers[.origin] {
            let host = request.head.authority ?? ""
            isSame = origin == publicOrigin || origin == "http://\(host)" || origin == "https://\(host)"
        } else {
            isSame = headers[.cookie] == nil
        }
        guard isSame else {
            throw Problem(.forbidden, "request.cross_site", "This form may only be sent from its own page.")
        }
    }

    /// Whether a person looks at the answer: at a page, or at an address where there is none.
    var isForPeople: Bool {
        if let route { return route.endpoint.isPage }
        guard !path.starts(with: "/api/".utf8) else { return false }
        return request.headers[.accept]?.contains("text/html") == true
    }

    /// Whether the request may be sent again without doing its work twice: it came under a key that is used.
    var hasIdempotencyKey: Bool {
        guard let endpoint = route?.endpoint, endpoint.policy.idempotencyKey != .notUsed else { return false }
        return request.headers.contains(.idempotencyKey)
    }

    /// What makes the request the same when it is sent again; nil where its endpoint does not use keys.
    func idempotency(_ body: [UInt8], _ path: PathParameters) throws(Problem) -> IdempotentRequest? {
        guard let endpoint = route?.endpoint, endpoint.policy.idempotencyKey != .notUsed else { return nil }
        guard let key = request.headers[.idempotencyKey] else {
            if endpoint.policy.idempotencyKey == .optional { return nil }
            throw IdempotentRequest.missing
        }
        let checkout = path["checkout"].flatMap { CheckoutID($0) }?.uuid
        let owner =
            switch caller.means {
            case .secretKey(let key): key.uuid
            case .publishableKey(let key): checkout ?? key.uuid
            case .orderToken(let order): order.uuid
            case .session(_, let account): account.uuid
            case .nothing: throw Problem(.unauthenticated, "unauthenticated", "A key is needed.")
            }
        return try IdempotentRequest(
            owner: owner, key: key, method: endpoint.method.rawValue,
            path: String(decoding: self.path, as: UTF8.self), body: body)
    }
}
