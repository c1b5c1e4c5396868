/// Appends compact JSON to a buffer, as fast as the values can be read:
///
///     var writer = JSONWriter()
///     writer.object {
///         $0.field("id", order.id)
///         $0.array("lines", order.lines) { writer, line in writer.object { $0.field("quantity", line.quantity) } }
///     }
///
/// It never produces invalid UTF-8 or an unescaped control character. Writing a value where a key belongs is a defect
/// that it does not detect.
public struct JSONWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// - Parameter capacity: bytes to reserve.
    public init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes an object whose members the closure writes.
    public mutating func object(_ members: (inout JSONWriter) throws -> Void) rethrows {
        begin(UInt8(ascii: "{"))
        try members(&self)
        end(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements the closure writes.
    public mutating func array(_ elements: (inout JSONWriter) throws -> Void) rethrows {
        begin(UInt8(ascii: "["))
        try elements(&self)
        end(UInt8(ascii: "]"))
    }

    /// Writes a member that is an array, one element at a time.
    public mutating func array<Elements: Sequence>(
        _ key: String, _ elements: Elements, _ element: (inout JSONWriter, Elements.Element) throws -> Void
    ) rethrows {
        self.key(key)
        begin(UInt8(ascii: "["))
        for value in elements { try element(&self, value) }
        end(UInt8(ascii: "]"))
    }

    /// Writes a member that is an object.
    public mutating func object(_ key: String, _ members: (inout JSONWriter) throws -> Void) rethrows {
        self.key(key)
        try object(members)
    }

    /// Writes a member.
    public mutating func field(_ key: String, _ value: some JSONWritable) {
        self.key(key)
        value.write(to: &self)
    }

    /// Writes a member's name; its value has to follow.
    public mutating func key(_ key: String) {
        separate()
        append(quoted: key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a member's name; its value has to follow.
    public mutating func key(_ key: JSONKey) {
        separate()
        bytes.append(contentsOf: key.bytes)
        needsComma = false
    }

    /// Writes a value.
    public mutating func value(_ value: some JSONWritable) {
        value.write(to: &self)
    }

    /// Writes `null`.
    public mutating func null() {
        separate()
        bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C])
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: value ? [0x74, 0x72, 0x75, 0x65] : [0x66, 0x61, 0x6C, 0x73, 0x65])
    }

    /// Writes an integer.
    public mutating func integer(_ value: Int64) {
        separate()
        append(digits: value)
    }

    /// Writes a number; null when it is not finite.
    public mutating func number(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        bytes.append(contentsOf: value.description.utf8)
    }

    /// Writes a text, quoted and escaped.
    public mutating func string(_ value: String) {
        separate()
        append(quoted: value)
    }

    /// Writes a value that is JSON already. The caller answers for its validity.
    public mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Forgets what was written and keeps the buffer's memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func append(digits value: Int64) {
        guard value > 9 || value < 0 else { return bytes.append(UInt8(ascii: "0") + UInt8(value)) }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = value.magnitude
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    private mutating func append(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        let appended: Void? = text.utf8.withContiguousStorageIfAvailable { append(escaping: $0) }
        if appended == nil { Array(text.utf8).withUnsafeBufferPointer { append(escaping: $0) } }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[start..<index])
            start = index + 1
            append(escape: byte)
        }
        bytes.append(contentsOf: text[start...])
    }

    private mutating func append(escape byte: UInt8) {
        // Our reader refuses U+0000, and so do databases: the replacement character stands for it.
        guard byte != 0 else { return bytes.append(contentsOf: [0xEF, 0xBF, 0xBD]) }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }
}

/// A member's name, quoted and escaped once for all the objects that it is written into.
public struct JSONKey: Sendable {
    fileprivate let bytes: [UInt8]

    public init(_ name: String) {
        var writer = JSONWriter()
        writer.key(name)
        bytes = writer.bytes
    }
}

/// What can be written as JSON.
public protocol JSONWritable {
    func write(to writer: inout JSONWriter)
}

extension JSON: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .number(let value): writer.number(value)
        case .string(let value): writer.string(value)
        case .array(let values): writer.array { writer in for value in values { value.write(to: &writer) } }
        case .object(let object):
            writer.object { writer in for member in object { writer.field(member.key, member.value) } }
        }
    }
}

extension String: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Int: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.integer(Int64(self)) }
}

extension Int64: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.integer(self) }
}

extension Double: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.number(self) }
}

extension Bool: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Identifier: JSONWritable {
    /// The edge form.
    public func write(to writer: inout JSONWriter) { writer.string(description) }
}

extension Instant: JSONWritable {
    /// RFC 3339 in UTC.
    public func write(to writer: inout JSONWriter) { writer.string(description) }
}

extension Money: JSONWritable {
    /// `{"amount": 1299, "currency": "USD"}`.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.key(Self.amountKey)
            $0.value(amount)
            $0.key(Self.currencyKey)
            $0.value(currency.code)
        }
    }

    private static let amountKey = JSONKey("amount")
    private static let currencyKey = JSONKey("currency")
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// The value or null.
    public func write(to writer: inout JSONWriter) {
        guard let value = self else { return writer.null() }
        value.write(to: &writer)
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.array { writer in for element in self { element.write(to: &writer) } }
    }
}
