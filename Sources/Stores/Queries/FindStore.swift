public import Persistence
public import Primitives

extension Stores {
    /// The store, or nil.
    public static func store(_ id: StoreID, in tx: borrowing Transaction) throws -> Store? {
        try StoreTable.find(id, in: tx)
    }

    /// Every store of the installation, oldest first.
    public static func all(in tx: borrowing Transaction) throws -> [Store] {
        try StoreTable.all(in: tx)
    }

    /// The key whose digest this is, revoked or not.
    public static func apiKey(digest: [UInt8], in tx: borrowing Transaction) throws -> APIKey? {
        try APIKeyTable.find(digest: digest, in: tx)
    }

    /// Every key of a store, revoked ones too, oldest first.
    public static func apiKeys(of store: StoreID, in tx: borrowing Transaction) throws -> [APIKey] {
        try APIKeyTable.all(of: store, in: tx)
    }

    /// The origins that some publishable key admits; an element `""` when one admits any.
    public static func publishableOrigins(in tx: borrowing Transaction) throws -> Set<String> {
        var origins: Set<String> = []
        for list in try APIKeyTable.activeOrigins(in: tx) {
            origins.formUnion(list.isEmpty ? [""] : list.split(separator: "\n").map(String.init))
        }
        return origins
    }

    /// The installation's own secret by name; nil when there is none yet.
    public static func installationSecret(_ name: String, in tx: borrowing Transaction) throws -> Secret? {
        try InstallationSecretTable.find(name, in: tx).map { Secret($0) }
    }

    /// The installation's own secret by name; the proposal is kept when there is none yet.
    public static func installationSecret(
        _ name: String, proposal: [UInt8], in tx: borrowing Transaction
    ) throws -> Secret {
        Secret(try InstallationSecretTable.findOrInsert(name, proposal: proposal, in: tx))
    }
}
