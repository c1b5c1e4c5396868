import CLibPQ
import FoundationEssentials
import Persistence

/// The result that a connection is reading. Rows point here, so that one kept too long reads nothing, not freed memory.
final class ResultCursor {
    var result: OpaquePointer?
}

/// A row of a binary result, decoded by the type of each column.
struct ResultRow: RowColumns {
    let cursor: ResultCursor
    let row: Int32

    func isNull(_ column: Int) -> Bool {
        guard let result = cursor.result, column >= 0, column < Int(PQnfields(result)) else { return false }
        return PQgetisnull(result, row, Int32(column)) == 1
    }

    func integer(_ column: Int) throws -> Int64 {
        let value = try value(column)
        switch value.type {
        case ColumnType.int8: return value.load(Int64.self)
        case ColumnType.int4: return Int64(value.load(Int32.self))
        case ColumnType.int2: return Int64(value.load(Int16.self))
        case ColumnType.oid: return Int64(value.load(UInt32.self))
        case ColumnType.timestamptz, ColumnType.timestamp:
            let microseconds = value.load(Int64.self)
            let (shifted, overflow) = microseconds.addingReportingOverflow(ColumnType.timestampEpoch)
            guard microseconds != .min, !overflow else { throw value.unsuited("is infinite or too far away") }
            return shifted
        default: throw value.mismatch("an integer")
        }
    }

    func double(_ column: Int) throws -> Double {
        let value = try value(column)
        switch value.type {
        case ColumnType.float8: return Double(bitPattern: value.load(UInt64.self))
        case ColumnType.float4: return Double(Float(bitPattern: value.load(UInt32.self)))
        default: throw value.mismatch("a double")
        }
    }

    func boolean(_ column: Int) throws -> Bool {
        let value = try value(column)
        guard value.type == ColumnType.bool else { throw value.mismatch("a boolean") }
        return value.load(UInt8.self) != 0
    }

    func text(_ column: Int) throws -> String {
        let value = try value(column)
        switch value.type {
        case ColumnType.text, ColumnType.varchar, ColumnType.bpchar, ColumnType.name, ColumnType.json,
            ColumnType.unknown:
            return String(decoding: value.bytes, as: UTF8.self)
        case ColumnType.jsonb: return String(decoding: value.bytes.dropFirst(), as: UTF8.self)
        default: throw value.mismatch("text")
        }
    }

    func bytes(_ column: Int) throws -> [UInt8] {
        let value = try value(column)
        guard value.type == ColumnType.bytea else { throw value.mismatch("bytes") }
        return Array(value.bytes)
    }

    func uuid(_ column: Int) throws -> UUID {
        let value = try value(column)
        guard value.type == ColumnType.uuid, value.bytes.count == 16 else { throw value.mismatch("a UUID") }
        return UUID(uuid: value.bytes.loadUnaligned(as: uuid_t.self))
    }

    private func value(_ column: Int) throws(DatabaseError) -> ColumnValue {
        guard let result = cursor.result else { throw .decoding("the row was read after its closure had returned") }
        guard column >= 0, column < Int(PQnfields(result)) else {
            throw .decoding("there is no column \(column): the result has \(PQnfields(result))")
        }
        let index = Int32(column)
        guard let bytes = PQgetvalue(result, row, index) else {
            throw .decoding("the row was read after its closure had returned")
        }
        let value = ColumnValue(
            result: result, column: index, type: PQftype(result, index),
            bytes: UnsafeRawBufferPointer(start: bytes, count: Int(PQgetlength(result, row, index))))
        if value.bytes.isEmpty, PQgetisnull(result, row, index) == 1 { throw value.unsuited("is NULL") }
        return value
    }
}

/// One column of one row.
private struct ColumnValue {
    let result: OpaquePointer
    let column: Int32
    let type: Oid
    let bytes: UnsafeRawBufferPointer

    /// Reads an integer in network order; the type says that there are enough bytes.
    func load<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Value {
        Value(bigEndian: bytes.loadUnaligned(as: Value.self))
    }

    func mismatch(_ wanted: String) -> DatabaseError {
        guard type != ColumnType.numeric else {
            return unsuited("is numeric: CAST it to BIGINT, DOUBLE PRECISION or TEXT")
        }
        return unsuited("is \(ColumnType.name(of: type)), not \(wanted)")
    }

    func unsuited(_ reason: String) -> DatabaseError {
        let name = PQfname(result, column).map { String(cString: $0) } ?? ""
        return .decoding("column \(column) (\(name)) \(reason)")
    }
}
