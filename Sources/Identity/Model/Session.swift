public import Primitives

/// A browser that someone is signed in with.
public struct Session: Hashable, Sendable {
    public let store: StoreID
    public let id: SessionID
    public let account: AccountID
    public let role: AccountRole
    public let createdAt: Instant
    /// When it was used, to the hour.
    public let lastSeenAt: Instant
    public let expiresAt: Instant

    public init(
        store: StoreID, id: SessionID, account: AccountID, role: AccountRole, createdAt: Instant, lastSeenAt: Instant,
        expiresAt: Instant
    ) {
        self.store = store
        self.id = id
        self.account = account
        self.role = role
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
    }

    /// Whether it still opens anything.
    public func isAlive(at now: Instant) -> Bool {
        now < expiresAt && now.seconds(since: lastSeenAt) < Identity.sessionIdleSeconds
    }
}
