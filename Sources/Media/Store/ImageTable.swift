import Persistence
import Primitives

/// The SQL of `media_images`.
enum ImageTable {
    static let columns: SQL = "digest, kind, width, height, byte_count"

    /// Nothing happens when it is there already.
    static func insert(_ image: KeptImage, _ bytes: [UInt8], store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO media_images (store_id, digest, kind, width, height, byte_count, content, created_at)
            VALUES (\(store), \(image.digest), \(image.facts.kind.rawValue), \(image.facts.width),
                \(image.facts.height), \(image.byteCount), \(bytes), \(tx.now))
            ON CONFLICT (store_id, digest) DO NOTHING
            """)
    }

    static func find(_ digest: String, store: StoreID, in tx: borrowing Transaction) throws -> KeptImage? {
        try tx.first(
            "SELECT \(columns) FROM media_images WHERE store_id = \(store) AND digest = \(digest)", read)
    }

    static func content(
        _ digest: String, store: StoreID, in tx: borrowing Transaction
    ) throws -> (kind: ImageKind, bytes: [UInt8])? {
        try tx.first(
            "SELECT kind, content FROM media_images WHERE store_id = \(store) AND digest = \(digest)"
        ) { row in (try kind(row[0]), try row[1]) }
    }

    static func read(_ row: Row) throws -> KeptImage {
        KeptImage(
            digest: try row[0], facts: ImageFacts(known: try kind(row[1]), width: try row[2], height: try row[3]),
            byteCount: try row[4])
    }

    private static func kind(_ text: String) throws -> ImageKind {
        guard let kind = ImageKind(rawValue: text) else {
            throw DatabaseError.decoding("an image has the unknown kind \(text)")
        }
        return kind
    }
}

/// The SQL of `media_sources`.
enum SourceTable {
    /// An address that brought an image keeps it, whatever is said of it later.
    static func insert(
        _ address: String, digest: String, failure: String, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO media_sources (store_id, address_digest, address, image_digest, failure, checked_at)
            VALUES (\(store), \(Digests.text(address)), \(address), \(digest), \(failure), \(tx.now))
            ON CONFLICT (store_id, address_digest) DO UPDATE SET image_digest = excluded.image_digest,
                failure = excluded.failure, checked_at = excluded.checked_at
            WHERE media_sources.image_digest = ''
            """)
    }

    static func find(
        _ addresses: [String], store: StoreID, in tx: borrowing Transaction
    ) throws -> [(address: String, outcome: SourceOutcome)] {
        try tx.query(
            """
            SELECT s.address, s.failure, s.checked_at, i.digest, i.kind, i.width, i.height, i.byte_count
            FROM media_sources s
            LEFT JOIN media_images i ON i.store_id = s.store_id AND i.digest = s.image_digest
            WHERE s.store_id = \(store) AND s.address_digest IN \(list: addresses.map(Digests.text))
            """
        ) { row in
            let failure: String = try row[1]
            let digest: String? = try row[3]
            guard failure.isEmpty, let digest else { return (try row[0], .failed(failure, at: try row[2])) }
            let kind: String = try row[4]
            guard let kind = ImageKind(rawValue: kind) else {
                throw DatabaseError.decoding("an image has the unknown kind \(kind)")
            }
            let facts = ImageFacts(known: kind, width: try row[5], height: try row[6])
            return (try row[0], .kept(KeptImage(digest: digest, facts: facts, byteCount: try row[7])))
        }
    }
}
