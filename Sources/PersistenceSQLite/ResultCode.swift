import GRDBSQLite
import Persistence

/// An extended result code (https://www.sqlite.org/rescode.html) and what it means at the seam.
struct ResultCode: Equatable {
    let extended: Int32

    init(_ extended: Int32) {
        self.extended = extended
    }

    var primary: Int32 { extended & 0xFF }

    /// Whether another attempt may succeed: another connection holds a lock.
    var isBusy: Bool { primary == SQLITE_BUSY || primary == SQLITE_LOCKED }

    /// Whether the disk failed, so that nobody knows what of a commit has reached it.
    var isInputOutput: Bool { primary == SQLITE_IOERR }

    /// Whether the trouble lies outside the statement: disk, memory, file.
    var isEnvironment: Bool {
        switch primary {
        case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_NOMEM, SQLITE_CANTOPEN,
            SQLITE_PERM, SQLITE_PROTOCOL:
            true
        default: false
        }
    }

    /// The error at the seam.
    /// - Parameter isReader: a reader refuses writes with the code that a write-protected file has.
    func error(message: String, isReader: Bool) -> DatabaseError {
        switch primary {
        case SQLITE_BUSY, SQLITE_LOCKED: return .conflict
        case SQLITE_INTERRUPT: return .statementTimeout
        case SQLITE_CONSTRAINT: return constraint(message: message)
        case SQLITE_READONLY where isReader: return .misuse(code: String(extended), message: message)
        default:
            return isEnvironment
                ? .unavailable("SQLite reports: \(message) (SQLite \(extended))")
                : .misuse(code: String(extended), message: message)
        }
    }

    private func constraint(message: String) -> DatabaseError {
        // The C header composes these by macros that Swift does not import: SQLITE_CONSTRAINT | n << 8.
        switch extended >> 8 {
        case 6, 8, 10: .constraint(.unique, name: nil)
        case 3: .constraint(.foreignKey, name: nil)
        case 1: .constraint(.check, name: nil)
        case 5: .constraint(.notNull, name: nil)
        case 12: .misuse(code: String(extended), message: message)
        default: .constraint(.other, name: nil)
        }
    }
}

/// A result code with the engine's message, inside this target.
struct SQLiteFailure: Error {
    let code: ResultCode
    let message: String
}
