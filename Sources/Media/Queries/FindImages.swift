public import Persistence
public import Primitives

extension Media {
    /// What is known of an image; nil when there is none of this digest.
    public static func image(
        _ digest: String, of store: StoreID, in tx: borrowing Transaction
    ) throws -> KeptImage? {
        try ImageTable.find(digest, store: store, in: tx)
    }

    /// An image with its bytes.
    public static func content(
        of digest: String, store: StoreID, in tx: borrowing Transaction
    ) throws -> (kind: ImageKind, bytes: [UInt8])? {
        try ImageTable.content(digest, store: store, in: tx)
    }

    /// What became of these addresses; those that nobody has tried yet are absent.
    public static func outcomes(
        of addresses: [String], store: StoreID, in tx: borrowing Transaction
    ) throws -> [String: SourceOutcome] {
        guard !addresses.isEmpty else { return [:] }
        let found = try SourceTable.find(addresses, store: store, in: tx)
        return Dictionary(found.map { ($0.address, $0.outcome) }, uniquingKeysWith: { first, _ in first })
    }
}
