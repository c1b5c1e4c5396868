public import Persistence
public import Primitives

/// Gives a store a key. The key is in the caller's hands; the database gets its digest.
public struct CreateAPIKey: Sendable {
    private let store: StoreID
    private let name: String
    private let kind: APIKeyKind
    private let scopes: Set<String>
    private let origins: [String]
    /// The key to show once.
    public let token: APIKeyToken

    /// - Parameters:
    ///   - scopes: of a secret key, each one of `declared`; empty for all, those of later versions included.
    ///   - declared: the scopes that some endpoint asks for. A key with any other could never use it.
    ///   - origins: of a publishable key, such as `https://shop.example`; empty for any.
    /// - Throws: `validation.failed`.
    public init(
        store: StoreID, name: String, kind: APIKeyKind, scopes: [String] = [], of declared: Set<String> = [],
        origins: [String] = [], token: APIKeyToken
    ) throws(Problem) {
        guard !name.isEmpty, name.utf8.count <= 200, !name.unicodeScalars.contains(where: { $0.value < 32 }) else {
            throw .validation("/name", "length", "A key's name has 1 to 200 bytes and no control characters.")
        }
        for scope in scopes where !declared.contains(scope) {
            throw .validation(
                "/scopes", "scope",
                "\"\(scope.prefix(100))\" is no scope: there are \(declared.sorted().joined(separator: ", ")). "
                    + "Without any, a secret key may do everything.")
        }
        for origin in origins {
            guard Self.isOrigin(origin) else {
                throw .validation(
                    "/origins", "origin", "\(origin.prefix(200)) is no origin such as https://shop.example.")
            }
        }
        self.store = store
        self.name = name
        self.kind = kind
        self.scopes = kind == .publishable ? [] : (scopes.isEmpty ? ["*"] : Set(scopes))
        self.origins = origins
        self.token = token
    }

    /// - Throws: `not_found` without such a store.
    public func run(in tx: borrowing Transaction) throws -> APIKey {
        guard try StoreTable.find(store, in: tx) != nil else { throw Problem.notFound("store") }
        let key = APIKey(
            id: tx.newIdentifier(), store: store, name: name, kind: kind, scopes: scopes, origins: origins,
            createdAt: tx.now, revokedAt: nil)
        try APIKeyTable.insert(key, digest: APIKeyToken.digest(of: token.text), in: tx)
        return key
    }

    private static func isOrigin(_ text: String) -> Bool {
        let rest: Substring
        if text.hasPrefix("https://") {
            rest = text.dropFirst(8)
        } else if text.hasPrefix("http://") {
            rest = text.dropFirst(7)
        } else {
            return false
        }
        return !rest.isEmpty && text.utf8.count <= 200
            && rest.utf8.allSatisfy { byte in
                (48...58).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46 || byte == 91
                    || byte == 93
            }
    }
}
