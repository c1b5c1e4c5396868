import Primitives

/// What Stripe answers when it refuses (https://docs.stripe.com/api/errors).
struct StripeError: Error, Sendable {
    var status = 400
    var type = "invalid_request_error"
    var code: String?
    var message: String
    var param: String?
    /// Further members, such as `decline_code` and `payment_intent`.
    var extra = JSONObject()

    var json: JSON {
        var error = extra
        error["type"] = .string(type)
        if let code {
            error["code"] = .string(code)
            error["doc_url"] = .string(
                "https://stripe.com/docs/error-codes/\(code.map { $0 == "_" ? "-" : String($0) }.joined())")
        }
        error["message"] = .string(message)
        if let param { error["param"] = .string(param) }
        return ["error": .object(error)]
    }

    static func invalid(_ param: String, _ message: String, code: String? = nil) -> StripeError {
        StripeError(code: code, message: message, param: param)
    }

    static func missing(_ param: String) -> StripeError {
        invalid(param, "Missing required param: \(param).", code: "parameter_missing")
    }

    static func unknown(_ param: String) -> StripeError {
        invalid(param, "Received unknown parameter: \(param)", code: "parameter_unknown")
    }

    /// - Parameter status: 404 for the thing that the address names, 400 for one that a parameter names.
    static func noSuch(_ kind: String, _ id: String, param: String = "id", status: Int = 404) -> StripeError {
        StripeError(
            status: status, code: "resource_missing", message: "No such \(kind): '\(id)'", param: param)
    }

    static let noKey = StripeError(
        status: 401,
        message: """
            You did not provide an API key. You need to provide your API key in the Authorization header, using \
            Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').
            """)

    /// - Parameter key: shown with its middle hidden, as Stripe does.
    static func invalidKey(_ key: String) -> StripeError {
        let shown = key.count > 12 ? "\(key.prefix(8))********\(key.suffix(4))" : "********"
        return StripeError(status: 401, message: "Invalid API Key provided: \(shown)")
    }

    static let rateLimited = StripeError(
        status: 429, code: "rate_limit",
        message: "Request rate limit exceeded. Learn more about rate limits here: https://stripe.com/docs/rate-limits.")

    static let broken = StripeError(
        status: 500, type: "api_error",
        message: "Sorry! There was an error while talking to one of our backends. Support has been notified.")

    static func keyInUse(_ key: String) -> StripeError {
        StripeError(
            status: 409, type: "idempotency_error", code: "idempotency_key_in_use",
            message: """
                There is currently another in-progress request using this Idempotent Key (that probably means you \
                submitted twice, and the other request is still going through): \(key). Please try again later.
                """)
    }

    static func keyReused(_ key: String) -> StripeError {
        StripeError(
            type: "idempotency_error",
            message: """
                Keys for idempotent requests can only be used with the same parameters they were first used with. \
                Try using a key other than '\(key)' if you meant to execute a different request.
                """)
    }
}
