import Catalog
import HTTPServer
import Orders
import Primitives
import ShopWorld
import TestSupport
import Testing

/// Paths, query parameters and headers that are wrong.
struct BadAddressTests {
    @Test(arguments: TestEngine.available)
    func `a parameter that is unknown or malformed is refused by every endpoint`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for endpoint in shop.endpoints {
                let sample = try await shop.sample(of: endpoint)
                let caller = endpoint.policy.caller.scope == nil ? shop.buyer : shop.staff
                let before = try await shop.contents()
                let join = sample.path.contains("?") ? "&" : "?"
                for (query, verdict) in [
                    ("surprise=1", "422 validation.failed ?surprise unknown_parameter"),
                    ("Limit=1", "422 validation.failed ?Limit unknown_parameter"),
                    ("%FF=1", "422 validation.failed ? malformed"),
                ] {
                    let reply = try await shop.send(
                        endpoint.method.rawValue, "\(sample.path)\(join)\(query)", as: caller, body: sample.body)
                    #expect(reply.verdict == verdict, "\(endpoint.name)")
                }
                #expect(try await shop.contents() == before, "\(endpoint.name)")
            }
        }
    }

    private static let limits = [
        ("limit=0", "?limit out_of_range"), ("limit=101", "?limit out_of_range"), ("limit=-1", "?limit out_of_range"),
        ("limit=9223372036854775807", "?limit out_of_range"), ("limit=9223372036854775808", "?limit out_of_range"),
        ("limit=", "?limit type"), ("limit=ten", "?limit type"), ("limit=1.0", "?limit type"),
        ("limit=1e1", "?limit type"), ("limit=+1", "?limit type"), ("limit=%00", "?limit malformed"),
        ("limit=%D9%A1", "?limit type"), ("limit=5&limit=5", "?limit repeated"), ("limit=%", "?limit malformed"),
    ]
    private static let texts = [
        ("query=", "?query required"), ("query=+", "?query required"), ("query=%00", "?query malformed"),
        ("query=%FF", "?query malformed"), ("query=%0A", "?query control_character"),
        ("query=\(String(repeating: "a", count: 321))", "?query too_long"), ("query=a&query=b", "?query repeated"),
    ]
    private static let identifiers = ["", "x", "1", "%F0%9F%92%A5", "' OR 1=1 --".replacing(" ", with: "+")]

    @Test(arguments: TestEngine.available)
    func `wrong parameters of lists are named`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let order = try await shop.placedOrder()
            let id = order.id.description
            var cases = (Self.limits + Self.texts).map { ("orders", $0, $1) }
            cases += (Self.limits + Self.texts).map { ("products", $0, $1) }
            cases += Self.limits.map { ("orders/\(id)/events", $0, $1) }
            for name in ["status", "payment_status", "fulfillment_status", "placed_after", "placed_before"] {
                cases += Self.identifiers.map { ("orders", "\(name)=\($0)", "?\(name) format") }
            }
            cases += [
                ("orders", "placed_after=2025-02-30T00:00:00Z", "?placed_after format"),
                ("orders", "placed_after=0000-01-01T00:00:00Z", "?placed_after format"),
                ("orders", "status=open&status=open", "?status repeated"),
                ("orders", "status=Open", "?status format"), ("orders", "cursor=", "?cursor required"),
                ("orders", "cursor=1768469400000000", "?cursor format"),
                ("orders", "cursor=1.\(id)x", "?cursor format"),
                ("orders", "cursor=1.\(id.dropLast())%C7%BF", "?cursor format"),
                ("orders", "cursor=9999999999999999999.\(id)", "?cursor format"),
                ("orders", "cursor=1.\(id.uppercased())", "?cursor format"),
                ("orders", "cursor=\(String(repeating: "1", count: 5000))", "?cursor too_long"),
                ("products", "cursor=", "?cursor required"), ("products", "cursor=\(id)", "?cursor format"),
                ("products", "cursor=\(String(repeating: "1", count: 5000))", "?cursor too_long"),
                ("products", "cursor=r.1.2.", "?cursor format"),
                ("products", "query=a&cursor=o.0.2.", "?cursor format"),
                ("products", "query=a&cursor=r.-1.2.", "?cursor format"),
                ("products", "sort=title&cursor=t.0.2.abc", "?cursor invalid"),
                ("products", "sort=title&cursor=t.0.2.ff", "?cursor invalid"),
                ("products", "sort=price&cursor=prod_00000000000000000000000000", "?cursor format"),
                ("products", "sort=cheap", "?sort format"), ("products", "facets=1", "?facets type"),
                ("products", "available=yes", "?available type"),
                ("products", "min_price=-1", "?min_price out_of_range"),
                ("products", "max_price=1.5", "?max_price type"),
                ("products", "min_price=2&max_price=1", "?max_price range"),
                ("products", "option.=M", "?option. unknown_parameter"),
                ("products", "option=M", "?option unknown_parameter"),
                ("products", "option.Size=", "?option.Size required"), ("products", "tag=,", "?tag required"),
                ("products", "option.Size=S&option.Size=M", "?option.Size repeated"),
                ("products", "option.A=\(String(repeating: "a", count: 1021))", "?option.A too_long"),
                ("synonyms", "cursor=x", "?cursor format"),
                ("products", "category=", "?category required"), ("products", "category=%00", "?category malformed"),
                ("orders/\(id)/events", "cursor=0", "?cursor out_of_range"),
                ("orders/\(id)/events", "cursor=2147483648", "?cursor out_of_range"),
                ("orders/\(id)/events", "cursor=x", "?cursor type"),
            ]
            for (path, query, fault) in cases {
                let reply = try await shop.send("GET", "/api/v1/\(path)?\(query)", as: shop.staff)
                #expect(reply.verdict == "422 validation.failed \(fault)", "\(path)?\(query.prefix(80))")
            }
            for query in [
                "cursor=-999999999999999999.\(id)", "cursor=999999999999999999.\(id)",
                "placed_after=0001-01-01T00:00:00Z",
            ] {
                let reply = try await shop.send("GET", "/api/v1/orders?\(query)", as: shop.staff)
                #expect(reply.status == 200, "\(query)")
            }
        }
    }

    private static func misspellings(of id: String) -> [String] {
        let parts = id.split(separator: "_").map(String.init)
        let short = String(id.dropLast())
        var wrong = ["nope", "0", "%00", "%FF", "..", "%2E%2E", "%27%20OR%201=1--", "%F0%9F%92%A5"]
        wrong += [id.uppercased(), short, short + "u", id + "0", "sto_" + parts[1]]
        wrong += [parts[0] + "_00000000000000000000000000", String(repeating: "a", count: 3000)]
        return wrong
    }

    @Test(arguments: TestEngine.available)
    func `what is no identifier is not found`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            // A currency is named by its code.
            for endpoint in shop.endpoints where endpoint.path.replacing("{currency}", with: "").contains("{") {
                let sample = try await shop.sample(of: endpoint)
                let caller = endpoint.policy.caller.scope == nil ? shop.buyer : shop.staff
                let good = try #require(sample.path.split(separator: "/").first { $0.contains("_") })
                let before = try await shop.contents()
                for wrong in Self.misspellings(of: String(good)) {
                    let path = sample.path.replacing(good, with: wrong)
                    let reply = try await shop.send(endpoint.method.rawValue, path, as: caller, body: sample.body)
                    #expect(reply.verdict == "404 not_found", "\(endpoint.name) \(wrong.prefix(60))")
                }
                #expect(try await shop.contents() == before, "\(endpoint.name)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a body where none is wanted is refused`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for endpoint in shop.endpoints where BodySample.all[endpoint.name] == nil {
                let sample = try await shop.sample(of: endpoint)
                guard sample.file == nil else { continue }
                let caller = endpoint.policy.caller.scope == nil ? shop.buyer : shop.staff
                let before = try await shop.contents()
                let reply = try await shop.send(endpoint.method.rawValue, sample.path, as: caller, body: [:])
                #expect(reply.verdict == "400 body.unexpected", "\(endpoint.name)")
                #expect(try await shop.contents() == before, "\(endpoint.name)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `idempotency keys that are no keys are refused`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for endpoint in shop.endpoints where endpoint.policy.idempotencyKey != .notUsed {
                let sample = try await shop.sample(of: endpoint)
                let caller = endpoint.policy.caller.scope == nil ? shop.buyer : shop.staff
                let before = try await shop.contents()
                for key in ["", String(repeating: "k", count: 256), "schlüssel", "a\tb"] {
                    let reply = try await shop.send(
                        endpoint.method.rawValue, sample.path, as: caller, key: key, body: sample.body)
                    #expect(reply.verdict == "400 idempotency_key.malformed", "\(key.prefix(20))")
                }
                #expect(try await shop.contents() == before)
                // Of its own: under one key two requests would be refused.
                let key = endpoint.name + String(repeating: "k", count: 255 - endpoint.name.utf8.count)
                let long = try await shop.send(
                    endpoint.method.rawValue, sample.path, as: caller, key: key, body: sample.body)
                #expect(long.status == 201)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `amounts in another currency are refused where they stand`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let variant = try await shop.maya.variant()
            let yen: JSON = ["amount": 100, "currency": "JPY"]
            let before = try await shop.contents()
            let product: JSON = ["title": "T", "variants": [["price": yen, "compare_at_price": yen]]]
            let refusal =
                "422 validation.failed /variants/0/price/currency currency_mismatch "
                + "/variants/0/compare_at_price/currency currency_mismatch"
            for (method, path) in [("POST", "/api/v1/products"), ("PATCH", "/api/v1/products/\(variant.product)")] {
                let reply = try await shop.send(method, path, as: shop.staff, body: product)
                #expect(reply.verdict == refusal)
            }
            let order = Bodies.order([["variant_id": JSON(variant.id), "quantity": 1, "unit_price": yen]])
            let entered = try await shop.send("POST", "/api/v1/orders", as: shop.staff, body: order)
            #expect(entered.verdict == "422 validation.failed /lines/0/unit_price/currency currency_mismatch")
            #expect(try await shop.contents() == before)
        }
    }

    @Test(arguments: TestEngine.available)
    func `totals beyond the largest amount are refused`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let dear = try await shop.maya.variant(price: Money.limit)
            let before = try await shop.contents()
            let twice = Bodies.checkout([(dear.id, 2)])
            let line = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: twice)
            #expect(line.code == "money.out_of_range")
            #expect(line.status == 422)
            let both = Bodies.checkout([(dear.id, 1), (dear.id, 1)])
            let sum = try await shop.send("POST", "/api/v1/checkouts", as: shop.buyer, body: both)
            #expect(sum.verdict == "422 money.out_of_range")
            let million: JSON = ["title": "T", "quantity": 1_000_000, "unit_price": Bodies.pounds(Int(Money.limit))]
            let entered = try await shop.send("POST", "/api/v1/orders", as: shop.staff, body: Bodies.order([million]))
            #expect(entered.verdict == "422 money.out_of_range /lines/0/unit_price/amount money.out_of_range")
            #expect(try await shop.contents() == before)
            let largest = try await shop.send(
                "POST", "/api/v1/checkouts", as: shop.buyer, body: Bodies.checkout([(dear.id, 1)]))
            #expect(largest["totals", "total"] == Bodies.pounds(Int(Money.limit)))
        }
    }
}
