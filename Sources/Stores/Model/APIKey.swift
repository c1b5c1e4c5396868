import Crypto
public import Primitives

/// What a key is for.
public enum APIKeyKind: String, Sendable, CaseIterable {
    /// Goes into storefronts and can be seen by anyone: `pk_…`.
    case publishable
    /// Belongs on servers: `sk_…`.
    case secret

    var prefix: String { self == .publishable ? "pk_" : "sk_" }
}

/// A key as the database knows it: its digest, never the key.
public struct APIKey: Hashable, Sendable {
    public let id: APIKeyID
    public let store: StoreID
    public let name: String
    public let kind: APIKeyKind
    /// The scopes of a secret key; `*` stands for all. Empty for publishable keys.
    public let scopes: Set<String>
    /// The web origins that may use a publishable key from a browser; empty for any.
    public let origins: [String]
    public let createdAt: Instant
    public let revokedAt: Instant?

    public init(
        id: APIKeyID, store: StoreID, name: String, kind: APIKeyKind, scopes: Set<String>, origins: [String],
        createdAt: Instant, revokedAt: Instant?
    ) {
        self.id = id
        self.store = store
        self.name = name
        self.kind = kind
        self.scopes = scopes
        self.origins = origins
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// The key itself, shown once: a prefix and 32 characters of base32, 160 random bits.
public struct APIKeyToken: Sendable {
    /// What the caller sends.
    public let text: String

    /// A new key.
    public static func generate(_ kind: APIKeyKind, using random: inout some RandomNumberGenerator) -> APIKeyToken {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        var text = kind.prefix
        for _ in 0..<32 { text.append(alphabet[Int(random.next() & 31)]) }
        return APIKeyToken(text: text)
    }

    /// SHA-256 of a presented key. A plain digest is enough: the key has 160 random bits.
    public static func digest(of text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// Whether the text has the form of a key of this kind; cheap, before the database is asked.
    public static func isWellFormed(_ text: String, _ kind: APIKeyKind) -> Bool {
        text.hasPrefix(kind.prefix) && text.utf8.count == 35
            && text.utf8.dropFirst(3).allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
    }
}
