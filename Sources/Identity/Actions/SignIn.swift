import EventLog
public import Persistence
import Primitives

/// Turns a sign-in link into a session. The statement that marks the link is the guard: of two that come with the same
/// link, one gets nothing.
public struct SignIn: Sendable {
    private let link: String
    private let token: SignInToken
    private let requestID: String?

    /// - Parameters:
    ///   - link: the secret of the link, as presented.
    ///   - token: the secret of the session to be.
    public init(link: String, token: SignInToken, requestID: String?) {
        self.link = link
        self.token = token
        self.requestID = requestID
    }

    /// - Throws: `sign_in_link.spent` when the link is unknown, used or too old; which, nobody is told.
    public func run(in tx: borrowing Transaction) throws -> Session {
        guard SignInToken.isWellFormed(link),
            let owner = try SignInLinkTable.use(digest: SignInToken.digest(of: link), in: tx),
            let account = try AccountTable.find(owner.account, store: owner.store, in: tx)
        else {
            throw Problem(.gone, "sign_in_link.spent", "This link was used already or is too old. Ask for another.")
        }
        // Links that lie about in mails after their owner came in serve nobody but somebody else.
        try SignInLinkTable.spendAll(of: account.id, store: account.store, in: tx)
        let session = Session(
            store: account.store, id: tx.newIdentifier(), account: account.id, role: account.role, createdAt: tx.now,
            lastSeenAt: tx.now, expiresAt: tx.now.adding(seconds: Identity.sessionLifetimeSeconds))
        try SessionTable.insert(session, digest: SignInToken.digest(of: token.text), in: tx)
        guard let version = try AccountTable.raiseVersion(of: account.id, store: account.store, in: tx) else {
            throw Problem.notFound("account")
        }
        try EventLog.append(
            [
                account.event(
                    "account.signed_in", version: version, actor: .account(account.id),
                    data: ["session_id": JSON(session.id)], requestID: requestID)
            ], in: tx)
        return session
    }
}
