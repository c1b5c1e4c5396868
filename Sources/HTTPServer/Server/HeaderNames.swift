import HTTPTypes

extension HTTPField.Name {
    static let allow = known("Allow")
    static let contentSecurityPolicy = known("Content-Security-Policy")
    static let contentTypeOptions = known("X-Content-Type-Options")
    static let forwardedFor = known("X-Forwarded-For")
    static let idempotencyKey = known("Idempotency-Key")
    static let orderToken = known("Order-Token")
    static let origin = known("Origin")
    static let referrerPolicy = known("Referrer-Policy")
    static let requestID = known("X-Request-ID")
    static let shipshapeKey = known("Shipshape-Key")
    static let accessControlRequestMethod = known("Access-Control-Request-Method")

    private static func known(_ name: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name(name.description) else { preconditionFailure("not a field name: \(name)") }
        return name
    }
}
