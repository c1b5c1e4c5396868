public import Persistence
import Primitives

extension PostgresDatabase {
    public func inspect() async throws -> [EngineFact] {
        try await read("inspect") { tx in
            var facts: [EngineFact] = []
            let version: (number: Int, text: String)? = try tx.first(
                "SELECT current_setting('server_version_num')::bigint, current_setting('server_version')"
            ) { (try $0[0], try $0[1]) }
            facts.append(
                EngineFact(
                    name: "server_version", value: version?.text ?? "unknown", expected: "14 or later",
                    isAcceptable: (version?.number ?? 0) >= 140_000))
            for setting in Self.settings {
                // What a session has before it sets anything for itself: ours always set the time zone and the
                // isolation, and would only be told what they said.
                let value = try tx.first(
                    "SELECT coalesce(reset_val, '') FROM pg_settings WHERE name = \(setting.name)"
                ) { try $0[0] as String }
                facts.append(
                    EngineFact(
                        name: setting.name, value: value ?? "unknown", expected: setting.expected,
                        isAcceptable: setting.accepted.isEmpty || setting.accepted.contains(value ?? "")))
            }
            facts.append(try Self.encryption(in: tx))
            facts.append(try Self.clock(in: tx))
            facts.append(
                try Self.list(
                    "invalid_constraints",
                    "SELECT conname::text FROM pg_constraint WHERE NOT convalidated ORDER BY 1", tx))
            facts.append(
                try Self.list(
                    "invalid_indexes",
                    """
                    SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                    WHERE NOT i.indisvalid ORDER BY 1
                    """, tx))
            let isSuperuser = try tx.first("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") {
                try $0[0] as Bool
            }
            facts.append(
                EngineFact(
                    name: "superuser", value: isSuperuser == true ? "yes" : "no", expected: nil, isAcceptable: true))
            return facts
        }
    }

    /// Whether others could read along. Within one machine nobody can who could not read the database itself.
    private static func encryption(in tx: borrowing Transaction) throws -> EngineFact {
        let connection: (protocol: String?, isLocal: Bool)? = try tx.first(
            """
            SELECT CASE WHEN s.ssl THEN s.version END,
            coalesce(a.client_addr = inet_server_addr() OR a.client_addr <<= '127.0.0.0/8'
            OR a.client_addr = '::1', true)
            FROM pg_stat_ssl s JOIN pg_stat_activity a ON a.pid = s.pid WHERE s.pid = pg_backend_pid()
            """
        ) { (try $0[0], try $0[1]) }
        let expected = "TLS, or a connection within the machine"
        guard let connection else {
            return EngineFact(
                name: "connection", value: "not told", expected: expected, isAcceptable: false, isKnown: false)
        }
        let value = connection.protocol ?? (connection.isLocal ? "within the machine" : "not encrypted")
        return EngineFact(
            name: "connection", value: value, expected: expected,
            isAcceptable: connection.protocol != nil || connection.isLocal)
    }

    /// How far the server's clock is from this machine's: leases and expiries are judged by both.
    private static func clock(in tx: borrowing Transaction) throws -> EngineFact {
        let before = SystemClock().now()
        let theirs = try tx.first("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint") {
            try $0[0] as Int
        }
        // Between the question and its answer the server may have looked at any moment.
        let after = SystemClock().now()
        let moment = Instant(microseconds: Int64(theirs ?? 0))
        let seconds = max(0, before.seconds(since: moment), moment.seconds(since: after))
        return EngineFact(
            name: "clock", value: "\(Int(seconds)) s apart", expected: "less than 5 s apart", isAcceptable: seconds < 5)
    }

    private static let settings: [(name: String, expected: String?, accepted: [String])] = [
        ("fsync", "on", ["on"]),
        ("full_page_writes", "on", ["on"]),
        ("synchronous_commit", "on, remote_write or remote_apply", ["on", "remote_write", "remote_apply"]),
        ("data_checksums", nil, []),
        ("TimeZone", "UTC", ["UTC", "Etc/UTC"]),
        ("default_transaction_isolation", "read committed", ["read committed"]),
        ("server_encoding", "UTF8", ["UTF8"]),
    ]

    private static func list(
        _ name: String, _ sql: SQL, _ tx: borrowing Transaction
    ) throws -> EngineFact {
        let names = try tx.query(sql) { try $0[0] as String }
        return EngineFact(
            name: name, value: names.isEmpty ? "none" : names.joined(separator: ", "), expected: "none",
            isAcceptable: names.isEmpty)
    }
}
