import FoundationEssentials
public import Primitives

/// Buys something from the running installation as a buyer would, looks at what came of it, and cleans up: the order is
/// tagged `test` and canceled, its units go back, and the keys that were made for it are revoked.
///
/// By cash on delivery it changes nothing outside. By card the payment page is only opened, unless Stripe is simulated:
/// then it is paid too.
public struct Smoke: Sendable {
    /// One step and how it went.
    public struct Step: Sendable {
        public let name: String
        /// What was seen.
        public internal(set) var detail: String
        /// A sentence; nil when it went well.
        public internal(set) var failure: String?
        public internal(set) var milliseconds: Int
    }

    private let settings: Settings
    private let console: Console

    public init(_ settings: Settings, logs: Logs) {
        self.settings = settings
        console = Console(settings, logs: logs)
    }

    /// Takes the steps until one fails; cleaning up is always tried.
    /// - Parameters:
    ///   - store: whose shop; nil for the storefront's.
    ///   - url: where the installation answers; nil to ask the running server, or `SHIPSHAPE_PUBLIC_URL`.
    ///   - onStep: told each step as it ends.
    /// - Returns: whether all went well.
    public func run(
        store: StoreID?, url: String?, onStep: @escaping @Sendable (Step) -> Void
    ) async throws -> Bool {
        let running = try await console.askServer(.address)?["url"]?.string
        guard let base = url ?? running ?? settings.publicURL else {
            throw Refusal("No server runs here: start one, or say where it answers with --url.")
        }
        let shop = try await shop(store)
        let keys = try await SmokeKeys.make(for: shop, at: console)
        let buyer = SmokeBuyer(base: base, keys: keys, onStep: onStep)
        let isWell = await buyer.buy()
        let isClean = await buyer.step("revoke the keys") { _ in
            try await keys.revoke(at: console)
            return "2 keys"
        }
        return isWell && isClean
    }

    private func shop(_ store: StoreID?) async throws -> StoreID {
        if let store = store ?? settings.storefrontStore { return store }
        let stores = try await console.perform(.listStores)
        guard let oldest = stores.array?.first?["id"]?.string.flatMap({ StoreID($0) }) else {
            throw Refusal("There is no store yet: open one with `shipshape stores create`.")
        }
        return oldest
    }
}

/// The keys of one run.
struct SmokeKeys: Sendable {
    let publishable: String
    let secret: String
    private let ids: [String]

    static func make(for store: StoreID, at console: Console) async throws -> SmokeKeys {
        func key(_ kind: String, _ scopes: [String]) async throws -> (key: String, id: String) {
            let made = try await console.perform(
                .createKey,
                [
                    "store": JSON(store), "name": "smoke test", "kind": JSON(kind), "origins": [],
                    "scopes": .array(scopes.map { JSON($0) }),
                ])
            return (made["key"]?.string ?? "", made["id"]?.string ?? "")
        }
        let publishable = try await key("publishable", [])
        let secret = try await key("secret", ["orders:read", "orders:write", "stock:read"])
        return SmokeKeys(
            publishable: publishable.key, secret: secret.key, ids: [publishable.id, secret.id])
    }

    func revoke(at console: Console) async throws {
        for id in ids { _ = try await console.perform(.revokeKey, ["id": JSON(id)]) }
    }
}
