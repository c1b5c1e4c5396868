import EventLog
public import Persistence
public import Primitives

/// Ends a session for good. Processes that cache it stop honouring it within a second.
public struct SignOut: Sendable {
    private let store: StoreID
    private let session: SessionID
    private let requestID: String?

    public init(store: StoreID, session: SessionID, requestID: String?) {
        self.store = store
        self.session = session
        self.requestID = requestID
    }

    /// Nothing is left to do for a session that has ended.
    public func run(in tx: borrowing Transaction) throws {
        guard let account = try SessionTable.revoke(session, store: store, in: tx),
            let version = try AccountTable.raiseVersion(of: account, store: store, in: tx)
        else { return }
        try EventLog.append(
            [
                .account(
                    account, of: store, "account.signed_out", version: version, actor: .account(account),
                    data: ["session_id": JSON(session)], requestID: requestID)
            ], in: tx)
    }
}
