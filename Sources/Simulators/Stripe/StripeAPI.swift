import FoundationEssentials
import Primitives

/// The interface under `/v1`.
struct StripeAPI: Sendable {
    let books: StripeBooks
    let clock: any Clock
    let publicURL: @Sendable () async -> String

    func respond(_ request: WebRequest) async -> WebResponse {
        let id = StripeID.make("req", 14)
        var cut: StripeFault?
        let answer: StripeAnswer
        var isReplayed = false
        do throws(StripeError) {
            let key = try Self.secretKey(request)
            let fault = await books.takeFault(call: request.path, method: request.method)
            if fault?.kind == .rateLimit { throw StripeError.rateLimited }
            if fault?.kind == .serverError { throw StripeError.broken }
            if fault?.kind == .timeoutAfterSuccess { cut = fault }
            (answer, isReplayed) = try await perform(request, id: id, key: key, slow: fault)
        } catch {
            answer = StripeAnswer(status: error.status, body: error.json.bytes, requestID: id)
        }
        var response = WebResponse(answer.status, type: "application/json", body: answer.body)
        response.headers += headers(request, id: id, answer, isReplayed: isReplayed)
        if let cut {
            // ignored: cancelled at the end of the simulator, when nobody waits any more
            try? await clock.sleep(until: clock.now().adding(seconds: cut.seconds))
            response.isCut = cut.seconds == 0
        }
        return response
    }

    private func headers(
        _ request: WebRequest, id: String, _ answer: StripeAnswer, isReplayed: Bool
    ) -> [(name: String, value: String)] {
        var headers = [
            (name: "Request-Id", value: id),
            ("Stripe-Version", request.header("Stripe-Version") ?? StripeShapes.apiVersion),
        ]
        if let key = request.header("Idempotency-Key"), request.method == "POST" {
            headers.append(("Idempotency-Key", key))
            headers.append(("Original-Request", answer.requestID))
        }
        if isReplayed { headers.append(("Idempotent-Replayed", "true")) }
        return headers
    }

    /// `Bearer sk_test_…`, or the same as the user of Basic authentication.
    private static func secretKey(_ request: WebRequest) throws(StripeError) -> String {
        guard let header = request.header("Authorization") else { throw .noKey }
        let parts = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw .noKey }
        var key = parts[1]
        switch parts[0].lowercased() {
        case "bearer": break
        case "basic":
            guard let data = Data(base64Encoded: key) else { throw .noKey }
            key = String(String(decoding: data, as: UTF8.self).prefix { $0 != ":" })
        default: throw .noKey
        }
        guard key.hasPrefix("sk_test_") || key.hasPrefix("rk_test_"), (9...255).contains(key.utf8.count),
            key.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { throw .invalidKey(key) }
        return key
    }

    private func perform(
        _ request: WebRequest, id: String, key: String, slow: StripeFault?
    ) async throws(StripeError) -> (StripeAnswer, isReplayed: Bool) {
        let isForm = request.method == "POST"
        let parameters = try StripeParameters(parsing: isForm ? request.body : Array(request.query.utf8))
        let idempotencyKey = isForm ? request.header("Idempotency-Key") : nil
        guard idempotencyKey.map({ (1...255).contains($0.utf8.count) }) ?? true else {
            throw StripeError(message: "Idempotency keys have to be between 1 and 255 characters long.")
        }
        var kept: String?
        if let idempotencyKey {
            let name = "\(key) \(idempotencyKey)"
            switch await books.claim(
                name, shown: idempotencyKey, fingerprint: "\(request.path) \(parameters.root.canonical)")
            {
            case .go: kept = name
            case .replay(let answer): return (answer, true)
            case .refuse(let error): throw error
            }
        }
        if slow?.kind == .slow {
            // ignored: cancelled at the end of the simulator, when nobody waits any more
            try? await clock.sleep(until: clock.now().adding(seconds: slow?.seconds ?? 0))
        }
        let call = StripeCall(
            now: clock.now(), requestID: id, idempotencyKey: idempotencyKey, publicURL: await publicURL())
        let answer = await carryOut(request, parameters, call, key: key)
        // What was refused before anything was done is not kept: the caller may mend the cause and try again.
        if let kept { await books.settle(kept, answer.status < 400 || answer.status == 402 ? answer : nil) }
        return (answer, false)
    }

    private func carryOut(
        _ request: WebRequest, _ parameters: StripeParameters, _ call: StripeCall, key: String
    ) async -> StripeAnswer {
        let id = call.requestID ?? ""
        do throws(StripeError) {
            let path = request.segments
            let method = request.method
            guard let route = StripeRoute(path) else { throw StripeRoute.unknown(method, request.path) }
            let json = try await books.withAccount(key) { account throws(StripeError) in
                var result: Result<JSON, StripeError>
                do throws(StripeError) {
                    let wishes = try parameters.texts("expand")
                    let json = try route.run(method, parameters, call, on: &account)
                    result = .success(try account.expanded(json, wishes))
                } catch {
                    // A card that was declined leaves a charge behind; every other refusal leaves nothing.
                    guard error.status == 402 else { throw error }
                    result = .failure(error)
                }
                return result
            }.get()
            return StripeAnswer(status: 200, body: json.bytes, requestID: id)
        } catch {
            return StripeAnswer(status: error.status, body: error.json.bytes, requestID: id)
        }
    }
}

/// An address under `/v1`: a resource, one of it, and what is done with that one.
struct StripeRoute: Sendable {
    private let resource: String
    private let id: String?
    private let action: String?
    private let path: String

    init?(_ segments: [String]) {
        guard segments.first == "v1" else { return nil }
        var rest = segments.dropFirst()
        guard var resource = rest.popFirst() else { return nil }
        if resource == "checkout", let next = rest.popFirst() { resource += "/\(next)" }
        self.resource = resource
        id = rest.popFirst()
        action = rest.popFirst()
        guard rest.isEmpty else { return nil }
        path = "/" + segments.joined(separator: "/")
    }

    static func unknown(_ method: String, _ path: String) -> StripeError {
        StripeError(
            status: 404,
            message: """
                Unrecognized request URL (\(method): \(path)). Please see https://stripe.com/docs or we can help at \
                https://support.stripe.com/.
                """)
    }

    func run(
        _ method: String, _ parameters: StripeParameters, _ call: StripeCall, on account: inout StripeAccount
    ) throws(StripeError) -> JSON {
        switch (method, resource, id, action) {
        case ("GET", "checkout/sessions", nil, nil):
            return try list(account.sessions, "checkout.session", parameters, by: "payment_intent customer status")
        case ("POST", "checkout/sessions", nil, nil): return try account.createSession(parameters, call)
        case ("GET", "checkout/sessions", let id?, nil): return .object(try account.session(id))
        case ("POST", "checkout/sessions", let id?, "expire"): return try account.expireSession(id, call)
        case ("GET", "checkout/sessions", let id?, "line_items"):
            _ = try account.session(id)
            return account.items(of: id)
        case ("POST", "payment_intents", nil, nil): return try account.createIntent(parameters, call)
        case ("GET", "payment_intents", let id?, nil): return .object(try account.intent(id))
        case ("GET", "payment_intents", nil, nil):
            return try list(account.intents, "payment_intent", parameters, by: "customer")
        case ("POST", "payment_intents", let id?, "confirm"):
            return try account.confirmIntent(id, parameters, call)
        case ("POST", "payment_intents", let id?, "cancel"):
            return try account.cancelIntent(id, parameters, call)
        case ("GET", "charges", let id?, nil): return .object(try account.find(\.charges, "charge", id))
        case ("GET", "charges", nil, nil):
            return try list(account.charges, "charge", parameters, by: "payment_intent customer")
        default: return try runMore(method, parameters, call, on: &account)
        }
    }

    private func runMore(
        _ method: String, _ parameters: StripeParameters, _ call: StripeCall, on account: inout StripeAccount
    ) throws(StripeError) -> JSON {
        switch (method, resource, id, action) {
        case ("POST", "refunds", nil, nil): return try account.createRefund(parameters, call)
        case ("GET", "refunds", let id?, nil): return .object(try account.find(\.refunds, "refund", id))
        case ("GET", "refunds", nil, nil):
            return try list(account.refunds, "refund", parameters, by: "payment_intent charge")
        case ("POST", "customers", nil, nil): return try account.saveCustomer(nil, parameters, call)
        case ("POST", "customers", let id?, nil): return try account.saveCustomer(id, parameters, call)
        case ("GET", "customers", let id?, nil): return .object(try account.find(\.customers, "customer", id))
        case ("DELETE", "customers", let id?, nil): return try account.deleteCustomer(id, call)
        case ("GET", "customers", nil, nil):
            return try list(account.customers, "customer", parameters, by: "email", hidesDeleted: true)
        case ("GET", "events", let id?, nil): return .object(try account.find(\.events, "event", id))
        case ("GET", "events", nil, nil): return try list(account.events, "event", parameters, by: "type")
        case ("POST", "webhook_endpoints", nil, nil): return try account.createEndpoint(parameters, call)
        case ("POST", "webhook_endpoints", let id?, nil): return try account.changeEndpoint(id, parameters)
        case ("GET", "webhook_endpoints", let id?, nil):
            return .object(try account.find(\.endpoints, "webhook endpoint", id))
        case ("GET", "webhook_endpoints", nil, nil):
            return try list(account.endpoints, "webhook endpoint", parameters, by: "")
        case ("DELETE", "webhook_endpoints", let id?, nil): return try account.deleteEndpoint(id)
        case ("GET", "account", nil, nil):
            return [
                "id": .string(account.id), "object": "account", "charges_enabled": true, "country": "US",
                "default_currency": "usd", "details_submitted": true, "email": nil, "metadata": [:],
                "payouts_enabled": true, "type": "standard",
            ]
        default: throw Self.unknown(method, path)
        }
    }

    /// - Parameter filters: the members that a list may be narrowed by.
    private func list(
        _ shelf: Shelf, _ kind: String, _ parameters: StripeParameters, by filters: String, hidesDeleted: Bool = false
    ) throws(StripeError) -> JSON {
        let names = filters.split(separator: " ").map(String.init)
        try parameters.requireOnly("limit starting_after ending_before created types \(filters)")
        var wanted: [(String, String)] = []
        for name in names {
            if let value = try parameters.text(name) { wanted.append((name, value)) }
        }
        let types = try parameters.texts("types")
        let after = try parameters.object("created")?.integer("gte") ?? 0
        return try shelf.list(parameters, kind: kind, url: path) { object in
            wanted.allSatisfy { object[$0.0]?.string == $0.1 } && object.number("created") >= after
                && (types.isEmpty || types.contains(object.text("type")))
                && !(hidesDeleted && object["deleted"] != nil)
        }
    }
}
