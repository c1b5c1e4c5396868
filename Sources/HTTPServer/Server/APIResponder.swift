import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Observability
import Primitives

/// The request's connection, which Hummingbird hands over.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Answers requests: finds the endpoint, asks who calls, decodes, runs the handler, encodes, logs.
struct APIResponder: HTTPResponder {
    let router: Router
    let authenticator: any Authenticator
    let deadlines: HandlerDeadlines
    let ids: RequestIDs
    let trustedProxies: Set<String>
    /// Where browsers reach the server, such as `https://shop.example`; besides what the request calls its host.
    let publicOrigin: String?

    /// Whether browsers reach the server over HTTPS.
    private var isSecure: Bool { publicOrigin?.hasPrefix("https://") == true }

    let problemPage: ProblemPage?
    let accessLog: AccessLog
    let logger: Logger

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let started = ContinuousClock.now
        var exchange = Exchange(
            request, peer: context.channel.remoteAddress, ids: ids, trustedProxies: trustedProxies,
            isSecure: isSecure)
        exchange.find(in: router)
        let body = try await exchange.body()
        var code: String?
        var response: Response
        do {
            let outgoing = try await answer(&exchange, body)
            response = ResponseHead.response(outgoing, to: exchange)
        } catch {
            let problem = problem(for: error, exchange)
            code = problem.code
            response = await page(for: problem, exchange) ?? ResponseHead.response(problem, to: exchange)
            addAllow(to: &response, exchange)
        }
        await allowOrigin(&response, exchange)
        let elapsed = (ContinuousClock.now - started).components
        accessLog.record(
            AccessRecord(
                requestID: exchange.requestID, method: request.method.rawValue, route: exchange.route?.endpoint.path,
                status: response.status.code,
                durationMicroseconds: elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000,
                bytes: response.body.contentLength ?? 0, key: exchange.caller.key, remote: exchange.remote, code: code))
        return response
    }

    private func answer(_ exchange: inout Exchange, _ body: [UInt8]) async throws -> Outgoing {
        guard let match = exchange.match else { throw Problem.noRoute }
        if exchange.method == .options { return Outgoing(status: 204, content: .nothing, headers: []) }
        guard let route = exchange.route else {
            throw Problem(
                .methodNotAllowed, "method_not_allowed", "This address does not take \(exchange.method.rawValue).")
        }
        let endpoint = route.endpoint
        let parameters = route.parameters(match)
        if endpoint.isPage, endpoint.method != .get { try exchange.requireSameOrigin(publicOrigin) }
        if endpoint.policy.caller != .anyone {
            exchange.caller = try await authenticator.caller(
                showing: exchange.credentials, for: endpoint.policy.caller, path: parameters)
        }
        if !body.isEmpty { try exchange.requireType(of: endpoint.input.body) }
        let incoming = Incoming(
            path: parameters, query: exchange.query, body: body, caller: exchange.caller,
            requestID: exchange.requestID, idempotency: try exchange.idempotency(body, parameters),
            headers: exchange.request.headers, isSecure: exchange.isSecure)
        return try await deadlines.run(within: endpoint.policy.timeoutSeconds) { try await endpoint.respond(incoming) }
    }

    private func problem(for error: any Error, _ exchange: Exchange) -> Problem {
        if error is HandlerTimeout { return .timeout }
        guard let problem = Problem.expected(error, hasKey: exchange.hasIdempotencyKey) else {
            log(.error, "A request failed.", error, exchange)
            return .defect
        }
        if problem.kind == .internal { log(.error, "A request failed.", error, exchange) }
        if !(error is Problem) { log(.warning, "A request met a database that could not serve it.", error, exchange) }
        return problem.kind == .internal ? .defect : problem
    }

    /// The problem as a page, where a person looks at it.
    private func page(for problem: Problem, _ exchange: Exchange) async -> Response? {
        guard let problemPage, exchange.isForPeople else { return nil }
        let path = String(decoding: exchange.path, as: UTF8.self)
        guard var answer = await problemPage(problem, path, exchange.requestID) else { return nil }
        if answer.status == 200 { answer.status = problem.kind.status }
        if let seconds = problem.retryAfterSeconds { answer.headers.append(("Retry-After", String(seconds))) }
        return ResponseHead.response(Outgoing(status: answer.status, content: .web(answer), headers: []), to: exchange)
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ error: any Error, _ exchange: Exchange) {
        logger.log(
            level: level, message,
            metadata: [
                "request_id": .string(exchange.requestID), "route": .string(exchange.route?.endpoint.path ?? "-"),
                "error": .string(String(reflecting: error)),
            ])
    }

    /// The methods of the path, for OPTIONS and for 405.
    private func addAllow(to response: inout Response, _ exchange: Exchange) {
        guard response.status.code == 405 else { return }
        response.headers[.allow] = allowed(exchange).joined(separator: ", ")
    }

    private func allowed(_ exchange: Exchange) -> [String] {
        guard let match = exchange.match else { return [] }
        let methods = router.endpoints(at: match).map(\.method)
        return methods.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] } + ["OPTIONS"]
    }

    /// Cross-origin resource sharing (https://fetch.spec.whatwg.org/#http-cors-protocol): only for endpoints that
    /// browsers call with a publishable key or an order's token, and only for origins that some active key names.
    private func allowOrigin(_ response: inout Response, _ exchange: Exchange) async {
        let isOptions = exchange.method == .options && response.status.code == 204
        if isOptions { response.headers[.allow] = allowed(exchange).joined(separator: ", ") }
        let origin = exchange.request.headers[.origin]
        // What nobody may keep need not say what it depends on.
        guard let match = exchange.match, origin != nil || response.headers[.cacheControl] != "no-store" else { return }
        let browserMethods = router.endpoints(at: match).filter { endpoint in
            endpoint.policy.caller.acceptsPublishableKey || endpoint.policy.caller.acceptsOrderToken
        }.map(\.method.rawValue)
        guard isOptions ? !browserMethods.isEmpty : exchange.isForBrowsers else { return }
        ResponseHead.addVary("Origin", to: &response)
        guard let origin, await authenticator.isAllowed(origin: origin) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        if isOptions, exchange.request.headers[.accessControlRequestMethod] != nil {
            response.headers[.accessControlAllowMethods] = browserMethods.joined(separator: ", ")
            response.headers[.accessControlAllowHeaders] = "Content-Type, Idempotency-Key, Order-Token, Shipshape-Key"
            response.headers[.accessControlMaxAge] = "600"
        } else {
            response.headers[.accessControlExposeHeaders] = "Idempotency-Replayed, Retry-After, X-Request-ID"
        }
    }
}
