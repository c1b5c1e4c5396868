public import Persistence
import Primitives

/// The checks that tell whether an installation may be trusted, their evidence, and the verdict over all.
public enum Readiness {
    /// The tables of evidence and of the write probe.
    public static let migrations: [Migration] = [EvidenceTable.migration, WriteProbeTable.migration]

    /// The number of the migration without which no evidence can be kept.
    public static let evidenceMigration = EvidenceTable.migration.number

    /// Writes a row that nobody reads: whether that can be committed tells what no reading can.
    public static func probeWriting(in tx: borrowing Transaction) throws {
        try WriteProbeTable.write(in: tx)
    }

    /// Appends evidence to the chain. Nothing is ever changed or removed.
    public static func record(_ evidence: [Evidence], in tx: borrowing Transaction) throws {
        try EvidenceTable.append(evidence, in: tx)
    }

    /// The last evidence of each of these checks, as far as there is any.
    public static func latestEvidence(of checkIDs: [String], in tx: borrowing Transaction) throws -> [Evidence] {
        var evidence: [Evidence] = []
        for id in checkIDs {
            guard let document = try EvidenceTable.latest(id, in: tx) else { continue }
            guard let record = Evidence(json: try JSON(parsing: document)) else {
                throw DatabaseError.decoding("the evidence of \(id) is not a record of evidence")
            }
            evidence.append(record)
        }
        return evidence
    }

    /// Follows the whole chain.
    /// - Returns: the number of the first record that was changed, removed or put in later; nil when all is well.
    public static func firstBrokenRecord(in tx: borrowing Transaction) throws -> Int64? {
        var sequence: Int64 = 0
        var previous = EvidenceTable.origin
        while true {
            let links = try EvidenceTable.links(after: sequence, limit: 500, in: tx)
            for link in links {
                let isIntact =
                    link.sequence == sequence + 1 && link.previous == previous
                    && link.digest
                        == EvidenceTable.digest(link.document, sequence: link.sequence, after: previous)
                guard isIntact else { return sequence + 1 }
                (sequence, previous) = (link.sequence, link.digest)
            }
            if links.count < 500 { return nil }
        }
    }
}
