import Primitives

/// Customers, refunds and webhook endpoints.
extension StripeAccount {
    private static let customerParameters = """
        address balance description email invoice_prefix invoice_settings metadata name next_invoice_sequence \
        payment_method phone preferred_locales shipping source tax_exempt tax
        """

    mutating func saveCustomer(
        _ id: String?, _ parameters: StripeParameters, _ call: StripeCall
    ) throws(StripeError) -> JSON {
        try parameters.requireOnly(Self.customerParameters)
        var customer = StripeShapes.customer(id: StripeID.make("cus", 14), created: call.created)
        if let id {
            customer = try find(\.customers, "customer", id)
            guard customer["deleted"] == nil else { throw .noSuch("customer", id) }
        }
        for key in ["description", "email", "name", "phone"] where parameters.members.contains(where: { $0.key == key })
        {
            customer[key] = JSON(try parameters.text(key))
        }
        if let email = customer["email"]?.string, !email.contains("@") {
            throw .invalid("email", "Invalid email address: \(email)", code: "email_invalid")
        }
        customer["metadata"] = try parameters.metadata(changing: customer["metadata"])
        customers[customer.text("id")] = customer
        emit(id == nil ? "customer.created" : "customer.updated", customer, call)
        return .object(customer)
    }

    mutating func deleteCustomer(_ id: String, _ call: StripeCall) throws(StripeError) -> JSON {
        let customer = try find(\.customers, "customer", id)
        guard customer["deleted"] == nil else { throw .noSuch("customer", id) }
        let grave: JSONObject = ["id": .string(id), "object": "customer", "deleted": true]
        customers[id] = grave
        emit("customer.deleted", customer, call)
        return .object(grave)
    }

    mutating func createRefund(_ parameters: StripeParameters, _ call: StripeCall) throws(StripeError) -> JSON {
        try parameters.requireOnly("amount charge instructions_email metadata payment_intent reason")
        var charge = try refundableCharge(parameters)
        let left = charge.number("amount_captured") - charge.number("amount_refunded")
        guard left > 0 else {
            throw StripeError(
                code: "charge_already_refunded", message: "Charge \(charge.text("id")) has already been refunded.")
        }
        let amount = try parameters.integer("amount") ?? left
        guard amount > 0 else {
            throw .invalid("amount", "Invalid positive integer", code: "parameter_invalid_integer")
        }
        guard amount <= left else {
            throw .invalid(
                "amount", "Refund amount (\(amount)) is greater than unrefunded amount on charge (\(left))")
        }
        let reason = try parameters.text("reason")
        guard ["duplicate", "fraudulent", "requested_by_customer", nil].contains(reason) else {
            throw .invalid(
                "reason", "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer")
        }
        var refund = StripeShapes.refund(
            id: StripeID.make("re"), charge: charge, amount: amount, reason: reason, created: call.created)
        refund["metadata"] = try parameters.metadata()
        refunds[refund.text("id")] = refund
        charge["amount_refunded"] = JSON(charge.number("amount_refunded") + amount)
        charge["refunded"] = .bool(charge.number("amount_refunded") == charge.number("amount_captured"))
        charges[charge.text("id")] = charge
        emit("refund.created", refund, call)
        emit("charge.refunded", charge, call)
        return .object(refund)
    }

    private func refundableCharge(_ parameters: StripeParameters) throws(StripeError) -> JSONObject {
        if let id = try parameters.text("payment_intent") {
            guard let intent = intents[id] else {
                throw .noSuch("payment_intent", id, param: "payment_intent", status: 400)
            }
            guard intent["status"] == "succeeded", let charge = charges[intent.text("latest_charge")] else {
                throw StripeError(
                    code: "payment_intent_unexpected_state",
                    message: "This PaymentIntent (\(id)) does not have a successful charge to refund.",
                    param: "payment_intent")
            }
            return charge
        }
        guard let id = try parameters.text("charge") else {
            throw .invalid(
                "payment_intent",
                "One of the following params should be provided for this request: payment_intent or charge.",
                code: "parameter_missing")
        }
        guard let charge = charges[id] else { throw .noSuch("charge", id, param: "charge", status: 400) }
        guard charge["paid"] == true else {
            throw .invalid("charge", "Charge \(id) has failed and cannot be refunded.")
        }
        return charge
    }

    mutating func createEndpoint(_ parameters: StripeParameters, _ call: StripeCall) throws(StripeError) -> JSON {
        try parameters.requireOnly("api_version connect description enabled_events metadata url")
        let url = try parameters.requiredText("url")
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw .invalid(
                "url", "Invalid URL: An explicit scheme (such as https) must be provided.", code: "url_invalid")
        }
        let events = try parameters.texts("enabled_events")
        guard !events.isEmpty else { throw .missing("enabled_events") }
        let secret = "whsec_" + StripeID.random(32)
        var endpoint = addEndpoint(url: url, secret: Secret(secret), events: events, call)
        endpoint["description"] = JSON(try parameters.text("description"))
        endpoint["api_version"] = JSON(try parameters.text("api_version"))
        endpoint["metadata"] = try parameters.metadata()
        endpoints[endpoint.text("id")] = endpoint
        endpoint["secret"] = .string(secret)
        return .object(endpoint)
    }

    @discardableResult
    mutating func addEndpoint(url: String, secret: Secret, events: [String], _ call: StripeCall) -> JSONObject {
        let endpoint = StripeShapes.webhookEndpoint(
            id: StripeID.make("we"), url: url, events: events, created: call.created)
        endpoints[endpoint.text("id")] = endpoint
        secrets[endpoint.text("id")] = secret
        return endpoint
    }

    mutating func changeEndpoint(_ id: String, _ parameters: StripeParameters) throws(StripeError) -> JSON {
        try parameters.requireOnly("description disabled enabled_events metadata url")
        var endpoint = try find(\.endpoints, "webhook endpoint", id)
        if let url = try parameters.text("url") { endpoint["url"] = .string(url) }
        if let isDisabled = try parameters.boolean("disabled") {
            endpoint["status"] = isDisabled ? "disabled" : "enabled"
        }
        let events = try parameters.texts("enabled_events")
        if !events.isEmpty { endpoint["enabled_events"] = .array(events.map { .string($0) }) }
        if let description = try parameters.text("description") { endpoint["description"] = .string(description) }
        endpoint["metadata"] = try parameters.metadata(changing: endpoint["metadata"])
        endpoints[id] = endpoint
        return .object(endpoint)
    }

    mutating func deleteEndpoint(_ id: String) throws(StripeError) -> JSON {
        _ = try find(\.endpoints, "webhook endpoint", id)
        endpoints[id] = nil
        secrets[id] = nil
        return ["id": .string(id), "object": "webhook_endpoint", "deleted": true]
    }

    /// Where an event goes.
    func receivers(of type: String) -> [WebhookReceiver] {
        endpoints.oldestFirst.compactMap { endpoint in
            let wanted = endpoint["enabled_events"]?.array ?? []
            guard endpoint["status"] == "enabled", wanted.contains("*") || wanted.contains(.string(type)),
                let secret = secrets[endpoint.text("id")]
            else { return nil }
            return WebhookReceiver(url: endpoint.text("url"), secret: secret)
        }
    }
}
