/// What an endpoint asks of those who call it. No endpoint can be declared without one.
public struct Policy: Hashable, Sendable {
    /// Whether the header `Idempotency-Key` belongs to the endpoint.
    public enum IdempotencyKey: String, Hashable, Sendable {
        /// One that is sent has no effect.
        case notUsed
        /// One that is sent makes the change once, however often the request is sent.
        case optional
        /// Missing, it is refused: 400 `idempotency_key.missing`.
        case required
    }

    /// Who may call.
    public var caller: CallerRequirement
    /// How often one caller may.
    public var rateLimit: RateLimitClass
    /// The longest body; a longer one is refused: 413 `body.too_large`.
    public var bodyLimitBytes: Int
    /// How long the handler may take: then 503 `timeout`.
    public var timeoutSeconds: Double
    public var idempotencyKey: IdempotencyKey

    public init(
        _ caller: CallerRequirement, rateLimit: RateLimitClass, bodyLimitBytes: Int = 1 << 20,
        timeoutSeconds: Double = 15, idempotencyKey: IdempotencyKey = .notUsed
    ) {
        self.caller = caller
        self.rateLimit = rateLimit
        self.bodyLimitBytes = bodyLimitBytes
        self.timeoutSeconds = timeoutSeconds
        self.idempotencyKey = idempotencyKey
    }
}

/// What a secret key may do, such as `orders:write`.
public struct Scope: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        rawValue = value
    }

    public var description: String { rawValue }
}

/// Who may call an endpoint.
public enum CallerRequirement: Hashable, Sendable {
    /// Anyone, without a key.
    case anyone
    /// A storefront: `Shipshape-Key: pk_…`.
    case publishableKey
    /// A back end: `Authorization: Bearer sk_…` with the scope.
    case secretKey(Scope)
    /// Either.
    case publishableOrSecretKey(Scope)
    /// Who knows the checkout's id, which is in the path, with the store's publishable key.
    case checkoutHolder
    /// Who has the `Order-Token` of the order in the path.
    case orderHolder
    /// Who has the `Order-Token` of the order in the path, or a secret key with the scope.
    case orderHolderOrSecretKey(Scope)

    /// Staff who are signed in to the dashboard, with a permission such as `orders:write`.
    case session(Scope)

    /// The scope that a secret key needs; nil where a secret key does not help.
    public var scope: Scope? {
        switch self {
        case .secretKey(let scope), .publishableOrSecretKey(let scope), .orderHolderOrSecretKey(let scope): scope
        case .anyone, .publishableKey, .checkoutHolder, .orderHolder, .session: nil
        }
    }

    /// Whether the endpoint is made to be called by browsers.
    public var acceptsPublishableKey: Bool {
        switch self {
        case .publishableKey, .publishableOrSecretKey, .checkoutHolder: true
        case .anyone, .secretKey, .orderHolder, .orderHolderOrSecretKey, .session: false
        }
    }

    /// Whether an order's token opens the endpoint.
    public var acceptsOrderToken: Bool {
        switch self {
        case .orderHolder, .orderHolderOrSecretKey: true
        case .anyone, .publishableKey, .secretKey, .publishableOrSecretKey, .checkoutHolder, .session: false
        }
    }
}

/// How often one caller may call the endpoints of a class. Declared and documented; counted from a later release on.
public struct RateLimitClass: Hashable, Sendable {
    /// Lower-case words, such as `checkout`.
    public let name: String
    public let requests: Int
    public let perSeconds: Int

    public init(_ name: String, requests: Int, perSeconds: Int) {
        self.name = name
        self.requests = requests
        self.perSeconds = perSeconds
    }
}
