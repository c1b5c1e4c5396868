public import Primitives

/// The formats that are kept: those that every browser shows and that hold no program.
public enum ImageKind: String, Hashable, Sendable, CaseIterable {
    case png, jpeg, gif, webp

    public var mediaType: String { "image/\(rawValue)" }

    /// What the names of its files end in.
    public var suffix: String { self == .jpeg ? "jpg" : rawValue }

    /// By the end of a file's name.
    public init?(suffix: some StringProtocol) {
        guard let kind = Self.allCases.first(where: { $0.suffix == suffix }) else { return nil }
        self = kind
    }
}

/// What an image says of itself.
public struct ImageFacts: Hashable, Sendable {
    public let kind: ImageKind
    /// In pixels, as browsers show it: turned where the camera says that it was held so.
    public let width: Int
    public let height: Int

    /// A side of more pixels is refused.
    public static let mostSide = 16_384
    /// More pixels altogether are refused: whoever shows the image has to hold them in memory.
    public static let mostPixels = 50_000_000

    /// An image with sides that may be shown; nil for others.
    init?(_ kind: ImageKind, _ width: Int, _ height: Int) {
        guard (1...Self.mostSide).contains(width), (1...Self.mostSide).contains(height),
            width * height <= Self.mostPixels
        else { return nil }
        self.kind = kind
        self.width = width
        self.height = height
    }

    init(known kind: ImageKind, width: Int, height: Int) {
        self.kind = kind
        self.width = width
        self.height = height
    }
}

/// An image that is kept.
public struct KeptImage: Hashable, Sendable {
    /// SHA-256 of its bytes, in 64 hexadecimal digits.
    public let digest: String
    public let facts: ImageFacts
    public let byteCount: Int

    /// Where it is served, without the site.
    public func path(of store: StoreID) -> String { "/media/\(store)/\(digest).\(facts.kind.suffix)" }

    /// The digest in an address of this store's own images; nil for any other address.
    public static func digest(inAddress address: String, of store: StoreID) -> String? {
        var path = address[...]
        if let scheme = address.firstRange(of: "://") {
            guard let slash = address[scheme.upperBound...].firstIndex(of: "/") else { return nil }
            path = address[slash...]
        }
        let prefix = "/media/\(store)/"
        guard path.hasPrefix(prefix) else { return nil }
        let name = path.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
        guard name.count == 2, isDigest(name[0]), ImageKind(suffix: name[1]) != nil else { return nil }
        return String(name[0])
    }

    /// Whether a text is a digest as it is written here.
    public static func isDigest(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

/// What became of an address whose image was wanted.
public enum SourceOutcome: Hashable, Sendable {
    case kept(KeptImage)
    /// With a sentence that says why not, and since when.
    case failed(String, at: Instant)
}
