/// Why a text is not acceptable JSON.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes before the place.
    public let offset: Int
    /// RFC 6901 pointer to the value that was being read; empty for the document.
    public let pointer: String
    /// A sentence.
    public let detail: String

    public var description: String { "\(detail) (byte \(offset))" }
}

/// An RFC 6901 pointer, built from the outside in.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// The text, such as `/lines/0/sku`; empty for the document.
    public private(set) var description: String

    /// The whole document.
    public init() {
        description = ""
    }

    /// The pointer to a member.
    public func appending(_ key: String) -> JSONPointer {
        var pointer = self
        pointer.description.append("/")
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": pointer.description.append("~0")
            case "/": pointer.description.append("~1")
            default: pointer.description.unicodeScalars.append(scalar)
            }
        }
        return pointer
    }

    /// The pointer to an element.
    public func appending(_ index: Int) -> JSONPointer {
        var pointer = self
        pointer.description.append("/\(index)")
        return pointer
    }
}

extension JSON {
    /// Reads a document strictly (RFC 8259). Refused as well: duplicate keys (also those that differ in Unicode
    /// normalisation only), U+0000, lone surrogates, a byte order mark, numbers that are not finite or (unless they fit
    /// into 64 bits) longer than 128 bytes, and nesting deeper than `depth`.
    public init(parsing bytes: some Sequence<UInt8>, depth: Int = 32) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes), depth: depth)
        self = try parser.document()
    }

    /// Reads a document from text; see `init(parsing:depth:)`.
    public init(parsing text: String, depth: Int = 32) throws(JSONError) {
        try self.init(parsing: text.utf8, depth: depth)
    }
}

struct JSONParser {
    private enum Step {
        case key(String)
        case index(Int)
    }

    let bytes: [UInt8]
    let depth: Int
    private var index = 0
    private var path: [Step] = []

    init(bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        self.depth = depth
    }

    mutating func document() throws(JSONError) -> JSON {
        skipSpace()
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw error("There is something after the end of the document.") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        guard index < bytes.count else { throw error("The document ends too early.") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw error("A value was expected.")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let matches = word.withUTF8Buffer { word in
            bytes.count - index >= word.count && bytes[index..<index + word.count].elementsEqual(word)
        }
        guard matches else { throw error("A value was expected.") }
        index += word.utf8CodeUnitCount
        return value
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        try enter()
        var members: [JSONObject.Member] = []
        // Few keys are compared one by one; many are looked up.
        var seen: Set<String> = []
        index += 1
        skipSpace()
        if skip("}") { return JSONObject() }
        while true {
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw error("A key was expected.") }
            let start = index
            let key = try string()
            let isNew: Bool
            if members.count < 12 {
                isNew = !members.contains { $0.key == key }
            } else {
                if seen.isEmpty { seen = Set(members.map(\.key)) }
                isNew = seen.insert(key).inserted
            }
            path.append(.key(key))
            guard isNew else {
                index = start
                throw error("The key is there twice.")
            }
            skipSpace()
            guard skip(":") else { throw error("A colon was expected.") }
            skipSpace()
            members.append(JSONObject.Member(key: key, value: try value()))
            path.removeLast()
            skipSpace()
            if skip("}") { return JSONObject(unique: members) }
            guard skip(",") else { throw error("A comma or the end of the object was expected.") }
            skipSpace()
        }
    }

    private mutating func array() throws(JSONError) -> [JSON] {
        try enter()
        var values: [JSON] = []
        index += 1
        skipSpace()
        if skip("]") { return values }
        while true {
            path.append(.index(values.count))
            values.append(try value())
            path.removeLast()
            skipSpace()
            if skip("]") { return values }
            guard skip(",") else { throw error("A comma or the end of the array was expected.") }
            skipSpace()
        }
    }

    private func enter() throws(JSONError) {
        guard path.count < depth else { throw error("The document is nested deeper than \(depth) levels.") }
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = index
        let isNegative = skip("-")
        let firstDigit = index
        skipDigits()
        guard index > firstDigit else { throw error("A digit was expected.") }
        guard bytes[firstDigit] != UInt8(ascii: "0") || index == firstDigit + 1 else {
            index = start
            throw error("A number must not begin with 0.")
        }
        let endOfInteger = index
        if skip(".") { try requireDigits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try requireDigits()
        }
        let end = index
        if end == endOfInteger, let value = integer(bytes[firstDigit..<end], isNegative: isNegative) {
            return .integer(value)
        }
        guard end - start <= 128, let value = Double(String(decoding: bytes[start..<end], as: UTF8.self)),
            value.isFinite
        else {
            index = start
            throw error("The number is too large or too long.")
        }
        return .number(value)
    }

    private func integer(_ digits: ArraySlice<UInt8>, isNegative: Bool) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let units = Int64(digit - UInt8(ascii: "0"))
            let (sum, overflowed) =
                isNegative ? product.subtractingReportingOverflow(units) : product.addingReportingOverflow(units)
            if overflow || overflowed { return nil }
            value = sum
        }
        return value
    }

    private mutating func skipDigits() {
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
    }

    private mutating func requireDigits() throws(JSONError) {
        let start = index
        skipDigits()
        guard index > start else { throw error("A digit was expected.") }
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private func error(_ detail: String) -> JSONError {
        var pointer = JSONPointer()
        for step in path {
            switch step {
            case .key(let key): pointer = pointer.appending(key)
            case .index(let index): pointer = pointer.appending(index)
            }
        }
        return JSONError(offset: index, pointer: pointer.description, detail: detail)
    }
}

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                let text = try text(bytes[start..<index])
                index += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw error("A control character must be escaped.")
            default: index += 1
            }
        }
        throw error("The document ends within a string.")
    }

    /// The rest of a string in which the first backslash was met.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var content = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(content[...])
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<0x20:
                index -= 1
                throw error("A control character must be escaped.")
            default: content.append(byte)
            }
        }
        throw error("The document ends within a string.")
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        guard index < bytes.count else { throw error("The document ends within a string.") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content.append(contentsOf: String(Character(try escapedScalar())).utf8)
        default:
            index -= 1
            throw error("There is no such escape.")
        }
    }

    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let first = try hexadecimalUnit()
        guard first != 0 else { throw error("U+0000 is not accepted.") }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), skip("\\"), skip("u") else { throw error("A surrogate stands alone.") }
        let second = try hexadecimalUnit()
        guard UTF16.isTrailSurrogate(second) else { throw error("A surrogate stands alone.") }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
        guard bytes.count - index >= 4 else { throw error("The document ends within a string.") }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                throw error("Four hexadecimal digits were expected.")
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }

    private func text(_ content: ArraySlice<UInt8>) throws(JSONError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else { throw error("The text is not valid UTF-8.") }
        return text
    }
}
