import EventLog
public import Persistence
public import Primitives

/// Finds the account that someone signs in with, and makes it when there is none: whoever is at the console may.
public struct OpenAccount: Sendable {
    private let store: StoreID
    private let email: EmailAddress?
    private let actor: Actor

    /// - Parameter email: nil for the store's first account, whatever its address.
    public init(store: StoreID, email: EmailAddress?, actor: Actor) {
        self.store = store
        self.email = email
        self.actor = actor
    }

    /// An account without an address takes the one that is given, rather than having a second account beside it.
    public func run(in tx: borrowing Transaction) throws -> Account {
        // Two at once would each find none.
        try tx.lock("identity.accounts.\(store)")
        let accounts = try AccountTable.all(of: store, in: tx)
        guard let email else {
            if let first = accounts.first { return first }
            return try make(in: tx)
        }
        if let known = accounts.first(where: { $0.email == email }) { return known }
        guard var unaddressed = accounts.first(where: { $0.email == nil }) else { return try make(in: tx) }
        unaddressed.email = email
        unaddressed.version = try AccountTable.setEmail(email, of: unaddressed, in: tx)
        try record("account.changed", of: unaddressed, in: tx)
        return unaddressed
    }

    private func make(in tx: borrowing Transaction) throws -> Account {
        let account = Account(
            store: store, id: tx.newIdentifier(), email: email, name: "Owner", role: .owner, createdAt: tx.now)
        try AccountTable.insert(account, in: tx)
        try record("account.created", of: account, in: tx)
        return account
    }

    private func record(_ type: EventType, of account: Account, in tx: borrowing Transaction) throws {
        try EventLog.append([account.event(type, version: account.version, actor: actor)], in: tx)
    }
}

extension Account {
    /// An event of the account; addresses and secrets stay out of it.
    func event(
        _ type: EventType, version: Int, actor: Actor, data: JSONObject = [:], requestID: String? = nil
    ) -> NewEvent {
        .account(id, of: store, type, version: version, actor: actor, data: data, requestID: requestID)
    }
}

extension NewEvent {
    static func account(
        _ account: AccountID, of store: StoreID, _ type: EventType, version: Int, actor: Actor,
        data: JSONObject = [:], requestID: String?
    ) -> NewEvent {
        var data = data
        data["account_id"] = JSON(account)
        return NewEvent(
            store: store, aggregate: Aggregate(kind: "account", id: account), version: version, type: type,
            actor: actor, data: .object(data), requestID: requestID)
    }
}
