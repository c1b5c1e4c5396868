import Primitives

/// Checkout Sessions: `mode=payment`, prices given inline, paid on the simulator's page.
extension StripeAccount {
    private static let sessionParameters = """
        adaptive_pricing after_expiration allow_promotion_codes automatic_tax billing_address_collection cancel_url \
        client_reference_id consent_collection currency custom_fields custom_text customer customer_creation \
        customer_email customer_update discounts expires_at invoice_creation line_items locale metadata mode \
        origin_context payment_intent_data payment_method_collection payment_method_configuration \
        payment_method_options payment_method_types permissions phone_number_collection return_url \
        saved_payment_method_options setup_intent_data shipping_address_collection shipping_options submit_type \
        subscription_data success_url tax_id_collection ui_mode wallet_options
        """
    /// Stripe's largest amount, of eight digits, and the smallest in most currencies.
    private static let mostAmount = 99_999_999
    private static let leastAmount = 50

    mutating func createSession(_ parameters: StripeParameters, _ call: StripeCall) throws(StripeError) -> JSON {
        try parameters.requireOnly(Self.sessionParameters)
        guard try parameters.requiredText("mode") == "payment" else {
            throw .invalid("mode", "The simulator knows no mode but payment.")
        }
        let id = "cs_test_a1" + StripeID.random(56)
        var session = StripeShapes.session(id: id, created: call.created)
        let uiMode = try parameters.text("ui_mode")
        guard ["hosted", "hosted_page", nil].contains(uiMode) else {
            throw .invalid("ui_mode", "The simulator knows no ui_mode but hosted_page.")
        }
        session["ui_mode"] = .string(uiMode ?? "hosted_page")
        session["success_url"] = .string(try address("success_url", in: parameters, isRequired: true) ?? "")
        session["cancel_url"] = JSON(try address("cancel_url", in: parameters, isRequired: false))
        session["expires_at"] = JSON(try expiry(parameters, call))
        session["client_reference_id"] = JSON(try parameters.text("client_reference_id", most: 200))
        session["locale"] = JSON(try parameters.text("locale"))
        session["submit_type"] = JSON(try parameters.text("submit_type"))
        session["metadata"] = try parameters.metadata()
        try addCustomer(parameters, to: &session)

        let items = try newItems(parameters, call)
        let currency = items[0].text("currency")
        let subtotal = items.reduce(0) { $0 + $1.number("amount_total") }
        let shipping = try shippingCost(parameters, currency: currency)
        let total = subtotal + (shipping ?? 0)
        guard total == 0 || total >= Self.leastAmount else {
            throw StripeError(
                code: "amount_too_small",
                message: "The Checkout Session's total amount due must add up to at least 50 minor units.")
        }
        guard total <= Self.mostAmount else {
            throw StripeError(
                code: "amount_too_large",
                message: "The Checkout Session's total amount must be no more than 999,999.99 \(currency).")
        }
        session["amount_subtotal"] = JSON(subtotal)
        session["amount_total"] = JSON(total)
        session["currency"] = .string(currency)
        session["total_details"] = ["amount_discount": 0, "amount_shipping": JSON(shipping ?? 0), "amount_tax": 0]
        if let shipping {
            session["shipping_cost"] = [
                "amount_subtotal": JSON(shipping), "amount_tax": 0, "amount_total": JSON(shipping),
                "shipping_rate": .string(StripeID.make("shr")),
            ]
        }
        session["url"] = .string("\(call.publicURL)/pay/\(id)")
        intentData[id] = try newIntentData(parameters)
        lineItems[id] = items
        sessions[id] = session
        return .object(session)
    }

    private func address(
        _ key: String, in parameters: StripeParameters, isRequired: Bool
    ) throws(StripeError) -> String? {
        guard let url = isRequired ? try parameters.requiredText(key) : try parameters.text(key) else { return nil }
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw .invalid(key, "Not a valid URL", code: "url_invalid")
        }
        return url
    }

    private func expiry(_ parameters: StripeParameters, _ call: StripeCall) throws(StripeError) -> Int {
        guard let expiry = try parameters.integer("expires_at") else { return call.created + 86_400 }
        guard expiry >= call.created + 1800 else {
            throw .invalid(
                "expires_at",
                "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.")
        }
        guard expiry <= call.created + 86_400 else {
            throw .invalid(
                "expires_at", "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.")
        }
        return expiry
    }

    private func addCustomer(_ parameters: StripeParameters, to session: inout JSONObject) throws(StripeError) {
        let email = try parameters.text("customer_email", most: 800)
        if let email, !email.contains("@") {
            throw .invalid("customer_email", "Invalid email address: \(email)", code: "email_invalid")
        }
        session["customer_email"] = JSON(email)
        if let customer = try parameters.text("customer") {
            guard email == nil else {
                throw .invalid(
                    "customer", "You may only specify one of these parameters: customer, customer_email.")
            }
            guard let known = customers[customer] else {
                throw .noSuch("customer", customer, param: "customer", status: 400)
            }
            session["customer"] = .string(customer)
            session["customer_details"] = Self.details(email: known["email"] ?? nil)
        } else if let email {
            session["customer_details"] = Self.details(email: .string(email))
        }
    }

    static func details(email: JSON) -> JSON {
        [
            "address": nil, "business_name": nil, "email": email, "individual_name": nil, "name": nil, "phone": nil,
            "tax_exempt": "none", "tax_ids": [],
        ]
    }

    private func newItems(_ parameters: StripeParameters, _ call: StripeCall) throws(StripeError) -> [JSONObject] {
        let wanted = try parameters.list("line_items")
        guard !wanted.isEmpty else { throw .missing("line_items") }
        guard wanted.count <= 100 else {
            throw .invalid("line_items", "A Checkout Session can have at most 100 line items.")
        }
        var items: [JSONObject] = []
        for item in wanted {
            try item.requireOnly("price price_data quantity adjustable_quantity metadata tax_rates")
            if let price = try item.text("price") {
                throw .noSuch("price", price, param: item.name("price"), status: 400)
            }
            guard let data = try item.object("price_data") else { throw .missing(item.name("price_data")) }
            try data.requireOnly("currency product product_data recurring tax_behavior unit_amount unit_amount_decimal")
            guard let product = try data.object("product_data") else { throw .missing(data.name("product_data")) }
            try product.requireOnly("name description images metadata tax_code unit_label")
            let name = try product.requiredText("name")
            let currency = try data.requiredText("currency").lowercased()
            guard Currency(currency.uppercased()) != nil else {
                throw .invalid(data.name("currency"), "Invalid currency: \(currency)", code: "invalid_currency")
            }
            if let first = items.first, first.text("currency") != currency {
                throw .invalid(
                    data.name("currency"), "All prices on a Checkout Session must have the same currency.")
            }
            guard let unitAmount = try data.integer("unit_amount") else { throw .missing(data.name("unit_amount")) }
            guard (0...Self.mostAmount).contains(unitAmount) else {
                throw .invalid(data.name("unit_amount"), "Invalid non-negative integer")
            }
            guard let quantity = try item.integer("quantity") else { throw .missing(item.name("quantity")) }
            guard (1...999_999).contains(quantity) else {
                throw .invalid(item.name("quantity"), "This value must be between 1 and 999999.")
            }
            let price = StripeShapes.price(
                id: StripeID.make("price"), product: StripeID.make("prod", 14), currency: currency,
                unitAmount: unitAmount, created: call.created)
            items.append(
                StripeShapes.lineItem(
                    id: StripeID.make("li"), price: price, description: name, quantity: quantity,
                    total: unitAmount * quantity))
        }
        return items
    }

    private func shippingCost(_ parameters: StripeParameters, currency: String) throws(StripeError) -> Int? {
        guard let option = try parameters.list("shipping_options").first else { return nil }
        guard let rate = try option.object("shipping_rate_data"), let amount = try rate.object("fixed_amount") else {
            throw .missing(option.name("shipping_rate_data"))
        }
        _ = try rate.requiredText("display_name")
        guard try amount.requiredText("currency").lowercased() == currency else {
            throw .invalid(amount.name("currency"), "The currency of a shipping rate has to be that of the prices.")
        }
        guard let cost = try amount.integer("amount"), (0...Self.mostAmount).contains(cost) else {
            throw .missing(amount.name("amount"))
        }
        return cost
    }

    private func newIntentData(_ parameters: StripeParameters) throws(StripeError) -> JSONObject {
        guard let data = try parameters.object("payment_intent_data") else { return JSONObject() }
        try data.requireOnly(
            """
            application_fee_amount capture_method description metadata on_behalf_of receipt_email setup_future_usage \
            shipping statement_descriptor statement_descriptor_suffix transfer_data transfer_group
            """)
        guard ["automatic", "automatic_async", nil].contains(try data.text("capture_method")) else {
            throw .invalid(data.name("capture_method"), "The simulator captures at once.")
        }
        return [
            "metadata": try data.metadata(), "description": JSON(try data.text("description")),
            "receipt_email": JSON(try data.text("receipt_email")),
            "statement_descriptor_suffix": JSON(try data.text("statement_descriptor_suffix", most: 22)),
        ]
    }

    /// Ends an open session; its link stops working.
    mutating func expireSession(_ id: String, _ call: StripeCall) throws(StripeError) -> JSON {
        var session = try session(id)
        guard session["status"] == "open" else {
            throw StripeError(
                message: """
                    Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a \
                    status of `\(session.text("status"))`.
                    """)
        }
        session["status"] = "expired"
        session["url"] = .null
        sessions[id] = session
        if let intent = session["payment_intent"]?.string { cancelIntent(intent, reason: "automatic", call) }
        emit("checkout.session.expired", session, call)
        return .object(session)
    }

    /// Ends the open sessions whose time has passed.
    mutating func expireDue(_ call: StripeCall) {
        let due = sessions.oldestFirst.filter {
            $0["status"] == "open" && $0.number("expires_at") <= call.created
        }
        // ignored: each was open a moment ago, in this very value
        for session in due { _ = try? expireSession(session.text("id"), call) }
    }
}
