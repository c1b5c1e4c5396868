import HTTPServer
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct ImportEndpointTests {
    @Test(arguments: TestEngine.available)
    func `who may fill the shelves may not write orders or customers`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let scopes = ["imports:write", "imports:read"]
            let shelves = Credential.secret(try await shop.maya.key(.secret, scopes: scopes))
            for (kind, verdict) in [
                ("products", "201 -"), ("stock", "201 -"), ("customers", "403 forbidden"), ("orders", "403 forbidden"),
            ] {
                let opened = try await shop.send("POST", "/api/v1/imports", as: shelves, body: ["kind": .string(kind)])
                #expect(opened.verdict == verdict, "\(kind)")
            }
            let list = try await shop.send("GET", "/api/v1/imports", as: shelves)
            #expect(list["data"]?.array?.compactMap { $0["kind"]?.string }.sorted() == ["products", "stock"])
            let clerk = Credential.secret(
                try await shop.maya.key(.secret, scopes: ["imports:write", "customers:write", "orders:write"]))
            for kind in ["customers", "orders"] {
                let opened = try await shop.send("POST", "/api/v1/imports", as: clerk, body: ["kind": .string(kind)])
                #expect(opened.verdict == "201 -", "\(kind)")
                // Nor may they go on with what others began.
                let path = "/api/v1/imports/\(try #require(opened["id"]?.string))"
                for step in ["start", "cancellation"] {
                    let refused = try await shop.send("POST", "\(path)/\(step)", as: shelves)
                    #expect(refused.verdict == "403 forbidden", "\(kind) \(step)")
                }
                #expect(try await shop.send("GET", path, as: shelves)["state"] == "receiving")
            }
        }
    }
}
