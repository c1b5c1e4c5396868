public import Primitives

/// What a provider wants to see before it does anything in a store's name.
public struct ProviderCredentials: Hashable, Sendable {
    public let secretKey: Secret
    /// Secrets of which any may have signed a webhook: two while they are being changed.
    public let webhookSecrets: [Secret]

    public init(secretKey: Secret, webhookSecrets: [Secret]) {
        self.secretKey = secretKey
        self.webhookSecrets = webhookSecrets
    }

    /// As it is sealed.
    var document: [UInt8] {
        func text(_ secret: Secret) -> JSON { .string(secret.withBytes { String(decoding: $0, as: UTF8.self) }) }
        let document: JSON = [
            "secret_key": text(secretKey), "webhook_secrets": .array(webhookSecrets.map(text)),
        ]
        return document.bytes
    }

    init?(document: [UInt8]) {
        // ignored: what is no document holds no credentials
        guard let json = try? JSON(parsing: document), let key = json["secret_key"]?.string,
            let secrets = json["webhook_secrets"]?.array
        else { return nil }
        self.init(secretKey: Secret(key), webhookSecrets: secrets.compactMap(\.string).map { Secret($0) })
    }

    public static func == (left: ProviderCredentials, right: ProviderCredentials) -> Bool {
        left.secretKey == right.secretKey && left.webhookSecrets == right.webhookSecrets
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(webhookSecrets.count)
    }
}

/// A store's account at a provider. Its credentials are sealed and bound to the store and the connection.
public struct ProviderConnection: Hashable, Sendable {
    public let id: ConnectionID
    public let store: StoreID
    /// Such as `stripe`.
    public let provider: String
    /// Unique among the store's connections to the provider; `default` is the one from the settings.
    public let name: String
    public let sealed: Sealed

    /// The name of the connection that is made from the settings.
    public static let defaultName = "default"

    /// A connection with its credentials sealed.
    public init(
        id: ConnectionID, store: StoreID, provider: String, name: String, credentials: ProviderCredentials,
        vault: Vault
    ) throws {
        self.id = id
        self.store = store
        self.provider = provider
        self.name = name
        sealed = try vault.seal(credentials.document, context: Self.context(id, store))
    }

    init(id: ConnectionID, store: StoreID, provider: String, name: String, sealed: Sealed) {
        self.id = id
        self.store = store
        self.provider = provider
        self.name = name
        self.sealed = sealed
    }

    /// - Throws: `VaultFault`.
    public func credentials(_ vault: Vault) throws(VaultFault) -> ProviderCredentials {
        let document = try vault.open(sealed, context: Self.context(id, store))
        guard let credentials = ProviderCredentials(document: document) else { throw .damaged }
        return credentials
    }

    private static func context(_ id: ConnectionID, _ store: StoreID) -> String {
        "provider-connection:\(store):\(id)"
    }
}

extension Vault {
    /// The vault of providers' credentials.
    public static func forProviders(masterKey: Secret) -> Vault {
        Vault(masterKey: masterKey, purpose: "provider-credentials")
    }
}
