import EventLog
public import Persistence
public import Primitives

/// Makes a link that signs an account in once. The secret is in the caller's hands; the database gets its digest.
public struct IssueSignInLink: Sendable {
    private let store: StoreID
    private let account: AccountID
    private let token: SignInToken
    private let actor: Actor
    private let most: Int

    /// - Parameter most: links of the account that can be used at one time; with so many, no other is made.
    public init(store: StoreID, account: AccountID, token: SignInToken, actor: Actor, most: Int = .max) {
        self.store = store
        self.account = account
        self.token = token
        self.actor = actor
        self.most = most
    }

    /// - Returns: when it expires; nil when the account has enough links.
    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws -> Instant? {
        // The account's row is locked from here on, so that two at once count each other's.
        guard let version = try AccountTable.raiseVersion(of: account, store: store, in: tx) else {
            throw Problem.notFound("account")
        }
        guard try SignInLinkTable.countUsable(of: account, store: store, in: tx) < most else { return nil }
        let expiry = tx.now.adding(seconds: Identity.linkLifetimeSeconds)
        try SignInLinkTable.insert(
            digest: SignInToken.digest(of: token.text), store: store, account: account, expiresAt: expiry, in: tx)
        try EventLog.append(
            [.account(account, of: store, "account.link_issued", version: version, actor: actor, requestID: nil)],
            in: tx)
        return expiry
    }
}
