public import HTTPServer
import Identity
public import Orders
public import Persistence
public import Primitives
import Stores

/// Finds out who calls: API keys and sessions by their digests, orders' buyers by their tokens. What it knows of a key
/// or a session is at most a second old, so a revoked one stops within a second in every process.
public struct KeyAuthenticator: Authenticator {
    private let database: any Database
    private let tokens: OrderTokens
    private let clock: any Clock
    private let keys: BriefCache<[UInt8], APIKey?>
    private let sessions: BriefCache<[UInt8], Session?>
    private let origins: BriefCache<String, Set<String>>

    public init(database: any Database, clock: any Clock, tokens: OrderTokens) {
        self.database = database
        self.tokens = tokens
        self.clock = clock
        sessions = BriefCache(lifetimeSeconds: ShopAPI.cacheSeconds, capacity: 10_000, clock: clock)
        keys = BriefCache(
            lifetimeSeconds: ShopAPI.cacheSeconds, capacity: 10_000, renewsEarly: true, clock: clock)
        origins = BriefCache(lifetimeSeconds: ShopAPI.cacheSeconds, capacity: 1, renewsEarly: true, clock: clock)
    }

    public func caller(
        showing credentials: Credentials, for requirement: CallerRequirement, path: PathParameters
    ) async throws -> Caller {
        if case .session(let scope) = requirement {
            return try await signedIn(credentials.session, scope: scope)
        }
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

    private func signedIn(_ token: String?, scope: Scope) async throws -> Caller {
        guard let token, SignInToken.isWellFormed(token) else { throw Self.unauthenticated(.session(scope)) }
        let digest = SignInToken.digest(of: token)
        let session = try await sessions.value(for: digest) { [database, clock] in
            let session = try await database.read("identity.session") { tx in
                try Identity.session(digest: digest, in: tx)
            }
            let now = clock.now()
            if let session, session.isAlive(at: now),
                now.seconds(since: session.lastSeenAt) >= Identity.sessionNoteSeconds
            {
                try await database.write("identity.session_use") { tx in
                    try Identity.noteUse(of: session.id, store: session.store, in: tx)
                }
            }
            return session
        }
        guard let session, session.isAlive(at: clock.now()) else { throw Self.unauthenticated(.session(scope)) }
        switch session.role {
        // May do everything, what later versions add included.
        case .owner: break
        }
        return Caller(.session(session.id, session.account), store: session.store, scopes: [scope])
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
        let caller = Caller(.secretKey(key.id), store: key.store, scopes: Set(key.scopes.map(Scope.init(rawValue:))))
        try caller.require(scope)
        return caller
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
