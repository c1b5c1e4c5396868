import Primitives

/// Attempts to pay, and what becomes of them.
extension StripeAccount {
    mutating func createIntent(_ parameters: StripeParameters, _ call: StripeCall) throws(StripeError) -> JSON {
        try parameters.requireOnly(
            """
            amount automatic_payment_methods capture_method confirm confirmation_method currency customer description \
            metadata off_session payment_method payment_method_options payment_method_types receipt_email return_url \
            setup_future_usage shipping statement_descriptor statement_descriptor_suffix transfer_group
            """)
        guard let amount = try parameters.integer("amount") else { throw .missing("amount") }
        guard amount >= 50 else {
            throw .invalid("amount", "Amount must be at least 50 minor units.", code: "amount_too_small")
        }
        guard amount <= 99_999_999 else {
            throw .invalid("amount", "Amount must be no more than 999,999.99.", code: "amount_too_large")
        }
        let currency = try parameters.requiredText("currency").lowercased()
        guard Currency(currency.uppercased()) != nil else {
            throw .invalid("currency", "Invalid currency: \(currency)", code: "invalid_currency")
        }
        let card = try card(parameters)
        var intent = StripeShapes.paymentIntent(
            id: StripeID.make("pi"), amount: amount, currency: currency, created: call.created)
        if let customer = try parameters.text("customer") {
            guard customers[customer] != nil else {
                throw .noSuch("customer", customer, param: "customer", status: 400)
            }
            intent["customer"] = .string(customer)
        }
        intent["description"] = JSON(try parameters.text("description"))
        intent["receipt_email"] = JSON(try parameters.text("receipt_email"))
        intent["metadata"] = try parameters.metadata()
        intent["automatic_payment_methods"] = ["allow_redirects": "always", "enabled": true]
        let isConfirmed = try parameters.boolean("confirm") ?? false
        add(intent, call)
        guard isConfirmed else { return .object(intent) }
        return try confirm(intent.text("id"), with: card, call)
    }

    mutating func confirmIntent(
        _ id: String, _ parameters: StripeParameters, _ call: StripeCall
    ) throws(StripeError) -> JSON {
        try parameters.requireOnly("payment_method return_url off_session receipt_email")
        let intent = try intent(id)
        guard ["requires_payment_method", "requires_confirmation"].contains(intent.text("status")) else {
            throw unexpectedState(intent, "confirmed")
        }
        return try confirm(id, with: try card(parameters), call)
    }

    private func card(_ parameters: StripeParameters) throws(StripeError) -> TestCard? {
        guard let method = try parameters.text("payment_method") else { return nil }
        guard let card = TestCard.all.first(where: { $0.method == method }) else {
            throw .noSuch("PaymentMethod", method, param: "payment_method", status: 400)
        }
        return card
    }

    private mutating func confirm(
        _ id: String, with card: TestCard?, _ call: StripeCall
    ) throws(StripeError) -> JSON {
        guard let card else {
            throw .invalid(
                "payment_method",
                "You cannot confirm this PaymentIntent because it's missing a payment method.",
                code: "payment_intent_unexpected_state")
        }
        let intent = attempt(try intent(id), with: card, email: .null, call)
        if let decline = card.decline {
            throw StripeError(
                status: 402, type: "card_error", code: decline.code, message: decline.message,
                extra: [
                    "charge": intent["latest_charge"] ?? nil, "decline_code": JSON(decline.declineCode),
                    "payment_intent": .object(intent),
                ])
        }
        return .object(intent)
    }

    mutating func cancelIntent(
        _ id: String, _ parameters: StripeParameters, _ call: StripeCall
    ) throws(StripeError) -> JSON {
        try parameters.requireOnly("cancellation_reason")
        let intent = try intent(id)
        guard Self.cancelable.contains(intent.text("status")) else { throw unexpectedState(intent, "canceled") }
        return .object(cancelIntent(id, reason: try parameters.text("cancellation_reason"), call) ?? intent)
    }

    private static let cancelable = [
        "requires_payment_method", "requires_confirmation", "requires_action", "processing",
    ]

    @discardableResult
    mutating func cancelIntent(_ id: String, reason: String?, _ call: StripeCall) -> JSONObject? {
        guard var intent = intents[id], Self.cancelable.contains(intent.text("status")) else { return nil }
        intent["status"] = "canceled"
        intent["canceled_at"] = JSON(call.created)
        intent["cancellation_reason"] = JSON(reason)
        intent["next_action"] = .null
        intents[id] = intent
        emit("payment_intent.canceled", intent, call)
        return intent
    }

    private func unexpectedState(_ intent: JSONObject, _ verb: String) -> StripeError {
        StripeError(
            code: "payment_intent_unexpected_state",
            message: """
                This PaymentIntent's status is \(intent.text("status")), and in that state it cannot be \(verb).
                """, extra: ["payment_intent": .object(intent)])
    }

    private mutating func add(_ intent: JSONObject, _ call: StripeCall) {
        intents[intent.text("id")] = intent
        emit("payment_intent.created", intent, call)
    }

    /// One attempt: a charge that succeeds or fails, or a question to the buyer first.
    @discardableResult
    private mutating func attempt(
        _ old: JSONObject, with card: TestCard, email: JSON, _ call: StripeCall
    ) -> JSONObject {
        var intent = old
        let id = intent.text("id")
        intent["last_payment_error"] = .null
        intent["next_action"] = .null
        if card.asksForAuthentication, !card.isAuthenticated {
            intent["status"] = "requires_action"
            intent["next_action"] = ["type": "use_stripe_sdk", "use_stripe_sdk": ["type": "three_d_secure_redirect"]]
            intents[id] = intent
            emit("payment_intent.requires_action", intent, call)
            return intent
        }
        let charge = StripeShapes.charge(
            id: StripeID.make("ch"), of: intent, card: card, email: email, created: call.created)
        charges[charge.text("id")] = charge
        intent["latest_charge"] = charge["id"]
        if let decline = card.decline {
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = [
                "charge": charge["id"] ?? nil, "code": .string(decline.code),
                "decline_code": JSON(decline.declineCode), "message": .string(decline.message), "type": "card_error",
            ]
            intents[id] = intent
            emit("charge.failed", charge, call)
            emit("payment_intent.payment_failed", intent, call)
        } else {
            intent["status"] = "succeeded"
            intent["amount_received"] = intent["amount"]
            intent["payment_method"] = charge["payment_method"]
            intents[id] = intent
            emit("charge.succeeded", charge, call)
            emit("payment_intent.succeeded", intent, call)
        }
        return intent
    }

    /// The buyer pays on the page of a session.
    /// - Returns: the session afterwards.
    mutating func pay(
        session id: String, with card: TestCard, email: String?, _ call: StripeCall
    ) throws(StripeError) -> JSONObject {
        var session = try session(id)
        guard session["status"] == "open", session.number("expires_at") > call.created else { return session }
        let address: JSON = JSON(email ?? session["customer_email"]?.string)
        session["customer_details"] = Self.details(email: address)
        guard session.number("amount_total") > 0 else {
            return complete(&session, as: "no_payment_required", call)
        }
        let intent = attempt(intentOfSession(&session, call), with: card, email: address, call)
        sessions[id] = session
        guard intent["status"] == "succeeded" else { return session }
        return complete(&session, as: "paid", call)
    }

    private mutating func complete(
        _ session: inout JSONObject, as paymentStatus: String, _ call: StripeCall
    ) -> JSONObject {
        session["status"] = "complete"
        session["payment_status"] = .string(paymentStatus)
        session["url"] = .null
        sessions[session.text("id")] = session
        emit("checkout.session.completed", session, call)
        return session
    }

    /// The intent of a session comes into being with the first attempt.
    private mutating func intentOfSession(_ session: inout JSONObject, _ call: StripeCall) -> JSONObject {
        if let intent = session["payment_intent"]?.string.flatMap({ intents[$0] }) { return intent }
        var intent = StripeShapes.paymentIntent(
            id: StripeID.make("pi"), amount: session.number("amount_total"), currency: session.text("currency"),
            created: call.created)
        for member in intentData[session.text("id")] ?? JSONObject() { intent[member.key] = member.value }
        intent["customer"] = session["customer"]
        session["payment_intent"] = intent["id"]
        add(intent, call)
        return intent
    }
}
