import Catalog
import Media
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

@Suite struct MediaEndpointTests {
    private static func secret(_ shop: LiveShop, scopes: [String] = ["products:write", "products:read"]) async throws
        -> Credential
    {
        .secret(try await shop.maya.key(.secret, scopes: scopes))
    }

    @Test(arguments: TestEngine.available)
    func `an image is uploaded once, served for ever, and cannot be anything else`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let staff = try await Self.secret(shop)
            let made = try await shop.send("POST", "/api/v1/media", as: staff, bytes: SampleImages.webpLossless)
            #expect(made.status == 201)
            #expect(made["type"] == "image/webp")
            #expect([made["width"]?.integer, made["height"]?.integer] == [7, 5])
            #expect(made["bytes"]?.integer == SampleImages.webpLossless.count)
            let path = try #require(made["url"]?.string)
            let again = try await shop.send("POST", "/api/v1/media", as: staff, bytes: SampleImages.webpLossless)
            #expect(again["url"]?.string == path)

            let served = try await shop.send("GET", path, as: .nobody)
            #expect(served.status == 200)
            #expect(served.body == SampleImages.webpLossless)
            #expect(served.headers["content-type"] == "image/webp")
            #expect(served.headers["cache-control"] == "public, max-age=31536000, immutable")
            #expect(served.headers["x-content-type-options"] == "nosniff")
            #expect(served.headers["content-security-policy"] == "default-src 'none'; sandbox")
            #expect(served.headers["content-encoding"] == nil)
            for other in [
                path.replacing(".webp", with: ".png"), path.replacing(".webp", with: ".svg"), path + "x",
                path.replacing(shop.maya.store.id.description, with: shop.otto.store.id.description),
                path.replacing(".webp", with: ""), "/media/\(shop.maya.store.id)/../../etc/passwd",
            ] {
                #expect(try await shop.send("GET", other, as: .nobody).status == 404, "\(other)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is no image, too large, or sent by the wrong caller is refused and not kept`(
        _ engine: TestEngine
    ) async throws {
        try await LiveShop.open(engine) { shop in
            let staff = try await Self.secret(shop)
            func verdict(_ bytes: [UInt8], _ caller: Credential) async throws -> String {
                let reply = try await shop.send("POST", "/api/v1/media", as: caller, bytes: bytes)
                return "\(reply.status) \(reply.code ?? "-")"
            }
            #expect(try await verdict(Array("<svg/>".utf8), staff) == "422 image.unknown")
            #expect(try await verdict([], staff) == "422 image.unknown")
            #expect(try await verdict(Array(SampleImages.png.dropLast(9)), staff) == "422 image.damaged")
            let long = [UInt8](repeating: 0, count: Media.mostBytes + 1)
            #expect(try await verdict(long, staff) == "413 body.too_large")
            #expect(try await verdict(SampleImages.png, .nobody) == "401 unauthenticated")
            let reader = try await Self.secret(shop, scopes: ["products:read"])
            #expect(try await verdict(SampleImages.png, reader) == "403 forbidden")
            let kept = try await shop.maya.database.read("test.count") { tx in
                try tx.first("SELECT COUNT(*) FROM media_images") { try $0[0] as Int }
            }
            #expect(kept == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product answers with the shop's copy, and says where it came from`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let staff = try await Self.secret(shop)
            let url = "https://cdn.example/k.png"
            let made = try await shop.send(
                "POST", "/api/v1/products", as: staff,
                body: [
                    "title": "Kettle", "variants": [["price": ["amount": 100, "currency": "GBP"]]],
                    "images": [["url": .string(url), "alt": "A kettle"]],
                ])
            let id = try #require(made["id"]?.string.flatMap { ProductID($0) })
            #expect(
                made["images"] == [
                    ["url": .string(url), "alt": "A kettle", "source_url": .string(url), "width": nil, "height": nil]
                ])
            let keep = try KeepImage(store: shop.maya.store.id, bytes: SampleImages.png, source: url)
            let path = keep.image.path(of: shop.maya.store.id)
            let attach = AttachImageCopies(
                store: shop.maya.store.id, product: id, copies: [url: ImageCopy(path: path, width: 7, height: 5)])
            try await shop.maya.database.write("test.attach") { tx in
                try keep.run(in: tx)
                _ = try attach.run(in: tx)
            }
            let found = try await shop.send("GET", "/api/v1/products/\(id)", as: staff)
            #expect(
                found["images"] == [
                    [
                        "url": .string(path), "alt": "A kettle", "source_url": .string(url), "width": 7, "height": 5,
                    ]
                ])
        }
    }
}
