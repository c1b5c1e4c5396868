import Persistence
import Primitives
import Stores

extension ConsoleDesk {
    func createKey(_ arguments: JSON) async throws -> JSON {
        let kind: APIKeyKind = arguments["kind"]?.string == APIKeyKind.secret.rawValue ? .secret : .publishable
        var random = SystemRandomNumberGenerator()
        let token = APIKeyToken.generate(kind, using: &random)
        let creation = try CreateAPIKey(
            store: try Self.store(in: arguments), name: arguments["name"]?.string ?? "", kind: kind,
            scopes: arguments["scopes"]?.strings ?? [], of: scopes, origins: arguments["origins"]?.strings ?? [],
            token: token)
        let key = try await database.write("keys.create") { tx in try creation.run(in: tx) }
        var answer = key.json
        answer["key"] = JSON(token.text)
        return .object(answer)
    }

    /// Every key of a store; never the keys themselves, which nobody has any more.
    func listKeys(_ arguments: JSON) async throws -> JSON {
        let store = try Self.store(in: arguments)
        let keys = try await database.read("keys.list") { tx in
            guard try Stores.store(store, in: tx) != nil else { throw Problem.notFound("store") }
            return try Stores.apiKeys(of: store, in: tx)
        }
        return ["keys": .array(keys.map { .object($0.json) })]
    }

    func revokeKey(_ arguments: JSON) async throws -> JSON {
        guard let key = arguments["id"]?.identifier(IdentifierKinds.APIKey.self) else {
            throw Problem.validation("/id", "identifier", "The key is no id such as key_…: `keys list` shows them.")
        }
        try await database.write("keys.revoke") { tx in try RevokeAPIKey(key).run(in: tx) }
        return ["id": JSON(key), "revoked": true]
    }

    private static func store(in arguments: JSON) throws -> StoreID {
        guard let store = arguments["store"]?.identifier(IdentifierKinds.Store.self) else {
            throw Problem.validation("/store", "identifier", "The store is no id such as sto_….")
        }
        return store
    }
}

extension APIKey {
    fileprivate var json: JSONObject {
        [
            "id": JSON(id), "store": JSON(store), "name": JSON(name), "kind": JSON(kind.rawValue),
            "scopes": .array(scopes.sorted().map { JSON($0) }), "origins": .array(origins.map { JSON($0) }),
            "created_at": JSON(createdAt), "revoked_at": JSON(revokedAt),
        ]
    }
}

extension JSON {
    /// The texts of an array of texts.
    var strings: [String]? { array?.compactMap(\.string) }
}
