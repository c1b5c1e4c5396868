import CLibPQ
import FoundationEssentials
import Persistence

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes connections of one kind.
struct Connector: Sendable {
    /// What a connection is for.
    enum Role {
        case writer, reader
        /// Migrations: statements may take as long as they need, a lock they wait for may not.
        case migration
        case notifications
    }

    private let url: String
    private let password: String?
    private let settings: PostgresSettings

    /// - Throws: `DatabaseError.unavailable` when the URL cannot be read; the sentence contains nothing of it.
    init(_ settings: PostgresSettings, url: String) throws(DatabaseError) {
        // With two of them libpq would take a part of the password for the host, and name it in errors.
        let authority = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).dropFirst(2).first
        if url.contains("://"), let end = authority?.prefix(while: { $0 != "/" && $0 != "?" }),
            end.count(where: { $0 == "@" }) > 1
        {
            throw .unavailable("the database URL has more than one @: write %40 for one in the user name or password")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            PQfreemem(message)
            throw .unavailable("the database URL cannot be read: is every special character in it percent-encoded?")
        }
        defer { PQconninfoFree(options) }
        var password: String?
        var option = options
        while let keyword = option.pointee.keyword {
            if strcmp(keyword, "password") == 0, let value = option.pointee.val { password = String(cString: value) }
            option += 1
        }
        self.password = password
        self.url = url
        self.settings = settings
    }

    /// Connects and prepares the session, blocking for as long as the settings allow.
    func connect(_ role: Role) throws(Failure) -> OpaquePointer {
        // What stands before `dbname` is a default that the URL may override.
        let options = [
            ("connect_timeout", String(max(2, Int(settings.connectTimeoutSeconds.rounded(.up))))),
            ("application_name", settings.applicationName),
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"),
            ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        let keywords = options.map { strdup($0.0) }
        let values = options.map { strdup($0.1) }
        defer { for pointer in keywords + values { free(pointer) } }
        let connected = PQconnectdbParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
        guard let handle = connected else { throw .unreachable("out of memory") }
        guard PQstatus(handle) == CONNECTION_OK else {
            defer { PQfinish(handle) }
            throw .unreachable(redacted(String(cString: PQerrorMessage(handle))))
        }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        let result = PQexec(handle, sessionSettings(role))
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            defer { PQfinish(handle) }
            throw .unreachable(redacted(String(cString: PQerrorMessage(handle))))
        }
        return handle
    }

    /// A reader's snapshot lives in a batch that the server does not count as idle: that the server too notices a
    /// client that has vanished keeps it from holding one for hours.
    private func sessionSettings(_ role: Role) -> String {
        let statementTimeout = role == .migration ? 0 : Self.milliseconds(settings.statementTimeoutSeconds)
        let idleTimeout = Self.milliseconds(settings.idleInTransactionTimeoutSeconds)
        return """
            SET TIME ZONE 'UTC'; SET client_min_messages = warning; SET standard_conforming_strings = on; \
            SET default_transaction_isolation = '\(role == .reader ? "repeatable read" : "read committed")'; \
            SET default_transaction_read_only = \(role == .reader ? "on" : "off"); \
            SET statement_timeout = \(statementTimeout); SET lock_timeout = \(role == .migration ? 5000 : 0); \
            SET idle_in_transaction_session_timeout = \(idleTimeout); \
            SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3
            """
    }

    private static func milliseconds(_ seconds: Double) -> Int {
        Int(max(0, min(seconds * 1000, 2_147_483_647)).rounded())
    }

    /// A message of libpq on one line and without the password.
    private func redacted(_ message: String) -> String {
        var line = message.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " || $0 == "\t" } }
            .joined(separator: " ")
        if let password, !password.isEmpty { line = line.replacing(password, with: "…") }
        return line
    }
}
