import CLibPQ
import Persistence

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A connection without pipeline, for migrations and notifications. Its calls block.
final class DirectConnection {
    let handle: OpaquePointer

    init(_ connector: Connector, role: Connector.Role) throws(Failure) {
        handle = try connector.connect(role)
    }

    deinit {
        PQfinish(handle)
    }

    /// The server process that serves it.
    var processID: Int32 { PQbackendPID(handle) }
    var socket: Int32 { PQsocket(handle) }

    /// Runs statements that carry no values, separated by semicolons.
    func execute(_ text: String) throws(Failure) {
        let result = PQexec(handle, text)
        defer { PQclear(result) }
        try check(result)
    }

    /// Runs a statement with text parameters.
    /// - Returns: its rows, NULL as the empty text.
    @discardableResult
    func query(_ text: String, _ values: [String] = []) throws(Failure) -> [[String]] {
        let texts = values.map { strdup($0) }
        defer { for text in texts { free(text) } }
        let result = PQexecParams(
            handle, text, Int32(texts.count), nil, texts.map { UnsafePointer($0) }, nil, nil, 0)
        defer { PQclear(result) }
        try check(result)
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { String(cString: PQgetvalue(result, row, $0)) }
        }
    }

    private func check(_ result: OpaquePointer?) throws(Failure) {
        guard let result else { throw .connectionLost("the connection to the database was lost") }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default: throw ServerError(result).failure(isWriter: true)
        }
    }
}
