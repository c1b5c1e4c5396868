public import Payments
public import Persistence
public import Primitives
import Stores

/// A store's account at a provider, ready to be used.
public struct ProviderAccess: Sendable {
    public let connection: ProviderConnection
    public let provider: any PaymentProvider
    let credentials: ProviderCredentials
}

/// Finds the accounts that stores have at payment providers, and opens their credentials. What the settings say of
/// the oldest store's account is kept as its connection `default` once there is a store.
public actor ProviderConnections {
    /// An account that the settings name.
    public struct Seed: Sendable {
        let provider: String
        let credentials: ProviderCredentials

        public init(provider: String, credentials: ProviderCredentials) {
            self.provider = provider
            self.credentials = credentials
        }
    }

    private let database: any Database
    private let vault: Vault
    private let providers: [any PaymentProvider]
    private var seed: Seed?

    public init(database: any Database, vault: Vault, providers: [any PaymentProvider], seed: Seed? = nil) {
        self.database = database
        self.vault = vault
        self.providers = providers
        self.seed = seed
    }

    /// Keeps what the settings say; does nothing while there is no store, and nothing the second time.
    public func plantSeed() async throws {
        guard let seed else { return }
        let isPlanted = try await database.write("payments.plant_seed") { [vault] tx in
            guard let store = try Stores.all(in: tx).first else { return false }
            _ = try KeepConnection(
                store: store.id, provider: seed.provider, name: ProviderConnection.defaultName,
                credentials: seed.credentials, vault: vault
            ).run(in: tx)
            return true
        }
        if isPlanted { self.seed = nil }
    }

    /// The account through which a store takes card payments; nil when it has none.
    /// - Throws: `VaultFault` when its credentials were sealed with another master key.
    public func access(for store: StoreID, connection: ConnectionID? = nil) async throws -> ProviderAccess? {
        try await plantSeed()
        let connections = try await database.read("payments.connections") { tx in
            try Payments.connections(of: store, in: tx)
        }
        let chosen = connections.first { candidate in
            (connection == nil || candidate.id == connection) && provider(candidate.provider) != nil
        }
        return try chosen.map(access)
    }

    /// The account that a webhook's address names: `default`, or a connection's id.
    func access(provider: String, name: String) async throws -> ProviderAccess? {
        guard self.provider(provider) != nil else { return nil }
        try await plantSeed()
        let connection = try await database.read("payments.connection") { tx -> ProviderConnection? in
            if let id = ConnectionID(name) { return try Payments.connection(id, in: tx) }
            guard name == ProviderConnection.defaultName, let store = try Stores.all(in: tx).first else { return nil }
            return try Payments.connections(of: store.id, in: tx)
                .first { $0.name == name && $0.provider == provider }
        }
        guard let connection, connection.provider == provider else { return nil }
        return try access(connection)
    }

    nonisolated func provider(_ name: String) -> (any PaymentProvider)? {
        providers.first { $0.name == name }
    }

    private func access(_ connection: ProviderConnection) throws -> ProviderAccess {
        guard let provider = provider(connection.provider) else { throw Problem.notFound("provider") }
        return ProviderAccess(
            connection: connection, provider: provider, credentials: try connection.credentials(vault))
    }
}
