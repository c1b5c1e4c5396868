import Primitives

/// The pages on which a buyer pays.
struct PaymentPages: Sendable {
    let books: StripeBooks
    let clock: any Clock
    let publicURL: @Sendable () async -> String

    /// - Parameter segments: `pay`, the session, and `authenticate` for the bank's question.
    func respond(_ request: WebRequest) async -> WebResponse {
        let id = request.segments.count > 1 ? request.segments[1] : ""
        guard let key = await books.owner(ofSession: id) else {
            return Self.notice("There is no such payment page", status: 404, "Go back to the shop and start again.")
        }
        let call = StripeCall(
            now: clock.now(), requestID: nil, idempotencyKey: nil, publicURL: await publicURL())
        await books.expireDue(call)
        do throws(StripeError) {
            let (session, items, intent) = try await books.withAccount(key) { account throws(StripeError) in
                let session = try account.session(id)
                return (session, account.lineItems[id] ?? [], account.intents[session.text("payment_intent")])
            }
            if let end = Self.end(of: session, request) { return end }
            switch (request.method, request.segments.count > 2 ? request.segments[2] : nil) {
            case ("GET", nil): return Self.paymentPage(session, items, intent)
            case ("GET", "authenticate"): return Self.authenticationPage(session)
            case ("POST", let step): return try await answer(request, step: step, session, key: key, call)
            default: return Self.notice("There is no such page", status: 404, "")
            }
        } catch {
            return Self.notice("That did not work", status: error.status, error.message)
        }
    }

    /// What is shown or done when the session is no longer open; nil while it is.
    private static func end(of session: JSONObject, _ request: WebRequest) -> WebResponse? {
        switch session["status"] {
        case "complete":
            let address = successAddress(session)
            // A form that was sent twice leads to the same place as the first.
            if request.method == "POST" { return .redirect(to: address) }
            return Page.answer(
                "This is paid",
                """
                <main class="narrow"><div class="card"><h1>This is paid</h1>
                <p><a href="\(address)">Back to the shop</a></p></div></main>
                """)
        case "expired":
            return notice(
                "This payment page has expired", status: 410, "Go back to the shop to see what became of the order.")
        default: return nil
        }
    }

    private func answer(
        _ request: WebRequest, step: String?, _ session: JSONObject, key: String, _ call: StripeCall
    ) async throws(StripeError) -> WebResponse {
        let id = session.text("id")
        let form = try StripeParameters(parsing: request.body)
        let outcome = try form.text("outcome") ?? ""
        let email = try form.text("email", most: 320).flatMap { EmailAddress($0)?.description }
        let card: TestCard
        switch (step, outcome) {
        case (nil, "abandon"):
            return .redirect(to: session["cancel_url"]?.string ?? "/pay/\(id)")
        case ("authenticate", "approve"):
            var authenticated = TestCard.authentication
            authenticated.isAuthenticated = true
            card = authenticated
        case ("authenticate", "fail"): card = .failedAuthentication
        case (nil, _):
            guard let chosen = TestCard.all.first(where: { $0.name == outcome }) else {
                return Self.notice("Choose a card", status: 422, "Go back and choose what the card does.")
            }
            card = chosen
        default: return Self.notice("There is no such page", status: 404, "")
        }
        let paid = try await books.withAccount(key) { account throws(StripeError) in
            try account.pay(session: id, with: card, email: email, call)
        }
        if paid["status"] == "complete" { return .redirect(to: Self.successAddress(paid)) }
        return .redirect(to: card.asksForAuthentication ? "/pay/\(id)/authenticate" : "/pay/\(id)")
    }

    private static func successAddress(_ session: JSONObject) -> String {
        session.text("success_url").split(separator: "{CHECKOUT_SESSION_ID}", omittingEmptySubsequences: false)
            .joined(separator: session.text("id"))
    }

    private static func notice(_ title: String, status: Int, _ sentence: String) -> WebResponse {
        Page.answer(
            title, status: status,
            "<main class=\"narrow\"><div class=\"card\"><h1>\(title)</h1><p>\(sentence)</p></div></main>")
    }

    private static func paymentPage(
        _ session: JSONObject, _ items: [JSONObject], _ intent: JSONObject?
    ) -> WebResponse {
        let currency = session.text("currency")
        let rows = items.map { item -> HTML in
            """
            <tr><td>\(item.number("quantity")) × \(item.text("description"))</td>\
            <td class="number">\(amount(item.number("amount_total"), currency))</td></tr>
            """
        }
        let shipping = session["total_details"]?["amount_shipping"]?.integer ?? 0
        let shippingRow: HTML =
            shipping == 0
            ? "" : "<tr><td>Shipping</td><td class=\"number\">\(amount(shipping, currency))</td></tr>"
        let cards = TestCard.all.map { card -> HTML in
            let mark: HTML = card.name == TestCard.success.name ? " checked" : ""
            return """
                <label class="choice"><input type="radio" name="outcome" value="\(card.name)"\(mark)>
                <span>\(card.title) <span class="faint">\(spaced(card.number))</span></span></label>
                """
        }
        let problem = intent?["last_payment_error"]?["message"]?.string
        let alert: HTML = problem.map { "<p class=\"alert\" role=\"alert\">\($0)</p>" } ?? ""
        let total = amount(session.number("amount_total"), currency)
        return Page.answer(
            "Pay \(total)",
            """
            <main class="narrow">
            <div class="card">
            <h1>Pay</h1>
            <p class="amount">\(total)</p>
            <table><tbody>
            \(HTML(rows))\(shippingRow)
            </tbody></table>
            \(alert)
            <form method="post">
            <label class="field"><span>E-mail</span>
            <input type="email" name="email" autocomplete="email" value="\(session.text("customer_email"))"></label>
            <fieldset><legend>This card</legend>
            \(HTML(cards))
            </fieldset>
            <button class="main" type="submit">Pay \(total)</button>
            </form>
            <form method="post">
            <p><button type="submit" name="outcome" value="abandon">Back to the shop without paying</button></p>
            </form>
            <p class="faint">A simulator of Stripe: no money moves.</p>
            </div>
            </main>
            """)
    }

    private static func authenticationPage(_ session: JSONObject) -> WebResponse {
        let total = amount(session.number("amount_total"), session.text("currency"))
        return Page.answer(
            "Your bank asks",
            """
            <main class="narrow">
            <div class="card">
            <h1>Your bank asks</h1>
            <p>3-D Secure: do you want to pay \(total)?</p>
            <form method="post">
            <p><button class="main" type="submit" name="outcome" value="approve">Approve the payment</button></p>
            <p><button type="submit" name="outcome" value="fail">Fail the authentication</button></p>
            </form>
            <p class="faint">A simulator of Stripe: no money moves.</p>
            </div>
            </main>
            """)
    }

    private static func spaced(_ number: String) -> String {
        var text = ""
        for (index, digit) in number.enumerated() { text += index > 0 && index % 4 == 0 ? " \(digit)" : String(digit) }
        return text
    }

    /// Such as `12.99 USD`.
    static func amount(_ amount: Int, _ currency: String) -> String {
        guard let currency = Currency(currency.uppercased()),
            // ignored: what is beyond the limits of money is shown as the number that it is
            let money = try? Money(Int64(amount), currency)
        else { return "\(amount)" }
        return money.description
    }
}
