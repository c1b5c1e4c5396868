import Persistence
import Primitives

/// The SQL of `write_probes`.
enum WriteProbeTable {
    static let migration = Migration(
        41, "write probe",
        ["CREATE TABLE write_probes (name TEXT NOT NULL PRIMARY KEY, written_at BIGINT NOT NULL)"])

    static func write(in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO write_probes (name, written_at) VALUES ('health', \(tx.now))
            ON CONFLICT (name) DO UPDATE SET written_at = \(tx.now)
            """)
    }
}
