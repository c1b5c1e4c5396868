import CLibPQ
import Persistence

/// How a run of a closure failed, as far as it decides what happens next.
enum Failure: Error, Hashable {
    /// Another transaction stood in the way.
    case conflict
    /// A prepared statement no longer fits the schema, or is gone. The error stands if it happens again.
    case stalePlan(DatabaseError)
    /// No connection could be made.
    case unreachable(String)
    /// The connection was lost, or is of no use any more, before anything was committed.
    case connectionLost(String)
    /// The connection was lost between COMMIT and its answer.
    case commitUnknown
    /// The server ended the statement: it ran too long, or we asked for it.
    case statementEnded
    /// The task was cancelled before the next statement was sent.
    case cancelled
    /// An error that stands.
    case refused(DatabaseError)

    /// What the closure sees.
    var publicError: any Error {
        switch self {
        case .conflict: DatabaseError.conflict
        case .stalePlan(let error), .refused(let error): error
        case .unreachable(let reason), .connectionLost(let reason): DatabaseError.unavailable(reason)
        case .commitUnknown: DatabaseError.ambiguousCommit
        case .statementEnded: DatabaseError.statementTimeout
        case .cancelled: CancellationError()
        }
    }
}

/// An error as the server reports it: https://www.postgresql.org/docs/15/errcodes-appendix.html
struct ServerError {
    let sqlState: String
    let message: String
    let constraint: String?
    /// `table.column`, where the error names one.
    let column: String?
    /// The server closes the connection after it.
    let isFatal: Bool

    init(_ result: OpaquePointer) {
        func field(_ code: Character) -> String? {
            guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
            return String(cString: text)
        }
        sqlState = field("C") ?? ""
        message = field("M") ?? String(cString: PQresultErrorMessage(result))
        constraint = field("n")
        column = field("c").map { column in field("t").map { "\($0).\(column)" } ?? column }
        let severity = field("V")
        isFatal = severity == "FATAL" || severity == "PANIC"
    }

    init(
        sqlState: String, message: String = "", constraint: String? = nil, column: String? = nil, isFatal: Bool = false
    ) {
        self.sqlState = sqlState
        self.message = message
        self.constraint = constraint
        self.column = column
        self.isFatal = isFatal
    }

    /// - Parameter isWriter: a writer that finds its server read-only has met a former primary.
    func failure(isWriter: Bool) -> Failure {
        switch sqlState {
        case "40001", "40P01", "55P03": return .conflict
        case "0A000", "26000": return .stalePlan(.misuse(code: sqlState, message: message))
        case "57014", "25P03", "25P04": return .statementEnded
        case "25006" where isWriter: return .connectionLost("the server is read-only")
        case "53300", "57P01", "57P02", "57P03", "57P05": return .connectionLost(message)
        case "23505": return .refused(.constraint(.unique, name: constraint))
        case "23503", "23001": return .refused(.constraint(.foreignKey, name: constraint))
        case "23514": return .refused(.constraint(.check, name: constraint))
        case "23502": return .refused(.constraint(.notNull, name: constraint ?? column))
        default: break
        }
        switch sqlState.prefix(2) {
        case "08": return .connectionLost(message)
        case "23": return .refused(.constraint(.other, name: constraint))
        case "53", "57", "58": return .refused(.unavailable("\(message) (SQLSTATE \(sqlState))"))
        default:
            guard isFatal || sqlState.isEmpty else { return .refused(.misuse(code: sqlState, message: message)) }
            return .connectionLost(message)
        }
    }
}
