import HTTPServer
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

/// Each endpoint with each kind of caller, made from the endpoints' policies.
struct AuthorisationTests {
    @Test(arguments: TestEngine.available)
    func `every endpoint has a sample and every sample an endpoint`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            #expect(Set(shop.endpoints.map(\.name)) == Set(Sample.all.keys))
            #expect(shop.endpoints.count == Sample.all.count)
            #expect(shop.endpoints.filter { $0.policy.caller == .anyone }.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the wrong caller is refused everywhere and changes nothing`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for endpoint in shop.endpoints {
                let sample = try await shop.sample(of: endpoint)
                let strangers = try await shop.strangers(to: endpoint)
                let before = try await shop.contents()
                for (name, credential, verdict) in strangers {
                    let reply = try await shop.ask(endpoint, sample, as: credential)
                    #expect(reply.verdict == verdict, "\(endpoint.name), \(name)")
                }
                #expect(try await shop.contents() == before, "\(endpoint.name)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a key of another store finds nothing and changes nothing`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for endpoint in shop.endpoints {
                for credential in shop.ottosKeys(for: endpoint.policy.caller) {
                    let sample = try await shop.sample(of: endpoint)
                    let before = try await shop.contents(of: shop.maya.store.id)
                    let reply = try await shop.ask(endpoint, sample, as: credential)
                    let verdict = "\(reply.status)" + (reply.code.map { " \($0)" } ?? "")
                    #expect(verdict == sample.elsewhere, "\(endpoint.name)")
                    if let data = reply["data"], !sample.isOfEveryStore { #expect(data == [], "\(endpoint.name)") }
                    #expect(try await shop.contents(of: shop.maya.store.id) == before, "\(endpoint.name)")
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `the right caller is served everywhere`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for endpoint in shop.endpoints {
                for (name, credential) in shop.friends(of: endpoint.policy.caller) {
                    let sample = try await shop.sample(of: endpoint)
                    let reply = try await shop.ask(endpoint, sample, as: credential)
                    #expect(reply.status == sample.status, "\(endpoint.name), \(name): \(reply.text)")
                }
                guard endpoint.policy.caller.acceptsOrderToken else { continue }
                let sample = try await shop.sample(of: endpoint)
                let reply = try await shop.ask(endpoint, sample, as: .order(#require(sample.orderToken)))
                #expect(reply.status == sample.status, "\(endpoint.name), its buyer")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a key that is revoked stops within a second`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let path = "/api/v1/products"
            #expect(try await shop.send("GET", path, as: shop.staff).status == 200)
            try await shop.maya.database.write("test.revoke") { tx in
                _ = try tx.changes("UPDATE api_keys SET revoked_at = 1 WHERE kind = 'secret'")
            }
            shop.maya.clock.advance(seconds: 1)
            #expect(try await shop.send("GET", path, as: shop.staff).verdict == "401 unauthenticated")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a header that is there twice opens nothing`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let otto = Credential.publishable(shop.keys.ottoPublishable)
            let twice = Credential(headers: shop.buyer.headers + otto.headers)
            let products = try await shop.send("GET", "/api/v1/products", as: twice)
            #expect(products.verdict == "401 unauthenticated")
            let both = Credential(headers: shop.staff.headers + Credential.secret(shop.keys.ottoSecret).headers)
            let orders = try await shop.send("GET", "/api/v1/orders", as: both)
            #expect(orders.verdict == "401 unauthenticated")
        }
    }
}

extension LiveShop {
    func sample(of endpoint: Endpoint) async throws -> Sample {
        let make = try #require(Sample.all[endpoint.name], "\(endpoint.name) has no sample")
        return try await make(self)
    }

    func ask(_ endpoint: Endpoint, _ sample: Sample, as credential: Credential) async throws -> Reply {
        guard let file = sample.file else {
            return try await send(endpoint.method.rawValue, sample.path, as: credential, body: sample.body)
        }
        var credential = credential
        credential.headers.append(("Content-Type", file.type))
        return try await send(endpoint.method.rawValue, sample.path, as: credential, bytes: Array(file.text.utf8))
    }

    /// Everyone who is not allowed, and what they are told.
    fileprivate func strangers(to endpoint: Endpoint) async throws -> [(String, Credential, String)] {
        let requirement = endpoint.policy.caller
        let other = try await placedOrder()
        let token = tokens.token(for: other.id, of: other.store)
        return try MatrixCaller.allCases.compactMap { caller in
            let verdict: String
            switch caller.answer(by: requirement) {
            case .admitted: return nil
            case .unauthenticated: verdict = "401 unauthenticated"
            case .forbidden: verdict = "403 forbidden"
            }
            return (caller.rawValue, try credential(of: caller, lacking: requirement.scope, token: token), verdict)
        }
    }

    private func credential(of caller: MatrixCaller, lacking scope: Scope?, token: String) throws -> Credential {
        let unknown = String(repeating: "0", count: 32)
        return switch caller {
        case .nobody: .nobody
        case .rubbish: Credential(headers: [("Authorization", "Basic Og=="), ("Shipshape-Key", "' OR 1=1 --")])
        case .unknownPublishableKey: .publishable("pk_" + unknown)
        case .unknownSecretKey: .secret("sk_" + unknown)
        case .revokedPublishableKey: .publishable(keys.revokedPublishable)
        case .revokedSecretKey: .secret(keys.revokedSecret)
        case .publishableKeyAsSecret: .secret(keys.publishable)
        case .secretKeyAsPublishable: .publishable(keys.secret)
        case .otherOrdersToken: .order(token)
        case .shortenedOrderToken: .order(String(token.dropLast()))
        case .publishableKey: buyer
        case .publishableKeyElsewhere: .publishable(keys.boundPublishable, origin: "https://evil.example")
        case .secretKey: staff
        case .secretKeyWithoutScope: try scope.map { .secret(try #require(keys.lacking[$0])) } ?? staff
        }
    }

    /// Keys of the right kind that belong to another store.
    fileprivate func ottosKeys(for requirement: CallerRequirement) -> [Credential] {
        (requirement.acceptsPublishableKey ? [.publishable(keys.ottoPublishable)] : [])
            + (requirement.scope != nil ? [.secret(keys.ottoSecret)] : [])
    }

    /// Everyone who is allowed, apart from the order's buyer.
    fileprivate func friends(of requirement: CallerRequirement) -> [(String, Credential)] {
        var friends: [(String, Credential)] = []
        if requirement.acceptsPublishableKey {
            friends += [
                ("a publishable key", buyer),
                ("a bound key on its page", .publishable(keys.boundPublishable, origin: "https://shop.example")),
                ("a bound key without a page", .publishable(keys.boundPublishable)),
            ]
        }
        if let scope = requirement.scope {
            friends.append(("a secret key", staff))
            if let key = keys.only[scope] { friends.append(("a key with this scope alone", .secret(key))) }
        }
        return friends
    }
}
