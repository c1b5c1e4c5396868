import Catalog
import HTTPServer
import Inventory
import Orders
import Payments
import Persistence
import Primitives
import Stores
import UseCases

/// Two stores for the drill of policies: one with something of everything, and one whose keys must not see it.
struct PolicyDrillShop: Sendable {
    /// By the names of path parameters.
    let names: [String: String]
    private let keys: Keys
    private let otherKeys: Keys
    private let lacking: [Scope: String]
    private let bound: String
    private let revoked: Keys
    private let otherOrdersToken: String

    private struct Keys: Sendable {
        let publishable: String
        let secret: String
    }

    static func open(in installation: Installation, for endpoints: [Endpoint]) async throws -> PolicyDrillShop {
        let database = installation.database
        let store = try await database.write("drill.shop") { tx in
            try CreateStore(name: "Drill", currency: "EUR", country: "DE").run(in: tx)
        }
        let other = try await database.write("drill.shop") { tx in
            try CreateStore(name: "Elsewhere", currency: "EUR", country: "DE").run(in: tx)
        }
        let scopes = Set(endpoints.compactMap(\.policy.caller.scope))
        var lacking: [Scope: String] = [:]
        for scope in scopes {
            lacking[scope] = try await key(
                .secret, of: store, scopes: scopes.subtracting([scope]).map(\.rawValue), in: database)
        }
        let (names, order) = try await fill(store, in: database)
        let tokens = OrderTokens(key: try await installation.masterKey())
        // Of the right store, and of another order.
        var random = SystemRandomNumberGenerator()
        let token = tokens.token(for: OrderID(.random128(using: &random)), of: order.store)
        return PolicyDrillShop(
            names: names, keys: try await keys(of: store, in: database),
            otherKeys: try await keys(of: other, in: database), lacking: lacking,
            bound: try await key(.publishable, of: store, origins: ["https://shop.invalid"], in: database),
            revoked: try await keys(of: store, areRevoked: true, in: database), otherOrdersToken: token)
    }

    /// What a caller shows.
    /// - Parameter lacking: the scope that a secret key is to lack.
    func headers(of caller: MatrixCaller, lacking scope: Scope?) -> [String] {
        let unknown = String(repeating: "0", count: 32)
        return switch caller {
        case .nobody: []
        case .rubbish: ["Authorization: Basic Og==", "Shipshape-Key: ' OR 1=1 --"]
        case .unknownPublishableKey: Self.publishable("pk_" + unknown)
        case .unknownSecretKey: Self.secret("sk_" + unknown)
        case .revokedPublishableKey: Self.publishable(revoked.publishable)
        case .revokedSecretKey: Self.secret(revoked.secret)
        case .publishableKeyAsSecret: Self.secret(keys.publishable)
        case .secretKeyAsPublishable: Self.publishable(keys.secret)
        case .otherOrdersToken: ["Order-Token: \(otherOrdersToken)"]
        case .shortenedOrderToken: ["Order-Token: \(otherOrdersToken.dropLast())"]
        case .publishableKey: Self.publishable(keys.publishable)
        case .publishableKeyElsewhere: Self.publishable(bound) + ["Origin: https://evil.invalid"]
        case .secretKey: Self.secret(keys.secret)
        case .secretKeyWithoutScope: Self.secret(scope.flatMap { lacking[$0] } ?? keys.secret)
        }
    }

    /// Good keys of the other store.
    func strangersKeys(for requirement: CallerRequirement) -> [(String, [String])] {
        (requirement.acceptsPublishableKey
            ? [("a publishable key of another store", Self.publishable(otherKeys.publishable))] : [])
            + (requirement.scope != nil ? [("a secret key of another store", Self.secret(otherKeys.secret))] : [])
    }

    /// Whether an answer to another store gives away that this store has something, or did something with it.
    func isExposed(by answer: ProbeAnswer, at endpoint: Endpoint) -> Bool {
        let text = String(decoding: answer.bytes, as: UTF8.self)
        let namesSomething = names.keys.contains { endpoint.path.contains("{\($0)}") }
        if namesSomething { return (200..<300).contains(answer.status) }
        return names.values.contains { text.contains($0) }
    }

    private static func publishable(_ key: String) -> [String] { ["Shipshape-Key: \(key)"] }

    private static func secret(_ key: String) -> [String] { ["Authorization: Bearer \(key)"] }

    private static func keys(of store: Store, areRevoked: Bool = false, in database: any Database) async throws -> Keys
    {
        Keys(
            publishable: try await key(.publishable, of: store, isRevoked: areRevoked, in: database),
            secret: try await key(.secret, of: store, isRevoked: areRevoked, in: database))
    }

    private static func key(
        _ kind: APIKeyKind, of store: Store, scopes: [String] = [], origins: [String] = [], isRevoked: Bool = false,
        in database: any Database
    ) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let token = APIKeyToken.generate(kind, using: &random)
        let creation = try CreateAPIKey(
            store: store.id, name: "Drill", kind: kind, scopes: scopes, of: Set(scopes), origins: origins, token: token)
        try await database.write("drill.key") { tx in
            let key = try creation.run(in: tx)
            if isRevoked { try RevokeAPIKey(key.id).run(in: tx) }
        }
        return token.text
    }

    /// A product, a checkout and an order.
    private static func fill(_ store: Store, in database: any Database) async throws -> ([String: String], Order) {
        var random = SystemRandomNumberGenerator()
        let ids = (0..<2).map { _ in CheckoutID(.random128(using: &random)) }
        let contact = Contact(
            email: EmailAddress("drill@shop.invalid"),
            shippingAddress: Address(name: "Drill", line1: "Straße 1", city: "Kiel", country: "DE"))
        let variant = try await database.write("drill.fill") { tx in
            let product = try SaveProduct(
                store: store.id, currency: store.currency,
                draft: ProductDraft(
                    title: "Drill", status: .active,
                    variants: [.init(sku: "DRILL", price: try Money(500, store.currency))]), actor: .system
            ).run(in: tx)
            for id in ids {
                _ = try StartCheckout(
                    store: store.id, id: id,
                    lines: [WantedLine(variant: product.variants[0].id, quantity: 1)], contact: contact,
                    deliveryMethod: nil
                ).run(in: tx)
            }
            return product.variants[0]
        }
        let placement = OrderPlacement(
            store: store, checkout: ids[0], method: .cashOnDelivery, expectedTotal: nil, number: 1, requestID: nil)
        let order = try await database.write("drill.place") { tx in
            try placement.run(placement.begin(in: tx), in: tx).order
        }
        let names = [
            "product": variant.product.description, "variant": variant.id.description,
            "checkout": ids[1].description, "order": order.id.description,
            "location": LocationID(main: store.id).description,
        ]
        return (names, order)
    }
}
