import CLibPQ
import Foundation
import Persistence

/// Statements that no transaction takes, on a short connection of their own.
public struct PostgresAdministration: Sendable {
    /// The database's URL.
    public let url: String

    public init(url: String) {
        self.url = url
    }

    /// The server's URL with another database.
    public func url(database: String) throws -> String {
        guard var components = URLComponents(string: url) else {
            throw DatabaseError.unavailable("SHIPSHAPE_TEST_POSTGRES has to be a URL.")
        }
        components.path = "/\(database)"
        return components.string ?? url
    }

    /// Runs one statement, blocking no task's thread.
    public func execute(_ statement: String) async throws {
        _ = try await rows(statement)
    }

    /// The databases whose names begin so.
    public func databases(prefix: String) async throws -> [String] {
        try await rows("SELECT datname FROM pg_database").filter { $0.hasPrefix(prefix) }
    }

    /// The first column of the statement's rows.
    public func rows(_ statement: String) async throws -> [String] {
        try await OwnThread.run { try blockingRows(statement) }
    }

    /// As `rows`, for closures that cannot wait.
    public func blockingRows(_ statement: String) throws -> [String] {
        let connection = PQconnectdb(url)
        defer { PQfinish(connection) }
        guard PQstatus(connection) == CONNECTION_OK else {
            throw DatabaseError.unavailable(String(cString: PQerrorMessage(connection)))
        }
        let result = PQexec(connection, statement)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: break
        default: throw DatabaseError.unavailable(String(cString: PQresultErrorMessage(result)))
        }
        return (0..<PQntuples(result)).map { String(cString: PQgetvalue(result, $0, 0)) }
    }
}
