public import Persistence
public import Primitives

/// Ends a key. Processes that cache it stop honouring it within a second.
public struct RevokeAPIKey: Sendable {
    private let key: APIKeyID

    public init(_ key: APIKeyID) {
        self.key = key
    }

    /// - Throws: `not_found` when there is no such key or it is revoked already.
    public func run(in tx: borrowing Transaction) throws {
        guard try APIKeyTable.revoke(key, in: tx) else { throw Problem.notFound("active key") }
    }
}
