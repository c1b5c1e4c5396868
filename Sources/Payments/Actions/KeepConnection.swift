public import Persistence
public import Primitives

/// Keeps a store's credentials for a provider, sealed. The connection keeps its id when they change.
public struct KeepConnection: Sendable {
    private let store: StoreID
    private let provider: String
    private let name: String
    private let credentials: ProviderCredentials
    private let vault: Vault

    public init(store: StoreID, provider: String, name: String, credentials: ProviderCredentials, vault: Vault) {
        self.store = store
        self.provider = provider
        self.name = name
        self.credentials = credentials
        self.vault = vault
    }

    public func run(in tx: borrowing Transaction) throws -> ProviderConnection {
        if let kept = try ConnectionTable.find(provider, name: name, store: store, in: tx) {
            // ignored: what cannot be opened any more is written anew
            if (try? kept.credentials(vault)) == credentials { return kept }
            let changed = try ProviderConnection(
                id: kept.id, store: store, provider: provider, name: name, credentials: credentials, vault: vault)
            try ConnectionTable.update(changed, in: tx)
            return changed
        }
        let made = try ProviderConnection(
            id: tx.newIdentifier(), store: store, provider: provider, name: name, credentials: credentials,
            vault: vault)
        try ConnectionTable.insert(made, in: tx)
        // Another process may have been first: its row counts.
        return try ConnectionTable.find(provider, name: name, store: store, in: tx) ?? made
    }
}
