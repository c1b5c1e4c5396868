public import Persistence
public import Primitives

extension Identity {
    /// The session whose secret has this digest; nil when it was revoked. Whether it is alive, `Session.isAlive` says.
    public static func session(digest: [UInt8], in tx: borrowing Transaction) throws -> Session? {
        try SessionTable.find(digest: digest, in: tx)
    }

    /// Writes down that a session is in use; no change that anyone follows.
    public static func noteUse(of session: SessionID, store: StoreID, in tx: borrowing Transaction) throws {
        try SessionTable.touch(session, store: store, in: tx)
    }

    /// Whether a link can still be used. Asking does not use it up.
    public static func isUsable(link: String, in tx: borrowing Transaction) throws -> Bool {
        guard SignInToken.isWellFormed(link) else { return false }
        return try SignInLinkTable.isUsable(digest: SignInToken.digest(of: link), in: tx)
    }
}
