public import Persistence
public import Primitives

/// Keeps an image, once, however often it is brought.
public struct KeepImage: Sendable {
    private let store: StoreID
    private let bytes: [UInt8]
    private let source: String?

    /// What it is and where it will be.
    public let image: KeptImage

    /// - Parameter source: the address that it came from; nil when it was uploaded.
    /// - Throws: what `ImageFacts.read` throws.
    public init(store: StoreID, bytes: [UInt8], source: String? = nil) throws(Problem) {
        let facts = try ImageFacts.read(bytes)
        self.store = store
        self.bytes = bytes
        self.source = source
        image = KeptImage(digest: Digests.bytes(bytes), facts: facts, byteCount: bytes.count)
    }

    /// - Returns: the image; the same for the same bytes.
    @discardableResult
    public func run(in tx: borrowing Transaction) throws -> KeptImage {
        try ImageTable.insert(image, bytes, store: store, in: tx)
        if let source { try SourceTable.insert(source, digest: image.digest, failure: "", store: store, in: tx) }
        return image
    }
}

extension Media {
    /// Writes down why an address brought no image. One that brought one before stays with it.
    public static func recordFailure(
        _ sentence: String, of address: String, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try SourceTable.insert(
            address, digest: "", failure: String(sentence.prefix(500)), store: store, in: tx)
    }
}
