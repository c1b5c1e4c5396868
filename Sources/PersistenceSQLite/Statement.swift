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
    /// Texts and bytes that are bound lie here until the reset: SQLite would allocate a copy of each.
    private var bound = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// What a statement may keep of it.
    private static let mostBytesKept = 8192

    init(_ handle: OpaquePointer) {
        self.handle = handle
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
        bytes = Int(sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_MEMUSED, 0))
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
    }

    deinit {
        sqlite3_finalize(handle)
        bound.deallocate()
    }

    /// Makes it ready for its next use, and forgets what was bound.
    func reset() {
        sqlite3_reset(handle)
        if parameterCount > 0 { sqlite3_clear_bindings(handle) }
        if bound.count > Self.mostBytesKept { makeRoom(for: 0) }
    }

    /// Binds the arguments, the first to `?1`.
    func bind(_ arguments: [SQLValue]) throws {
        guard arguments.count == parameterCount else {
            throw DatabaseError.misuse(
                code: "bindings",
                message: "The statement has \(parameterCount) parameters, but \(arguments.count) values came with it.")
        }
        let size = arguments.reduce(0) { $0 + $1.boundBytes }
        if size > bound.count { makeRoom(for: size) }
        var free = UnsafeMutableRawBufferPointer(rebasing: bound[...])
        var index: Int32 = 0
        for argument in arguments {
            index += 1
            let code = try bind(argument, at: index, copyingTo: &free)
            guard code == SQLITE_OK else {
                throw ResultCode(code).error(message: "Value \(index) cannot be bound", isReader: false)
            }
        }
    }

    /// Only while nothing is bound.
    private func makeRoom(for size: Int) {
        bound.deallocate()
        bound =
            size == 0
            ? UnsafeMutableRawBufferPointer(start: nil, count: 0)
            : .allocate(byteCount: max(256, size + size / 2), alignment: 1)
    }

    private func bind(
        _ argument: SQLValue, at index: Int32, copyingTo free: inout UnsafeMutableRawBufferPointer
    ) throws -> Int32 {
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
            let bytes = value.withUTF8 { Self.copy(UnsafeRawBufferPointer($0), to: &free) }
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_text(handle, index, "", 0, Self.transient)
            }
            guard memchr(start, 0, bytes.count) == nil else {
                throw DatabaseError.misuse(code: "nul", message: "Value \(index) contains the character U+0000.")
            }
            let text = bytes.assumingMemoryBound(to: CChar.self)
            return sqlite3_bind_text64(handle, index, text.baseAddress, UInt64(text.count), nil, UInt8(SQLITE_UTF8))
        case .bytes(let value):
            guard !value.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
            let bytes = value.withUnsafeBytes { Self.copy($0, to: &free) }
            return sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
        case .uuid(let value):
            let bytes = withUnsafeBytes(of: value.uuid) { Self.copy($0, to: &free) }
            return sqlite3_bind_blob(handle, index, bytes.baseAddress, 16, nil)
        }
    }

    /// - Returns: the copy; `free` begins behind it.
    private static func copy(
        _ bytes: UnsafeRawBufferPointer, to free: inout UnsafeMutableRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer(rebasing: free[..<bytes.count])
        copy.copyMemory(from: bytes)
        free = UnsafeMutableRawBufferPointer(rebasing: free[bytes.count...])
        return UnsafeRawBufferPointer(copy)
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

extension SQLValue {
    /// Bytes that binding it takes beyond the value itself.
    fileprivate var boundBytes: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .uuid: 16
        case .null, .integer, .double, .boolean: 0
        }
    }
}
