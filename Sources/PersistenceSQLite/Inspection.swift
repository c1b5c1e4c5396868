import GRDBSQLite
import Persistence

/// What SQLite says about itself, for the readiness checks.
enum Inspection {
    /// The first version without the write-ahead log's reset bug (https://www.sqlite.org/wal.html): older ones may
    /// damage a database that two connections write or checkpoint at once.
    private static let safeVersion: Int32 = 3_051_003

    static var version: EngineFact {
        EngineFact(
            name: "sqlite_version", value: String(cString: sqlite3_libversion()), expected: "at least 3.51.3",
            isAcceptable: sqlite3_libversion_number() >= safeVersion)
    }

    /// The settings of the connection that writes.
    static func settings(of connection: Connection) throws -> [EngineFact] {
        let expectations = [
            ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("mmap_size", "0"),
        ]
        return try expectations.map { name, expected in
            let value = try connection.pragma("PRAGMA \(name)") ?? "unknown"
            // A build without memory mapping has no answer.
            let isAcceptable = value == expected || (name == "mmap_size" && value == "unknown")
            return EngineFact(name: name, value: value, expected: expected, isAcceptable: isAcceptable)
        }
    }

    /// How long each look through the whole database may take. Whoever asks waits for the answer.
    static let integritySeconds = 25.0

    /// Reads the whole database and compares each table with its indexes: seconds for each gigabyte. What is not
    /// finished in time is not known.
    static func integrity(of connection: Connection, withinSeconds seconds: Double = integritySeconds) throws
        -> [EngineFact]
    {
        let limit = connection.statementTimeoutSeconds
        connection.statementTimeoutSeconds = seconds
        defer { connection.statementTimeoutSeconds = limit }
        let damage = try fact("integrity_check", expected: "ok", seconds) {
            try connection.pragma("PRAGMA integrity_check(1)") ?? "no answer"
        }
        let orphans = try fact("foreign_key_check", expected: "0 orphans", seconds) {
            var orphans = 0
            try connection.run("PRAGMA foreign_key_check") { _ in orphans += 1 }
            return "\(orphans) orphans"
        }
        return [damage, orphans]
    }

    private static func fact(
        _ name: String, expected: String, _ seconds: Double, _ look: () throws -> String
    ) throws -> EngineFact {
        do {
            let value = try look()
            return EngineFact(name: name, value: value, expected: expected, isAcceptable: value == expected)
        } catch DatabaseError.statementTimeout {
            return EngineFact(
                name: name, value: "not finished within \(Int(seconds)) s", expected: expected, isAcceptable: false,
                isKnown: false)
        }
    }
}
