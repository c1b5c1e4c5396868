import Primitives

/// New objects with every member that Stripe's have, most of them null.
enum StripeShapes {
    static let apiVersion = "2026-10-28.endive"

    static func session(id: String, created: Int) -> JSONObject {
        var object = JSONObject(
            nulls: """
                id object adaptive_pricing after_expiration allow_promotion_codes amount_subtotal amount_total \
                automatic_tax billing_address_collection cancel_url client_reference_id client_secret \
                collected_information consent consent_collection created currency currency_conversion custom_fields \
                custom_text customer customer_account customer_creation customer_details customer_email discounts \
                expires_at integration_identifier invoice invoice_creation livemode locale managed_payments metadata \
                mode origin_context payment_intent payment_link payment_method_collection \
                payment_method_configuration_details payment_method_options payment_method_types payment_status \
                permissions phone_number_collection recovered_from saved_payment_method_options setup_intent \
                shipping_address_collection shipping_cost shipping_options status submit_type subscription \
                success_url total_details ui_mode url wallet_options
                """)
        object["id"] = .string(id)
        object["object"] = "checkout.session"
        object["created"] = JSON(created)
        object["adaptive_pricing"] = ["enabled": false]
        object["automatic_tax"] = ["enabled": false, "liability": nil, "provider": nil, "status": nil]
        object["custom_fields"] = []
        object["custom_text"] = [
            "after_submit": nil, "shipping_address": nil, "submit": nil, "terms_of_service_acceptance": nil,
        ]
        object["invoice_creation"] = [
            "enabled": false,
            "invoice_data": [
                "account_tax_ids": nil, "custom_fields": nil, "description": nil, "footer": nil, "issuer": nil,
                "metadata": [:], "rendering_options": nil,
            ],
        ]
        object["livemode"] = false
        object["mode"] = "payment"
        object["metadata"] = [:]
        object["payment_method_collection"] = "if_required"
        object["payment_method_options"] = ["card": ["request_three_d_secure": "automatic"]]
        object["payment_method_types"] = ["card"]
        object["payment_status"] = "unpaid"
        object["phone_number_collection"] = ["enabled": false]
        object["shipping_options"] = []
        object["status"] = "open"
        return object
    }

    static func lineItem(id: String, price: JSON, description: String, quantity: Int, total: Int) -> JSONObject {
        [
            "id": .string(id), "object": "item", "adjustable_quantity": nil, "amount_discount": 0,
            "amount_subtotal": JSON(total), "amount_tax": 0, "amount_total": JSON(total),
            "currency": price["currency"] ?? nil, "description": .string(description), "metadata": [:],
            "price": price, "quantity": JSON(quantity),
        ]
    }

    static func price(id: String, product: String, currency: String, unitAmount: Int, created: Int) -> JSON {
        [
            "id": .string(id), "object": "price", "active": false, "billing_scheme": "per_unit",
            "created": JSON(created), "currency": .string(currency), "custom_unit_amount": nil, "livemode": false,
            "lookup_key": nil, "metadata": [:], "nickname": nil, "product": .string(product), "recurring": nil,
            "tax_behavior": "unspecified", "tiers_mode": nil, "transform_quantity": nil, "type": "one_time",
            "unit_amount": JSON(unitAmount), "unit_amount_decimal": .string(String(unitAmount)),
        ]
    }

    static func paymentIntent(id: String, amount: Int, currency: String, created: Int) -> JSONObject {
        var object = JSONObject(
            nulls: """
                id object amount amount_capturable amount_details amount_received application \
                application_fee_amount automatic_payment_methods canceled_at cancellation_reason capture_method \
                client_secret confirmation_method created currency customer customer_account description \
                excluded_payment_method_types last_payment_error latest_charge livemode managed_payments metadata \
                next_action on_behalf_of payment_method payment_method_configuration_details payment_method_options \
                payment_method_types processing receipt_email review setup_future_usage shipping source \
                statement_descriptor statement_descriptor_suffix status transfer_data transfer_group
                """)
        object["id"] = .string(id)
        object["object"] = "payment_intent"
        object["amount"] = JSON(amount)
        object["amount_capturable"] = 0
        object["amount_details"] = ["tip": [:]]
        object["amount_received"] = 0
        object["capture_method"] = "automatic_async"
        object["client_secret"] = .string("\(id)_secret_\(StripeID.random(24))")
        object["confirmation_method"] = "automatic"
        object["created"] = JSON(created)
        object["currency"] = .string(currency)
        object["livemode"] = false
        object["metadata"] = [:]
        object["payment_method_options"] = ["card": ["request_three_d_secure": "automatic"]]
        object["payment_method_types"] = ["card"]
        object["status"] = "requires_payment_method"
        return object
    }

    /// The charge of an attempt to pay an intent.
    static func charge(id: String, of intent: JSONObject, card: TestCard, email: JSON, created: Int) -> JSONObject {
        var object = JSONObject(
            nulls: """
                id object amount amount_captured amount_refunded application application_fee application_fee_amount \
                balance_transaction billing_details calculated_statement_descriptor captured created currency \
                customer description disputed failure_balance_transaction failure_code failure_message \
                fraud_details livemode metadata on_behalf_of outcome paid payment_intent payment_method \
                payment_method_details receipt_email receipt_number receipt_url refunded refunds review shipping \
                source source_transfer statement_descriptor statement_descriptor_suffix status transfer_data \
                transfer_group
                """)
        let isPaid = card.decline == nil
        object["id"] = .string(id)
        object["object"] = "charge"
        object["amount"] = intent["amount"]
        object["amount_captured"] = isPaid ? intent["amount"] : 0
        object["amount_refunded"] = 0
        object["balance_transaction"] = isPaid ? .string(StripeID.make("txn")) : nil
        object["billing_details"] = [
            "address": [
                "city": nil, "country": nil, "line1": nil, "line2": nil, "postal_code": nil, "state": nil,
            ], "email": email, "name": nil, "phone": nil, "tax_id": nil,
        ]
        object["calculated_statement_descriptor"] = "SIMULATED"
        object["captured"] = .bool(isPaid)
        object["created"] = JSON(created)
        object["currency"] = intent["currency"]
        object["customer"] = intent["customer"]
        object["description"] = intent["description"]
        object["disputed"] = false
        object["failure_code"] = JSON(card.decline?.code)
        object["failure_message"] = JSON(card.decline?.message)
        object["fraud_details"] = [:]
        object["livemode"] = false
        object["metadata"] = intent["metadata"]
        object["outcome"] = [
            "advice_code": nil, "network_advice_code": nil, "network_decline_code": nil,
            "network_status": isPaid ? "approved_by_network" : "declined_by_network",
            "reason": JSON(card.decline?.declineCode), "risk_level": "normal", "risk_score": 20,
            "seller_message": isPaid ? "Payment complete." : "The bank declined the payment.",
            "type": isPaid ? "authorized" : "issuer_declined",
        ]
        object["paid"] = .bool(isPaid)
        object["payment_intent"] = intent["id"]
        object["payment_method"] = .string(StripeID.make("pm"))
        object["payment_method_details"] = ["card": cardDetails(card, amount: intent["amount"]), "type": "card"]
        object["refunded"] = false
        object["refunds"] = Shelf.page([], url: "/v1/charges/\(id)/refunds")
        object["status"] = isPaid ? "succeeded" : "failed"
        return object
    }

    private static func cardDetails(_ card: TestCard, amount: JSON?) -> JSON {
        var details = JSONObject(
            nulls: """
                amount_authorized authorization_code brand checks country exp_month exp_year extended_authorization \
                fingerprint funding incremental_authorization installments last4 mandate multicapture network \
                network_token network_transaction_id overcapture regulated_status three_d_secure \
                transaction_link_id wallet
                """)
        details["amount_authorized"] = amount
        details["brand"] = "visa"
        details["checks"] = [
            "address_line1_check": nil, "address_postal_code_check": nil,
            "cvc_check": card.decline?.code == "incorrect_cvc" ? "fail" : "pass",
        ]
        details["country"] = "US"
        details["exp_month"] = 12
        details["exp_year"] = 2034
        details["extended_authorization"] = ["status": "disabled"]
        details["fingerprint"] = "Xt5EWLLDS7FJjR1c"
        details["funding"] = "credit"
        details["incremental_authorization"] = ["status": "unavailable"]
        details["last4"] = .string(String(card.number.suffix(4)))
        details["multicapture"] = ["status": "unavailable"]
        details["network"] = "visa"
        details["network_token"] = ["used": false]
        details["overcapture"] = ["maximum_amount_capturable": amount ?? 0, "status": "unavailable"]
        details["regulated_status"] = "unregulated"
        if card.isAuthenticated {
            details["three_d_secure"] = [
                "authentication_flow": "challenge", "electronic_commerce_indicator": "05",
                "exemption_indicator": nil, "result": "authenticated", "result_reason": nil,
                "transaction_id": .string(StripeID.random(24)), "version": "2.2.0",
            ]
        }
        return .object(details)
    }

    static func refund(id: String, charge: JSONObject, amount: Int, reason: String?, created: Int) -> JSONObject {
        [
            "id": .string(id), "object": "refund", "amount": JSON(amount),
            "balance_transaction": .string(StripeID.make("txn")), "charge": charge["id"] ?? nil,
            "created": JSON(created), "currency": charge["currency"] ?? nil, "customer": charge["customer"] ?? nil,
            "customer_account": nil,
            "destination_details": [
                "card": [
                    "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund",
                ], "type": "card",
            ], "metadata": [:], "payment_intent": charge["payment_intent"] ?? nil,
            "payment_method": charge["payment_method"] ?? nil, "reason": JSON(reason), "receipt_number": nil,
            "source_transfer_reversal": nil, "status": "succeeded", "transfer_reversal": nil,
        ]
    }

    static func customer(id: String, created: Int) -> JSONObject {
        var object = JSONObject(
            nulls: """
                id object address balance created currency default_source delinquent description discount email \
                invoice_prefix invoice_settings livemode metadata name next_invoice_sequence phone preferred_locales \
                shipping tax_exempt test_clock
                """)
        object["id"] = .string(id)
        object["object"] = "customer"
        object["balance"] = 0
        object["created"] = JSON(created)
        object["delinquent"] = false
        object["invoice_prefix"] = .string(StripeID.random(8).uppercased())
        object["invoice_settings"] = [
            "custom_fields": nil, "default_payment_method": nil, "footer": nil, "rendering_options": nil,
        ]
        object["livemode"] = false
        object["metadata"] = [:]
        object["next_invoice_sequence"] = 1
        object["preferred_locales"] = []
        object["tax_exempt"] = "none"
        return object
    }

    static func webhookEndpoint(id: String, url: String, events: [String], created: Int) -> JSONObject {
        [
            "id": .string(id), "object": "webhook_endpoint", "api_version": nil, "application": nil,
            "created": JSON(created), "description": nil, "enabled_events": .array(events.map { .string($0) }),
            "livemode": false, "metadata": [:], "status": "enabled", "url": .string(url),
        ]
    }

    static func event(id: String, type: String, object: JSONObject, call: StripeCall) -> JSONObject {
        [
            "id": .string(id), "object": "event", "api_version": .string(apiVersion), "created": JSON(call.created),
            "data": ["object": .object(object)], "livemode": false, "pending_webhooks": 0,
            "request": ["id": JSON(call.requestID), "idempotency_key": JSON(call.idempotencyKey)],
            "type": .string(type),
        ]
    }
}

/// Identifiers as Stripe makes them.
enum StripeID {
    private static let characters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func random(_ count: Int) -> String {
        var random = SystemRandomNumberGenerator()
        return String(
            decoding: (0..<count).map { _ in characters[Int.random(in: 0..<characters.count, using: &random)] },
            as: UTF8.self)
    }

    static func make(_ prefix: String, _ count: Int = 24) -> String { "\(prefix)_\(random(count))" }
}

/// What the simulator knows about a call while it carries it out.
struct StripeCall: Sendable {
    let now: Instant
    let requestID: String?
    let idempotencyKey: String?
    /// Where the simulator is reached, for links to the payment page.
    let publicURL: String

    /// Unix seconds.
    var created: Int { Int(now.microseconds / 1_000_000) }
}
