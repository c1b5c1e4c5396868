import Catalog
import Media
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct ProductImagePageTests {
    @Test(arguments: TestEngine.available)
    func `an image is uploaded with what it shows, once`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, _) = try await shop.teapot()
            let path = "/dashboard/products/\(id)"
            func send(_ bytes: [UInt8], alt: String = " A pot ") async throws -> Browser.Page {
                try await owner.upload("\(path)/images/upload", ["alt": alt], name: "pot.png", bytes: bytes)
            }
            #expect(try await send(SampleImages.png).verdict == "303 \(path)?done=saved")
            let saved = try #require(try await shop.product(id))
            let image = try #require(saved.images.first)
            let kept = try KeepImage(store: shop.maya.store.id, bytes: SampleImages.png).image
            let place = kept.path(of: shop.maya.store.id)
            #expect(saved.images.count == 1)
            #expect(image == ProductImage(url: place, alt: "A pot", copy: .init(path: place, width: 7, height: 5)))
            #expect(try await shop.kept(kept.digest) == SampleImages.png)
            #expect(try await owner.get(path).text.contains("src=\"\(place)\""))

            let problems = try await [
                (send(SampleImages.png), "The product has this image already."),
                (send([]), "Choose an image that is not empty."),
                (send(Array("<svg></svg>".utf8)), "id=\"file-error\""),
                (send([UInt8](repeating: 0, count: Media.mostBytes + 1)), "The image is larger than 5 MiB."),
                (send(SampleImages.gif, alt: String(repeating: "z", count: 501)), "id=\"alt-error\""),
            ]
            for (page, text) in problems {
                #expect(page.status == 422, "\(text)")
                #expect(page.text.contains(text), "\(text)")
                #expect(page.text.contains("value=\" A pot \"") || page.text.contains("zzzz"), "\(text)")
            }
            #expect(try await shop.product(id) == saved)
            let gif = try KeepImage(store: shop.maya.store.id, bytes: SampleImages.gif).image
            #expect(try await shop.kept(gif.digest) == nil)
            let other = try await shop.owner(of: shop.otto)
            let foreign = try await other.upload(
                "\(path)/images/upload", ["alt": ""], name: "pot.gif", bytes: SampleImages.gif)
            #expect(foreign.status == 404)
            #expect(try await shop.product(id) == saved)
        }
    }

    @Test(arguments: TestEngine.available)
    func `images change places, get words and go, and no other image is touched`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, _) = try await shop.teapot()
            let (store, path) = (shop.maya.store, "/dashboard/products/\(id)")
            let urls = ["a", "b", "a", "c"].map { "https://cdn.example/\($0).png" }
            _ = try await shop.maya.database.write("test.images") { tx in
                try ChangeProduct(
                    store: store.id, currency: store.currency, product: id, actor: .system, requestID: nil
                ) { $0.images = urls.map { ProductImage(url: $0, alt: "") } }.run(in: tx)
            }
            func images() async throws -> [String] {
                try await shop.product(id)?.images.map { "\($0.url.dropFirst(20).prefix(1))\($0.alt)" } ?? []
            }
            func send(_ shown: [String], _ texts: [String], _ action: String? = nil) async throws -> Browser.Page {
                var fields: [(String, String)] = []
                for (index, url) in shown.enumerated() {
                    fields += [("url.\(index)", url), ("alt.\(index)", texts[index])]
                }
                if let action { fields.append(("action", action)) }
                return try await owner.post("\(path)/images/order", fields: fields)
            }
            #expect(try await send(urls, ["1", "2", "3", "4"], "later.0").verdict == "303 \(path)?done=saved")
            #expect(try await images() == ["b2", "a1", "a3", "c4"])
            let shown = [urls[1], urls[0], urls[0], urls[3]]
            _ = try await send(shown, ["2", "1", "3", "4"], "earlier.3")
            #expect(try await images() == ["b2", "a1", "c4", "a3"])
            // The form is older than the order, and knows nothing of what it does not show.
            _ = try await send([urls[3]], ["D"], "remove.0")
            #expect(try await images() == ["b2", "a1", "a3"])
            _ = try await send([urls[3], urls[1]], ["gone", "B"], "earlier.0")
            #expect(try await images() == ["bB", "a1", "a3"])
            for odd in ["earlier.0", "later.9", "explode.0", "remove.-1"] {
                _ = try await send([urls[1]], ["B"], odd)
                #expect(try await images() == ["bB", "a1", "a3"], "\(odd)")
            }
            let long = String(repeating: "w", count: 501)
            let refused = try await send([urls[1], urls[0]], ["kept", long], "remove.0")
            #expect(refused.status == 422)
            #expect(refused.text.contains("id=\"alt.1-error\""))
            #expect(refused.text.contains("value=\"kept\"") && refused.text.contains(long))
            #expect(try await images() == ["bB", "a1", "a3"])
        }
    }
}

extension LiveDashboard {
    /// The bytes of Maya's image.
    func kept(_ digest: String) async throws -> [UInt8]? {
        let store = maya.store.id
        return try await maya.database.read("test.media") { tx in
            try Media.content(of: digest, store: store, in: tx)?.bytes
        }
    }
}
