public import Primitives

/// What someone may do in a store.
public enum AccountRole: String, Sendable, CaseIterable {
    /// Everything.
    case owner
}

/// Someone who runs a store.
public struct Account: Hashable, Sendable {
    public let store: StoreID
    public let id: AccountID
    /// Nil for an account that signs in by links from the console only.
    public var email: EmailAddress?
    public var name: String
    public let role: AccountRole
    /// Grows by one with every change.
    public var version: Int
    public let createdAt: Instant

    public init(
        store: StoreID, id: AccountID, email: EmailAddress?, name: String, role: AccountRole, version: Int = 1,
        createdAt: Instant
    ) {
        self.store = store
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.version = version
        self.createdAt = createdAt
    }
}
