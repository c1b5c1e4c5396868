import HTTPOutbound
public import Payments
public import Primitives

/// Card payments on Stripe's hosted page (https://docs.stripe.com/api/checkout/sessions).
public struct StripeProvider: PaymentProvider {
    public let name = "stripe"
    private let client: OutboundClient

    /// Where Stripe's API is.
    public static let officialAddress = "https://api.stripe.com"
    /// The version of the API that requests are written for; Stripe answers and sends events in it.
    public static let apiVersion = "2026-03-25.dahlia"
    /// Seconds that a page is open: longer than the payment is kept, which closes it, and at least Stripe's half hour,
    /// even when the page is opened some minutes late.
    static let sessionSeconds = 2100.0
    private static let sessions = "checkout/sessions"
    /// A page shows so many lines at most.
    private static let mostLines = 100

    /// - Parameter address: Stripe's, or a simulator's.
    public init(address: String) {
        client = OutboundClient(base: address)
    }

    public func open(
        _ request: SessionRequest, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> ProviderSession {
        guard let form = Self.form(request) else { throw .refused(code: "amount_unsupported") }
        let body = form.bytes
        let key = "shipshape-\(request.payment.id)"
        var answer: Reply
        do throws(ProviderFault) {
            answer = try await call(.post, Self.sessions, body, key, credentials, requestID)
        } catch {
            // Once more: under the same key Stripe does it once, whether or not the first call arrived.
            guard case .unreachable = error else { throw error }
            answer = try await call(.post, Self.sessions, body, key, credentials, requestID)
        }
        guard answer.status == 200 else { throw .refused(code: answer.code) }
        guard let id = answer.json["id"]?.string, let url = answer.json["url"]?.string,
            url.hasPrefix("https://") || url.hasPrefix("http://")
        else { throw .unreachable(code: "unreadable_answer") }
        return ProviderSession(id: id, url: url, intent: answer.json["payment_intent"]?.string)
    }

    public func lookUp(
        session: String, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> PaymentReport {
        let answer = try await call(.get, "\(Self.sessions)/\(session)", nil, nil, credentials, requestID)
        return try report(answer)
    }

    public func expire(
        session: String, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> PaymentReport {
        let answer = try await call(.post, "\(Self.sessions)/\(session)/expire", [], nil, credentials, requestID)
        // Refused when it is paid or has expired already: then it is told by a look.
        if answer.status == 400 { return try await lookUp(session: session, with: credentials, requestID: requestID) }
        return try report(answer)
    }

    /// The addresses that Stripe sends events of the account to: the newest hundred, and there can be sixteen.
    /// Source: https://docs.stripe.com/api/webhook_endpoints/list
    public func webhookEndpoints(
        with credentials: ProviderCredentials
    ) async throws(ProviderFault) -> [StripeWebhookEndpoint] {
        let answer = try await call(.get, "webhook_endpoints?limit=100", nil, nil, credentials, nil)
        guard answer.status == 200 else { throw .refused(code: answer.code) }
        guard let list = answer.json["data"]?.array else { throw .unreachable(code: "unreadable_answer") }
        return list.compactMap(StripeWebhookEndpoint.init)
    }

    public func verify(
        _ body: [UInt8], header: (String) -> String?, with credentials: ProviderCredentials, at now: Instant
    ) throws(WebhookFault) -> ProviderEventHead {
        guard let signature = header("Stripe-Signature").flatMap(StripeSignature.init) else { throw .signature }
        try signature.verify(body, secrets: credentials.webhookSecrets, at: now)
        let event = try Self.document(body)
        guard let id = event["id"]?.string, (1...255).contains(id.utf8.count), let type = event["type"]?.string,
            (1...255).contains(type.utf8.count)
        else { throw .body }
        return ProviderEventHead(id: id, type: type)
    }

    public func report(in body: [UInt8]) throws(WebhookFault) -> PaymentReport? {
        StripeObjects.report(event: try Self.document(body))
    }

    /// What the page shows and where it leads; nil when Stripe cannot charge the amount.
    static func form(_ request: SessionRequest) -> StripeForm? {
        let payment = request.payment
        guard let total = StripeAmount.units(payment.amount) else { return nil }
        var form = StripeForm()
        form.add("mode", "payment")
        form.add("payment_method_types[0]", "card")
        form.add("client_reference_id", payment.id.description)
        let references = [
            ("payment_id", payment.id.description), ("order_id", payment.order.description),
            ("store_id", request.store.description),
        ]
        for (name, value) in references { form.add("metadata[\(name)]", value) }
        for (name, value) in references { form.add("payment_intent_data[metadata][\(name)]", value) }
        form.add("success_url", request.returnURL)
        form.add("cancel_url", request.returnURL)
        let expiry = payment.createdAt.adding(seconds: sessionSeconds)
        form.add("expires_at", String(expiry.microseconds / 1_000_000))
        // Stripe takes no addresses beyond ASCII.
        if let email = request.email?.description, email.utf8.allSatisfy({ $0 < 128 }) {
            form.add("customer_email", email)
        }
        let currency = payment.amount.currency.code.lowercased()
        let lines = lines(request, total: total) ?? [(title: "Order \(request.orderName)", quantity: 1, units: total)]
        for (index, line) in lines.enumerated() {
            form.add("line_items[\(index)][quantity]", String(line.quantity))
            form.add("line_items[\(index)][price_data][currency]", currency)
            form.add("line_items[\(index)][price_data][unit_amount]", String(line.units))
            form.add("line_items[\(index)][price_data][product_data][name]", String(line.title.prefix(250)))
        }
        return form
    }

    /// Nil when the lines cannot be shown one by one: too many, or amounts that Stripe cannot tell.
    private static func lines(
        _ request: SessionRequest, total: Int64
    ) -> [(title: String, quantity: Int, units: Int64)]? {
        guard request.lines.count <= mostLines else { return nil }
        var sum: Int64 = 0
        var lines: [(title: String, quantity: Int, units: Int64)] = []
        for line in request.lines {
            guard line.unitPrice.currency == request.payment.amount.currency,
                let units = StripeAmount.units(line.unitPrice)
            else { return nil }
            let (product, overflow) = units.multipliedReportingOverflow(by: Int64(line.quantity))
            let (next, overrun) = sum.addingReportingOverflow(product)
            guard !overflow, !overrun else { return nil }
            sum = next
            lines.append((title: line.title, quantity: line.quantity, units: units))
        }
        return sum == total && !lines.isEmpty ? lines : nil
    }

    private struct Reply {
        let status: Int
        let json: JSON

        /// Stripe's own word for what is wrong.
        var code: String {
            let error = json["error"]
            return String((error?["code"]?.string ?? error?["type"]?.string ?? "provider_\(status)").prefix(100))
        }
    }

    private func call(
        _ method: OutboundRequest.Method, _ path: String, _ body: [UInt8]?, _ key: String?,
        _ credentials: ProviderCredentials, _ requestID: String?
    ) async throws(ProviderFault) -> Reply {
        let secret = credentials.secretKey.withBytes { String(decoding: $0, as: UTF8.self) }
        var headers = [(name: "Authorization", value: "Bearer \(secret)"), ("Stripe-Version", Self.apiVersion)]
        if body != nil { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
        if let key { headers.append(("Idempotency-Key", key)) }
        let answer: OutboundAnswer
        do throws(OutboundFailure) {
            answer = try await client.send(
                OutboundRequest(
                    method, "/v1/" + path, headers: headers, body: body, timeoutSeconds: 4.5,
                    requestID: requestID))
        } catch {
            throw .unreachable(code: "provider_\(error.code)")
        }
        // ignored: what is no JSON has no code, and is judged by its status
        let json = (try? JSON(parsing: answer.body)) ?? [:]
        let reply = Reply(status: answer.status, json: json)
        // Another call under the key, too many of them, or trouble at Stripe: all pass.
        if [409, 429].contains(answer.status) || answer.status >= 500 { throw .unreachable(code: reply.code) }
        return reply
    }

    private func report(_ answer: Reply) throws(ProviderFault) -> PaymentReport {
        guard answer.status == 200 else {
            // Only Stripe's word that there is no such session tells anything about the payment.
            throw answer.status == 404 ? .refused(code: answer.code) : .unreachable(code: answer.code)
        }
        guard let report = StripeObjects.report(session: answer.json) else {
            throw .unreachable(code: "unreadable_answer")
        }
        return report
    }

    private static func document(_ body: [UInt8]) throws(WebhookFault) -> JSON {
        do {
            return try JSON(parsing: body)
        } catch {
            throw .body
        }
    }
}
