import Media
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct ImageReadingTests {
    private static let samples: [(name: String, bytes: [UInt8], kind: ImageKind, width: Int, height: Int)] = [
        ("png", SampleImages.png, .png, 7, 5), ("jpeg", SampleImages.jpeg, .jpeg, 7, 5),
        ("jpeg turned", SampleImages.jpegTurned, .jpeg, 5, 7),
        ("jpeg turned backwards", SampleImages.jpegTurnedBackwards, .jpeg, 5, 7),
        ("gif", SampleImages.gif, .gif, 1, 1), ("webp lossy", SampleImages.webpLossy, .webp, 7, 5),
        ("webp lossless", SampleImages.webpLossless, .webp, 7, 5),
        ("webp extended", SampleImages.webpExtended, .webp, 7, 5),
    ]

    private static func code(_ bytes: [UInt8]) -> String? {
        do {
            _ = try ImageFacts.read(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `images are known by their bytes, with the size that browsers show`() throws {
        for sample in Self.samples {
            let facts = try ImageFacts.read(sample.bytes)
            #expect(facts.kind == sample.kind, "\(sample.name)")
            #expect([facts.width, facts.height] == [sample.width, sample.height], "\(sample.name)")
        }
    }

    @Test func `half an image is none`() {
        for sample in Self.samples {
            for length in 0..<sample.bytes.count {
                // The last bytes of a RIFF container may be filling.
                if sample.kind == .webp, length == sample.bytes.count - 1 { continue }
                #expect(Self.code(Array(sample.bytes[..<length])) != nil, "\(sample.name), \(length) bytes")
            }
        }
    }

    @Test func `damaged images are refused or still have a size, and never stop the program`() {
        var random = SeededRandom(seed: 820)
        for round in 0..<20_000 {
            var bytes = Self.samples[round % Self.samples.count].bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 3 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            guard let facts = try? ImageFacts.read(bytes) else { continue }
            #expect(facts.width * facts.height <= ImageFacts.mostPixels)
            #expect(facts.width > 0 && facts.height > 0)
        }
    }

    @Test(arguments: [
        "", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "<!doctype html><p>",
        "GIF", "%PDF-1.7", "\u{0}\u{0}\u{0}\u{1c}ftypavif", "BM",
    ])
    func `what is no image of a kind that is kept is refused`(_ text: String) {
        #expect(Self.code(Array(text.utf8)) == "image.unknown")
    }

    @Test(
        arguments: [
            (16_385, 1, "image.too_large"), (16_384, 16_384, "image.too_large"), (10_000, 5_001, "image.too_large"),
            (10_000, 5_000, nil), (0, 5, "image.damaged"), (0x7FFF_FFFF, 0x7FFF_FFFF, "image.too_large"),
        ] as [(Int, Int, String?)])
    func `an image that would fill the memory of whoever shows it is refused`(
        _ width: Int, _ height: Int, _ code: String?
    ) {
        var bytes = SampleImages.png
        for (offset, number) in [(16, width), (20, height)] {
            for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * index)) }
        }
        #expect(Self.code(bytes) == code)
    }

    @Test(
        arguments: [
            (65_535, 65_535, "image.too_large"), (16_385, 1, "image.too_large"), (10_000, 5_001, "image.too_large"),
            (10_000, 5_000, nil), (0, 0, nil),
        ] as [(Int, Int, String?)])
    func `a frame is no larger than an image may be, whatever its canvas`(
        _ width: Int, _ height: Int, _ code: String?
    ) throws {
        let whole = SampleImages.gif
        let start = try #require(whole.lastIndex(of: 0x2C))
        let small = Array(whole[start..<(whole.count - 1)])
        var frame = small
        for (offset, number) in [(5, width), (7, height)] {
            frame[offset] = UInt8(truncatingIfNeeded: number)
            frame[offset + 1] = UInt8(truncatingIfNeeded: number >> 8)
        }
        // The only frame, the second, and the first of two.
        for frames: [UInt8] in [frame, small + frame, frame + small] {
            #expect(Self.code(Array(whole[..<start]) + frames + [0x3B]) == code)
        }
    }

    @Test func `more bytes than are kept are refused before they are read`() {
        let bytes = SampleImages.png + [UInt8](repeating: 0, count: Media.mostBytes)
        #expect(Self.code(bytes) == "image.too_large")
    }
}

struct KeepImageTests {
    @Test(arguments: TestEngine.available)
    func `an image is kept once, and belongs to its store`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let other = try await world.anotherStore()
            let keep = try KeepImage(store: world.store.id, bytes: SampleImages.png)
            for _ in 0..<2 { _ = try await world.database.write("test.keep") { tx in try keep.run(in: tx) } }
            #expect(keep.image.digest == "64c48a8f27f26bfba21cda8c6927724e3210a8ed5caba3d5553b2cef928f97ff")
            #expect(keep.image.byteCount == SampleImages.png.count)
            let path = keep.image.path(of: world.store.id)
            #expect(path == "/media/\(world.store.id)/\(keep.image.digest).png")
            let digest = keep.image.digest
            try await world.database.read("test.find") { [store = world.store.id] tx in
                let content = try Media.content(of: digest, store: store, in: tx)
                #expect(content?.bytes == SampleImages.png)
                #expect(content?.kind == .png)
                #expect(try Media.image(digest, of: store, in: tx) == keep.image)
                #expect(try Media.image(digest, of: other.id, in: tx) == nil)
                #expect(try Media.content(of: digest, store: other.id, in: tx) == nil)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `what became of an address is known, and a failure does not take an image away`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let store = world.store.id
            let (good, bad) = ("https://cdn.example/a.png", "https://cdn.example/gone.png")
            let keep = try KeepImage(store: store, bytes: SampleImages.png, source: good)
            let outcomes = try await world.database.write("test.record") { tx in
                try Media.recordFailure("The server answers with 503.", of: good, store: store, in: tx)
                try keep.run(in: tx)
                try Media.recordFailure("The server answers with 404.", of: good, store: store, in: tx)
                try Media.recordFailure("The server answers with 404.", of: bad, store: store, in: tx)
                return try Media.outcomes(of: [good, bad, "https://cdn.example/new.png"], store: store, in: tx)
            }
            #expect(outcomes.count == 2)
            #expect(outcomes[good] == .kept(keep.image))
            guard case .failed(let sentence, _)? = outcomes[bad] else {
                Issue.record("The failure is not known.")
                return
            }
            #expect(sentence == "The server answers with 404.")
        }
    }

    @Test func `only addresses of the store's own images name one`() throws {
        var random = SeededRandom(seed: 1)
        let store = StoreID(.random128(using: &random))
        let digest = String(repeating: "0a", count: 32)
        let path = "/media/\(store)/\(digest).png"
        for address in [path, "https://shop.example\(path)", "http://127.0.0.1:8080\(path)"] {
            #expect(KeptImage.digest(inAddress: address, of: store) == digest)
        }
        let other = StoreID(.random128(using: &random))
        for address in [
            "https://shop.example/x\(path)", "\(path)?x=1", "/media/\(other)/\(digest).png",
            "/media/\(store)/\(digest).svg", "/media/\(store)/\(digest.dropLast()).png", "https://shop.example",
            "/media/\(store)/\(digest)", "",
        ] {
            #expect(KeptImage.digest(inAddress: address, of: store) == nil, "\(address)")
        }
    }
}
