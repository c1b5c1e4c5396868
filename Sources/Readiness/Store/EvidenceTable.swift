import Crypto
import Persistence
import Primitives

/// The SQL of `readiness_evidence`: an append-only chain, each record hashed with the digest of the one before.
enum EvidenceTable {
    static let migration = Migration(
        40, "readiness evidence",
        [
            """
            CREATE TABLE readiness_evidence (
                sequence BIGINT NOT NULL PRIMARY KEY,
                check_id TEXT NOT NULL,
                document TEXT NOT NULL,
                previous BYTES NOT NULL,
                digest BYTES NOT NULL
            )
            """,
            "CREATE INDEX readiness_evidence_by_check ON readiness_evidence (check_id, sequence)",
        ])

    /// One link of the chain.
    struct Link {
        let sequence: Int64
        let checkID: String
        let document: String
        let previous: [UInt8]
        let digest: [UInt8]
    }

    /// What the first link has before it.
    static let origin = [UInt8](repeating: 0, count: 32)

    static func digest(_ document: String, sequence: Int64, after previous: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: previous)
        hash.update(data: Array("\(sequence):\(document)".utf8))
        return Array(hash.finalize())
    }

    static func append(_ evidence: [Evidence], in tx: borrowing Transaction) throws {
        // Two writers would link to the same record: the second one's insert fails on the key without this lock.
        try tx.lock("readiness_evidence")
        let last = try tx.first(
            "SELECT sequence, digest FROM readiness_evidence ORDER BY sequence DESC LIMIT 1"
        ) { (try $0[0] as Int64, try $0[1] as [UInt8]) }
        var (sequence, previous) = last ?? (0, origin)
        for record in evidence {
            sequence += 1
            let document = record.json.description
            let digest = digest(document, sequence: sequence, after: previous)
            try tx.execute(
                """
                INSERT INTO readiness_evidence (sequence, check_id, document, previous, digest)
                VALUES (\(sequence), \(record.checkID), \(document), \(previous), \(digest))
                """)
            previous = digest
        }
    }

    static func links(after sequence: Int64, limit: Int, in tx: borrowing Transaction) throws -> [Link] {
        try tx.query(
            """
            SELECT sequence, check_id, document, previous, digest FROM readiness_evidence
            WHERE sequence > \(sequence) ORDER BY sequence LIMIT \(limit)
            """
        ) {
            Link(
                sequence: try $0[0], checkID: try $0[1], document: try $0[2], previous: try $0[3], digest: try $0[4])
        }
    }

    static func latest(_ checkID: String, in tx: borrowing Transaction) throws -> String? {
        try tx.first(
            """
            SELECT document FROM readiness_evidence WHERE check_id = \(checkID) ORDER BY sequence DESC LIMIT 1
            """
        ) { try $0[0] as String }
    }
}
