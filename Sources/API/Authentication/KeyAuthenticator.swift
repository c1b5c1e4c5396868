public import HTTPServer
public import Orders
public import Persistence
public import Primitives
import Stores

/// Finds out who calls: API keys by their digests, orders' buyers by their tokens. What it knows of a key is at most
/// a second old, so a revoked key stops within a second in every process.
public struct KeyAuthenticator: Authenticator {
    private let database: any Database
    private let tokens: OrderTokens
    private let keys: BriefCache<[UInt8], APIKey?>
    private let origins: BriefCache<String, Set<String>>

    public init(database: any Database, clock: any Clock, tokens: OrderTokens) {
        self.database = database
        self.tokens = tokens
        keys = BriefCache(lifetimeSeconds: ShopAPI.cacheSeconds, capacity: 10_000, clock: clock)
        origins = BriefCache(lifetimeSeconds: ShopAPI.cacheSeconds, capacity: 1, clock: clock)
    }

    public func caller(
        showing credentials: Credentials, for requirement: CallerRequirement, path: PathParameters
    ) async throws -> Caller {
        if requirement.acceptsOrderToken, let token = credentials.orderToken {
            return try orderHolder(token, path: path)
        }
        if let scope = requirement.scope, let bearer = credentials.bearer {
            return try await secretKeyHolder(bearer, scope: scope)
        }
        if requirement.acceptsPublishableKey, let key = credentials.publishableKey {
            return try await publishableKeyHolder(key, origin: credentials.origin)
        }
        throw Self.unauthenticated(requirement)
    }

    public func isAllowed(origin: String) async -> Bool {
        // ignored: without the database no page may call; the request itself says what is wrong
        let known = try? await origins.value(for: "all") { [database] in
            try await database.read("stores.origins") { tx in try Stores.publishableOrigins(in: tx) }
        }
        guard let known else { return false }
        return known.contains(origin) || known.contains("")
    }

    private func orderHolder(_ token: String, path: PathParameters) throws -> Caller {
        guard let order = path["order"].flatMap({ OrderID($0) }), let store = tokens.store(of: token, for: order) else {
            throw Problem(.unauthenticated, "unauthenticated", "The Order-Token is not that of this order.")
        }
        return Caller(.orderToken(order), store: store)
    }

    private func secretKeyHolder(_ text: String, scope: Scope) async throws -> Caller {
        guard let key = try await key(text, .secret) else {
            throw Problem(.unauthenticated, "unauthenticated", "The secret key is not known or was revoked.")
        }
        guard key.scopes.contains("*") || key.scopes.contains(scope.rawValue) else {
            throw Problem(.forbidden, "forbidden", "The key lacks the scope \(scope).")
        }
        return Caller(.secretKey(key.id), store: key.store, scopes: Set(key.scopes.map(Scope.init(rawValue:))))
    }

    private func publishableKeyHolder(_ text: String, origin: String?) async throws -> Caller {
        guard let key = try await key(text, .publishable) else {
            throw Problem(.unauthenticated, "unauthenticated", "The publishable key is not known or was revoked.")
        }
        if let origin, !key.origins.isEmpty, !key.origins.contains(origin) {
            throw Problem(.forbidden, "forbidden", "The key may not be used from this origin.")
        }
        return Caller(.publishableKey(key.id), store: key.store)
    }

    private func key(_ text: String, _ kind: APIKeyKind) async throws -> APIKey? {
        guard APIKeyToken.isWellFormed(text, kind) else { return nil }
        let digest = APIKeyToken.digest(of: text)
        let key = try await keys.value(for: digest) { [database] in
            try await database.read("stores.key") { tx in try Stores.apiKey(digest: digest, in: tx) }
        }
        guard let key, key.kind == kind, key.revokedAt == nil else { return nil }
        return key
    }

    private static func unauthenticated(_ requirement: CallerRequirement) -> Problem {
        let detail =
            switch requirement {
            case .anyone: "Nothing is needed."
            case .publishableKey, .checkoutHolder: "Send a publishable key in the header Shipshape-Key."
            case .secretKey: "Send a secret key: Authorization: Bearer sk_…"
            case .publishableOrSecretKey:
                "Send a publishable key in the header Shipshape-Key, or a secret key: Authorization: Bearer sk_…"
            case .orderHolder: "Send the order's token in the header Order-Token."
            case .session: "Sign in to the dashboard."
            case .orderHolderOrSecretKey:
                "Send the order's token in the header Order-Token, or a secret key: Authorization: Bearer sk_…"
            }
        return Problem(.unauthenticated, "unauthenticated", detail)
    }
}
