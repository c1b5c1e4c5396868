public import Primitives

/// What a request showed to say who sends it.
public struct Credentials: Hashable, Sendable {
    /// What follows `Bearer` in `Authorization`.
    public var bearer: String?
    /// `Shipshape-Key`.
    public var publishableKey: String?
    /// `Order-Token`.
    public var orderToken: String?
    /// `Origin`, which browsers send.
    public var origin: String?
    /// The cookie of a signed-in member of staff.
    public var session: String?

    /// The name of that cookie.
    public static let sessionCookie = "shipshape_session"

    public init(
        bearer: String? = nil, publishableKey: String? = nil, orderToken: String? = nil, origin: String? = nil,
        session: String? = nil
    ) {
        self.bearer = bearer
        self.publishableKey = publishableKey
        self.orderToken = orderToken
        self.origin = origin
        self.session = session
    }
}

/// The parameters of a path by their names, percent-decoded and not yet validated.
public struct PathParameters: Hashable, Sendable {
    private let values: [(name: String, value: String)]

    init(_ values: [(name: String, value: String)]) {
        self.values = values
    }

    /// For tests of authenticators.
    public init(_ values: KeyValuePairs<String, String>) {
        self.values = values.map { ($0.key, $0.value) }
    }

    public subscript(name: String) -> String? {
        values.first { $0.name == name }?.value
    }

    public static func == (left: PathParameters, right: PathParameters) -> Bool {
        left.values.elementsEqual(right.values) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) {
        for value in values {
            hasher.combine(value.name)
            hasher.combine(value.value)
        }
    }
}

/// Who sends a request, as the authenticator found out.
public struct Caller: Hashable, Sendable {
    /// How the caller identified itself.
    public enum Means: Hashable, Sendable {
        case nothing
        case publishableKey(APIKeyID)
        case secretKey(APIKeyID)
        case orderToken(OrderID)
        case session(SessionID, AccountID)
    }

    public var means: Means
    /// The store that the credentials belong to; nil without a key.
    public var store: StoreID?
    /// What a secret key may do; empty otherwise.
    public var scopes: Set<Scope>

    public init(_ means: Means, store: StoreID?, scopes: Set<Scope> = []) {
        self.means = means
        self.store = store
        self.scopes = scopes
    }

    /// - Throws: `forbidden` when a secret key was not given the scope.
    public func require(_ scope: Scope) throws(Problem) {
        guard scopes.contains("*") || scopes.contains(scope) else {
            throw Problem(.forbidden, "forbidden", "The key lacks the scope \(scope).")
        }
    }

    /// A request without credentials.
    public static let anonymous = Caller(.nothing, store: nil)

    /// The key's id, for logs and idempotency.
    public var key: APIKeyID? {
        switch means {
        case .publishableKey(let key), .secretKey(let key): key
        case .nothing, .orderToken, .session: nil
        }
    }

    /// Whether the caller is staff or a back end, not a buyer.
    public var isStaff: Bool {
        switch means {
        case .secretKey, .session: true
        case .nothing, .publishableKey, .orderToken: false
        }
    }

    /// Who events are recorded as done by.
    public var actor: Actor {
        switch means {
        case .secretKey(let key): .apiKey(key)
        case .session(_, let account): .account(account)
        case .publishableKey, .orderToken, .nothing: .buyer
        }
    }
}

/// Finds out who sends a request. Called for every request to an endpoint that is not for anyone: it should answer from
/// memory where it can.
public protocol Authenticator: Sendable {
    /// - Parameter path: the path's parameters, for tokens that belong to what the path names.
    /// - Throws: `Problem` of kind `unauthenticated` when nothing acceptable was shown, `forbidden` when what was shown
    ///   is genuine and not enough.
    func caller(
        showing credentials: Credentials, for requirement: CallerRequirement, path: PathParameters
    ) async throws -> Caller

    /// Whether pages of this origin may call: some active publishable key names it.
    func isAllowed(origin: String) async -> Bool
}
