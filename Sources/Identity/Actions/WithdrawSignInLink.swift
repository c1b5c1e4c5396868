public import Persistence
import Primitives

/// Takes a link back that reached nobody, so that it does not count among those its account has.
public struct WithdrawSignInLink: Sendable {
    private let token: SignInToken

    public init(token: SignInToken) {
        self.token = token
    }

    /// Nothing is left to do for a link that was used.
    public func run(in tx: borrowing Transaction) throws {
        try SignInLinkTable.withdraw(digest: SignInToken.digest(of: token.text), in: tx)
    }
}
