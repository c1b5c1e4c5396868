import HTTPTypes

extension HTTPField.Name {
    static let forwardedFor = known("X-Forwarded-For")
    static let idempotencyKey = known("Idempotency-Key")
    static let orderToken = known("Order-Token")
    static let referrerPolicy = known("Referrer-Policy")
    static let requestID = known("X-Request-ID")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let shipshapeKey = known("Shipshape-Key")

    /// All of these are names, as the tests of the headers show; what stands in for none is never used.
    private static func known(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .userAgent
    }
}
