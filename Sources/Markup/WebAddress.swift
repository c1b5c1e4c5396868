/// An address that a page may point to: `http`, `https` or `mailto`, or relative to the page, never a script.
///
/// In the code it is written as a literal; what is put in is percent-encoded, so that it stays one segment of the path
/// or one value of the query: `"/products/\(handle)?from=\(page)"`.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address as it is written.
    public let description: String

    /// Checks an address from outside; nil unless it has an acceptable scheme or is relative to this site.
    public init?(checking text: String) {
        guard Self.isAcceptable(text) else { return nil }
        description = text
    }

    private init(made text: String) {
        // A literal with a bad scheme is a mistake in the code: it leads nowhere.
        description = Self.isAcceptable(text) ? text : "#"
    }

    private static func isAcceptable(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 8192 else { return false }
        // Browsers drop tabs and line feeds, trim spaces, and read a backslash as a slash.
        for byte in text.utf8 where byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") { return false }
        if text.hasPrefix("//") { return false }
        guard let end = text.utf8.firstIndex(where: { ":/?#".utf8.contains($0) }), text.utf8[end] == UInt8(ascii: ":")
        else { return true }
        let rest = text[text.index(after: end)...]
        switch text[..<end].lowercased() {
        case "http", "https": return rest.hasPrefix("//") && rest.utf8.count > 2
        case "mailto": return !rest.isEmpty
        default: return false
        }
    }

    /// The text as one segment of a path or one value of a query (RFC 3986, section 2.3).
    public static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension WebAddress: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) {
        self.init(made: value)
    }

    public init(stringInterpolation: Interpolation) {
        self.init(made: stringInterpolation.text)
    }

    /// Puts an address together.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        public mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        /// One segment or value, such as a handle or an identifier.
        public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text += WebAddress.encode(value.description)
        }

        /// The beginning of the address, such as a page that a query is added to.
        public mutating func appendInterpolation(_ base: WebAddress) {
            text += base.description
        }
    }
}
