import FoundationEssentials
import GRDBSQLite
import Persistence

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A prepared statement of one connection, and the columns of the row it stands on.
final class Statement: RowColumns {
    let handle: OpaquePointer
    let isReadOnly: Bool
    /// The memory it takes, approximately.
    let bytes: Int
    /// When the cache last gave it out.
    var lastUse: UInt64 = 0
    private let parameterCount: Int
    /// SQLite copies what is bound before the call returns.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ handle: OpaquePointer) {
        self.handle = handle
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
        bytes = Int(sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_MEMUSED, 0))
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// Makes it ready for its next use, and frees what was bound.
    func reset() {
        sqlite3_reset(handle)
        if parameterCount > 0 { sqlite3_clear_bindings(handle) }
    }

    /// Binds the arguments, the first to `?1`.
    func bind(_ arguments: [SQLValue]) throws {
        guard arguments.count == parameterCount else {
            throw DatabaseError.misuse(
                code: "bindings",
                message: "The statement has \(parameterCount) parameters, but \(arguments.count) values came with it.")
        }
        var index: Int32 = 0
        for argument in arguments {
            index += 1
            let code = try bind(argument, at: index)
            guard code == SQLITE_OK else {
                throw ResultCode(code).error(message: "Value \(index) cannot be bound", isReader: false)
            }
        }
    }

    private func bind(_ argument: SQLValue, at index: Int32) throws -> Int32 {
        switch argument {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let value): return sqlite3_bind_int64(handle, index, value)
        case .boolean(let value): return sqlite3_bind_int64(handle, index, value ? 1 : 0)
        case .double(let value):
            // SQLite would store NULL.
            guard !value.isNaN else {
                throw DatabaseError.misuse(code: "nan", message: "Value \(index) is not a number.")
            }
            return sqlite3_bind_double(handle, index, value)
        case .text(var value):
            return try value.withUTF8 { try bindText($0, at: index) }
        case .bytes(let value):
            guard !value.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
            return value.withUnsafeBytes {
                sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), Self.transient)
            }
        case .uuid(let value):
            return withUnsafeBytes(of: value.uuid) {
                sqlite3_bind_blob(handle, index, $0.baseAddress, 16, Self.transient)
            }
        }
    }

    private func bindText(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int32) throws -> Int32 {
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            return sqlite3_bind_text(handle, index, "", 0, Self.transient)
        }
        guard memchr(start, 0, bytes.count) == nil else {
            throw DatabaseError.misuse(code: "nul", message: "Value \(index) contains the character U+0000.")
        }
        return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            sqlite3_bind_text64(handle, index, $0, UInt64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
        }
    }

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(truncatingIfNeeded: column)) == SQLITE_NULL
    }

    func integer(_ column: Int) throws -> Int64 {
        try require(SQLITE_INTEGER, in: column)
        return sqlite3_column_int64(handle, Int32(column))
    }

    func double(_ column: Int) throws -> Double {
        try require(SQLITE_FLOAT, in: column)
        return sqlite3_column_double(handle, Int32(column))
    }

    func boolean(_ column: Int) throws -> Bool {
        switch try integer(column) {
        case 0: return false
        case 1: return true
        case let other:
            throw DatabaseError.decoding("column \(column) holds \(other) where a boolean (0 or 1) was expected")
        }
    }

    func text(_ column: Int) throws -> String {
        try require(SQLITE_TEXT, in: column)
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        guard count > 0, let start = sqlite3_column_text(handle, Int32(column)) else { return "" }
        guard let text = String(validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) else {
            throw DatabaseError.decoding("column \(column) holds text that is not UTF-8")
        }
        return text
    }

    func bytes(_ column: Int) throws -> [UInt8] {
        try require(SQLITE_BLOB, in: column)
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        guard count > 0, let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    func uuid(_ column: Int) throws -> UUID {
        try require(SQLITE_BLOB, in: column)
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        guard count == 16, let start = sqlite3_column_blob(handle, Int32(column)) else {
            throw DatabaseError.decoding("column \(column) holds \(count) bytes where 16 were expected")
        }
        return UUID(uuid: start.loadUnaligned(as: uuid_t.self))
    }

    private func require(_ type: Int32, in column: Int) throws {
        let found = sqlite3_column_type(handle, Int32(truncatingIfNeeded: column))
        guard found == type, column >= 0 else {
            throw DatabaseError.decoding(
                "column \(column) holds \(Self.name(found)) where \(Self.name(type)) was expected")
        }
    }

    private static func name(_ type: Int32) -> String {
        switch type {
        case SQLITE_INTEGER: "an integer"
        case SQLITE_FLOAT: "a double"
        case SQLITE_TEXT: "text"
        case SQLITE_BLOB: "bytes"
        default: "NULL"
        }
    }
}
