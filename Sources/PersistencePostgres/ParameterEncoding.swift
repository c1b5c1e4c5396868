import CLibPQ
import FoundationEssentials
import Persistence

/// The parameters of one statement in libpq's form. One per connection; its memory is used again for each statement.
///
/// Values are binary, encoded for the type that the server inferred, and text where PostgreSQL's binary form is
/// involved (numeric) or unknown to us.
final class ParameterEncoding {
    /// A larger buffer, made for one huge value, is given back.
    private static let keptCapacity = 1 << 20

    private var bytes: UnsafeMutableRawPointer
    private var capacity: Int
    private var count = 0
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    init() {
        capacity = 4096
        bytes = .allocate(byteCount: capacity, alignment: 8)
    }

    deinit {
        bytes.deallocate()
    }

    /// Encodes the values and lends them.
    /// - Returns: the number of bytes they take.
    /// - Throws: `DatabaseError.misuse` when a value does not fit its parameter.
    func encode(_ values: [SQLValue], as types: [Oid]) throws(DatabaseError) -> Int {
        guard values.count == types.count else {
            throw .misuse(
                code: "08P01", message: "the statement has \(types.count) parameters, \(values.count) values were bound"
            )
        }
        if capacity > Self.keptCapacity { reallocate(4096, keeping: 0) }
        count = 0
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for index in 0..<values.count { try encode(values[index], as: types[index], number: index + 1) }
        return count
    }

    /// Calls libpq with what was encoded last.
    func withPointers<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        pointers.removeAll(keepingCapacity: true)
        for offset in offsets {
            pointers.append(offset < 0 ? nil : UnsafePointer((bytes + offset).assumingMemoryBound(to: CChar.self)))
        }
        return pointers.withUnsafeBufferPointer { pointers in
            lengths.withUnsafeBufferPointer { lengths in
                formats.withUnsafeBufferPointer { formats in
                    body(Int32(pointers.count), pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                }
            }
        }
    }

    private func encode(_ value: SQLValue, as type: Oid, number: Int) throws(DatabaseError) {
        switch value {
        case .null:
            offsets.append(-1)
            lengths.append(0)
            formats.append(1)
        case .integer(let integer): try encode(integer, as: type, number: number)
        case .double(let double): try encode(double, as: type, number: number)
        case .boolean(let boolean):
            guard type == ColumnType.bool else { throw mismatch("a boolean", type, number) }
            append(boolean ? 1 as UInt8 : 0)
        case .text(let text): try encode(text, as: type, number: number)
        case .bytes(let array):
            guard type == ColumnType.bytea else { throw mismatch("bytes", type, number) }
            array.withUnsafeBytes { append($0) }
        case .uuid(let uuid):
            guard type == ColumnType.uuid else { throw mismatch("a UUID", type, number) }
            withUnsafeBytes(of: uuid.uuid) { append($0) }
        }
    }

    private func encode(_ integer: Int64, as type: Oid, number: Int) throws(DatabaseError) {
        switch type {
        case ColumnType.int8: append(integer)
        case ColumnType.int4: append(try narrow(integer, to: Int32.self, type, number))
        case ColumnType.int2: append(try narrow(integer, to: Int16.self, type, number))
        case ColumnType.oid: append(try narrow(integer, to: UInt32.self, type, number))
        case ColumnType.numeric: appendText(String(integer))
        case ColumnType.float8:
            guard let double = Double(exactly: integer) else { throw range(integer, type, number) }
            append(double.bitPattern)
        case ColumnType.timestamp, ColumnType.timestamptz:
            let (shifted, overflow) = integer.subtractingReportingOverflow(ColumnType.timestampEpoch)
            // The ends of the range mean "infinity" to PostgreSQL.
            guard !overflow, shifted != .min, shifted != .max else { throw range(integer, type, number) }
            append(shifted)
        default: throw mismatch("an integer", type, number)
        }
    }

    private func encode(_ double: Double, as type: Oid, number: Int) throws(DatabaseError) {
        switch type {
        case ColumnType.float8: append(double.bitPattern)
        case ColumnType.float4:
            let float = Float(double)
            guard float.isFinite || !double.isFinite else { throw range(double, type, number) }
            append(float.bitPattern)
        case ColumnType.numeric: appendText(double.isNaN ? "NaN" : double.isInfinite ? "Infinity" : "\(double)")
        default: throw mismatch("a double", type, number)
        }
    }

    private func encode(_ text: String, as type: Oid, number: Int) throws(DatabaseError) {
        switch type {
        case ColumnType.text, ColumnType.varchar, ColumnType.bpchar, ColumnType.name, ColumnType.json,
            ColumnType.unknown:
            appendUTF8(text)
        case ColumnType.jsonb: appendUTF8(text, prefix: 1)
        case ColumnType.bool, ColumnType.int2, ColumnType.int4, ColumnType.int8, ColumnType.float4, ColumnType.float8,
            ColumnType.bytea, ColumnType.uuid, ColumnType.oid:
            throw mismatch("text", type, number)
        default:
            // libpq takes text format as a C string: what follows a NUL would be lost.
            guard !text.utf8.contains(0) else { throw range("text with U+0000", type, number) }
            appendText(text)
        }
    }

    private func append(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.bigEndian) { append($0) }
    }

    private func append(_ source: UnsafeRawBufferPointer) {
        let offset = reserve(source.count)
        if let base = source.baseAddress { (bytes + offset).copyMemory(from: base, byteCount: source.count) }
        finish(offset, source.count, format: 1)
    }

    private func appendUTF8(_ text: String, prefix: UInt8? = nil) {
        var text = text
        text.withUTF8 { utf8 in
            let head = prefix == nil ? 0 : 1
            let offset = reserve(utf8.count + head)
            if let prefix { bytes.storeBytes(of: prefix, toByteOffset: offset, as: UInt8.self) }
            if let base = utf8.baseAddress {
                (bytes + offset + head).copyMemory(from: base, byteCount: utf8.count)
            }
            finish(offset, utf8.count + head, format: 1)
        }
    }

    private func appendText(_ text: String) {
        appendUTF8(text + "\0")
        formats[formats.count - 1] = 0
    }

    private func finish(_ offset: Int, _ length: Int, format: Int32) {
        offsets.append(offset)
        lengths.append(Int32(clamping: length))
        formats.append(format)
    }

    private func reserve(_ length: Int) -> Int {
        let offset = count
        count += length
        if count > capacity { reallocate(max(capacity * 2, count), keeping: offset) }
        return offset
    }

    private func reallocate(_ size: Int, keeping kept: Int) {
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        fresh.copyMemory(from: bytes, byteCount: kept)
        bytes.deallocate()
        bytes = fresh
        capacity = size
    }

    private func narrow<Narrow: FixedWidthInteger>(
        _ integer: Int64, to: Narrow.Type, _ type: Oid, _ number: Int
    ) throws(DatabaseError) -> Narrow {
        guard let narrow = Narrow(exactly: integer) else { throw range(integer, type, number) }
        return narrow
    }

    private func range(_ value: some CustomStringConvertible, _ type: Oid, _ number: Int) -> DatabaseError {
        .misuse(code: "22003", message: "\(value) does not fit parameter $\(number), \(ColumnType.name(of: type))")
    }

    private func mismatch(_ what: String, _ type: Oid, _ number: Int) -> DatabaseError {
        .misuse(
            code: "42804",
            message: "\(what) was bound to parameter $\(number), \(ColumnType.name(of: type)); CAST the parameter")
    }
}
