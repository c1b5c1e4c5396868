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

    /// Reads the whole database; takes seconds for each gigabyte.
    static func integrity(of connection: Connection) throws -> [EngineFact] {
        let limit = connection.statementTimeoutSeconds
        connection.statementTimeoutSeconds = 0
        defer { connection.statementTimeoutSeconds = limit }
        let check = try connection.pragma("PRAGMA quick_check(1)") ?? "no answer"
        var orphans = 0
        try connection.run("PRAGMA foreign_key_check") { _ in orphans += 1 }
        return [
            EngineFact(name: "integrity_check", value: check, expected: "ok", isAcceptable: check == "ok"),
            EngineFact(
                name: "foreign_key_check", value: "\(orphans) orphans", expected: "0 orphans",
                isAcceptable: orphans == 0),
        ]
    }
}
