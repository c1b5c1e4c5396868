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
    /// The target without its query.
    let path: Substring.UTF8View
    let query: Substring.UTF8View
    private(set) var match: Router.Match?
    private(set) var route: Router.Route?
    var caller = Caller.anonymous

    init(_ request: Request, peer: SocketAddress?, ids: RequestIDs, trustedProxies: Set<String>) {
        self.request = request
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
            origin: headers[.origin])
    }

    /// The body, which the gate has collected.
    func body() async throws -> [UInt8] {
        let headers = request.headers
        guard headers.contains(.transferEncoding) || headers[.contentLength] ?? "0" != "0" else { return [] }
        var bytes: [UInt8] = []
        for try await buffer in request.body { bytes.append(contentsOf: buffer.readableBytesView) }
        return bytes
    }

    /// Refuses bodies that are not JSON.
    func requireJSON() throws(Problem) {
        let headers = request.headers
        let type = (headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        guard type == "application/json", (headers[.contentEncoding] ?? "identity").lowercased() == "identity" else {
            throw Problem(
                .unsupportedMediaType, "body.unsupported_type", "The body has to be application/json, not compressed.")
        }
    }

    /// What makes the request the same when it is sent again; nil where its endpoint does not use keys.
    func idempotency(_ body: [UInt8], _ path: PathParameters) throws(Problem) -> IdempotentRequest? {
        guard let endpoint = route?.endpoint, endpoint.policy.idempotencyKey == .required else { return nil }
        guard let key = request.headers[.idempotencyKey] else { throw IdempotentRequest.missing }
        let checkout = path["checkout"].flatMap { CheckoutID($0) }?.uuid
        let owner =
            switch caller.means {
            case .secretKey(let key): key.uuid
            case .publishableKey(let key): checkout ?? key.uuid
            case .orderToken(let order): order.uuid
            case .nothing: throw Problem(.unauthenticated, "unauthenticated", "A key is needed.")
            }
        return try IdempotentRequest(
            owner: owner, key: key, method: endpoint.method.rawValue,
            path: String(decoding: self.path, as: UTF8.self), body: body)
    }
}
