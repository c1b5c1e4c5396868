import Primitives

/// What is not Stripe's: the page that shows everything, and the faults on demand.
struct StripeDesk: Sendable {
    let books: StripeBooks

    /// Nil when the address is none of its own.
    func respond(_ request: WebRequest) async -> WebResponse? {
        switch (request.method, request.segments.first, request.segments.count) {
        case ("GET", nil, 0): return await overview()
        case ("GET", "_faults", 1): return await faultList()
        case ("POST", "_faults", 1): return await addFaults(request)
        case ("DELETE", "_faults", 1):
            await books.clearFaults()
            return await faultList()
        case ("POST", "_webhooks", 1): return await addReceiver(request)
        case ("GET", "_deliveries", 1):
            let deliveries = await books.deliveries
            return Self.json(["data": .array(deliveries.map(\.json))])
        case ("POST", "_events", 3) where request.segments[2] == "resend":
            let isKnown = await books.resend(event: request.segments[1])
            return isKnown ? Self.json(["resent": .string(request.segments[1])]) : Self.json([:], status: 404)
        default: return nil
        }
    }

    private static func json(_ json: JSON, status: Int = 200) -> WebResponse {
        WebResponse(status, type: "application/json", body: json.bytes)
    }

    private func faultList() async -> WebResponse {
        let faults = await books.faults.waiting
        return Self.json(["faults": .array(faults.map(\.json))])
    }

    /// `{"url": …, "secret": …}`: where the events of every account go, signed with a secret that is known beforehand.
    private func addReceiver(_ request: WebRequest) async -> WebResponse {
        // ignored: what is not JSON is answered like what is no receiver
        let json = try? JSON(parsing: String(decoding: request.body, as: UTF8.self))
        guard let url = json?["url"]?.string, url.hasPrefix("http"), let secret = json?["secret"]?.string else {
            return Self.json(["error": "A receiver has a url and a secret."], status: 422)
        }
        await books.register(WebhookReceiver(url: url, secret: Secret(secret)))
        return Self.json(["url": .string(url)])
    }

    /// A fault, or `{"faults": [fault, …]}`, or a form with `kind` and `count`.
    private func addFaults(_ request: WebRequest) async -> WebResponse {
        if request.header("Content-Type")?.hasPrefix("application/x-www-form-urlencoded") == true {
            guard let form = try? StripeParameters(parsing: request.body),  // ignored: answered below
                let kind = StripeFaultKind(rawValue: (try? form.text("kind")) ?? ""),  // ignored: as above
                let count = try? form.integer("count"),  // ignored: as above
                let fault = StripeFault(kind: kind, count: count, seconds: nil, path: "")
            else { return Self.json(["error": "That is no fault."], status: 422) }
            await books.add([fault])
            return .redirect(to: "/")
        }
        // ignored: what is not JSON is answered like what is no fault
        guard let json = try? JSON(parsing: String(decoding: request.body, as: UTF8.self)) else {
            return Self.json(["error": "That is not JSON."], status: 400)
        }
        let wanted = json["faults"]?.array ?? [json]
        let faults = wanted.compactMap(StripeFault.init(json:))
        guard faults.count == wanted.count else {
            let kinds = StripeFaultKind.allCases.map(\.rawValue).joined(separator: ", ")
            return Self.json(
                ["error": .string("A fault has a kind (\(kinds)), and may have count, seconds and path.")], status: 422)
        }
        await books.add(faults)
        return await faultList()
    }

    private func overview() async -> WebResponse {
        let accounts = await books.all
        let sessions = accounts.flatMap { Array($0.sessions.newestFirst.prefix(50)) }
            .sorted { $0.number("created") > $1.number("created") }
        let events = accounts.flatMap { Array($0.events.newestFirst.prefix(50)) }
            .sorted { $0.number("created") > $1.number("created") }
        let deliveries = await books.deliveries.suffix(50).reversed()
        let faults = await books.faults.waiting
        return Page.answer(
            "Simulated Stripe",
            """
            <header><h1>Simulated Stripe</h1>
            <p>Speaks Stripe's interface under /v1 with any key that begins with sk_test_. No money moves.
            <a href="/">Refresh</a></p></header>
            <main>
            \(Self.table("Payment pages", ["Session", "Amount", "Status"], sessions.prefix(50).map(Self.row)))
            \(Self.faultForm(faults))
            \(Self.table("Webhooks", ["Event", "To", "Outcome"], deliveries.map(Self.row)))
            \(Self.table("Events", ["Event", "Type", "Created"], events.prefix(50).map(Self.eventRow)))
            </main>
            """)
    }

    private static func table(_ title: String, _ heads: [String], _ rows: [HTML]) -> HTML {
        guard !rows.isEmpty else { return "<h2>\(title)</h2><p class=\"faint\">None yet.</p>" }
        return """
            <h2>\(title)</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="\(title)"><table>
            <thead><tr>\(HTML(heads.map { "<th scope=\"col\">\($0)</th>" }))</tr></thead>
            <tbody>\(HTML(rows))</tbody>
            </table></div>
            """
    }

    private static func row(_ session: JSONObject) -> HTML {
        let id = session.text("id")
        let name = "\(id.prefix(20))…"
        let title: HTML = session["status"] == "open" ? "<a href=\"/pay/\(id)\">\(name)</a>" : "\(name)"
        return """
            <tr><td>\(title)</td>\
            <td>\(PaymentPages.amount(session.number("amount_total"), session.text("currency")))</td>\
            <td>\(session.text("status")), \(session.text("payment_status"))</td></tr>
            """
    }

    private static func row(_ delivery: WebhookDelivery) -> HTML {
        let fault: HTML = delivery.fault.map { " <span class=\"faint\">(\($0.rawValue))</span>" } ?? ""
        return """
            <tr><td>\(delivery.type)</td><td>\(delivery.url)</td>\
            <td>\(delivery.status.rawValue) after \(delivery.attempts), \(delivery.answer)\(fault)</td></tr>
            """
    }

    private static func eventRow(_ event: JSONObject) -> HTML {
        """
        <tr><td>\(event.text("id"))</td><td>\(event.text("type"))</td>\
        <td>\(Instant(microseconds: Int64(event.number("created")) * 1_000_000).description)</td></tr>
        """
    }

    private static func faultForm(_ faults: [StripeFault]) -> HTML {
        let waiting = faults.map { "<li>\($0.kind.title), \($0.count) more</li>" as HTML }
        let options = StripeFaultKind.allCases.map { "<option value=\"\($0.rawValue)\">\($0.title)</option>" as HTML }
        return """
            <h2>Faults</h2>
            <ul>\(HTML(waiting))</ul>
            <form method="post" action="/_faults" class="row">
            <label class="field"><span>What goes wrong</span><select name="kind">\(HTML(options))</select></label>
            <label class="field"><span>How often</span>
            <input type="number" name="count" value="1" min="1" max="100000"></label>
            <button type="submit">Let it go wrong</button>
            </form>
            """
    }
}
