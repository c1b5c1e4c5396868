import FoundationEssentials

/// An address on the web that somebody else wrote: `http` or `https`, a host, perhaps a port, a path.
///
/// Read strictly, and by one reader: what one reader takes for a host and another for a password leads a guarded call
/// to a place that nobody checked. So a name has letters, digits, hyphens, underscores and dots only, an address in
/// numbers has its one full form (no `0x7f.1`, no `2130706433`), and credentials are refused.
public struct OutboundAddress: Hashable, Sendable, CustomStringConvertible {
    /// Whether it is `https`.
    public let isEncrypted: Bool
    /// In lower case, without brackets: a name, or an IP address.
    public let host: String
    /// The one that was written, or else 80 or 443.
    public let port: Int
    /// With its query, percent-encoded; begins with a slash.
    public let path: String

    /// The most characters of an address.
    public static let mostCharacters = 2048

    /// - Throws: `OutboundRefusal.malformed` with the reason.
    public init(_ text: String) throws(OutboundRefusal) {
        guard text.utf8.count <= Self.mostCharacters else { throw .malformed("it is longer than 2,048 characters") }
        guard !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw .malformed("it contains control characters")
        }
        let lowered = text.prefix(8).lowercased()
        guard lowered.hasPrefix("https://") || lowered.hasPrefix("http://") else {
            throw .malformed("it does not begin with http:// or https://")
        }
        isEncrypted = lowered.hasPrefix("https://")
        let afterScheme = text.dropFirst(isEncrypted ? 8 : 7)
        let end = afterScheme.firstIndex { "/?#".contains($0) } ?? afterScheme.endIndex
        let authority = afterScheme[..<end]
        guard !authority.contains("@") else { throw .malformed("it contains a user name or a password") }
        let (host, portText) = try Self.parts(authority)
        self.host = host
        port = try portText.map(Self.number) ?? (isEncrypted ? 443 : 80)
        let rest = afterScheme[end...].prefix { $0 != "#" }
        path = (rest.hasPrefix("/") ? "" : "/") + Self.encoded(rest)
        // The client below reads the address with Foundation's reader: both have to see the same host.
        guard let url = URL(string: description), Self.bare(url.host() ?? "") == host else {
            throw .malformed("it is not an address")
        }
    }

    /// Where an answer's `Location` leads from here.
    /// - Throws: `OutboundRefusal.malformed`.
    public func following(_ location: String) throws(OutboundRefusal) -> OutboundAddress {
        guard let base = URL(string: description),
            let target = URL(string: Self.encoded(location.prefix { $0 != "#" }), relativeTo: base)
        else { throw .malformed("it leads on to what is not an address") }
        return try OutboundAddress(target.absoluteString)
    }

    /// Scheme, host, and the port where it is not the scheme's own.
    public var origin: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        let isUsual = port == (isEncrypted ? 443 : 80)
        return (isEncrypted ? "https://" : "http://") + shown + (isUsual ? "" : ":\(port)")
    }

    public var description: String { origin + path }

    private static func parts(_ authority: Substring) throws(OutboundRefusal) -> (host: String, port: Substring?) {
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw .malformed("its host is malformed") }
            let literal = authority[authority.index(after: authority.startIndex)..<close]
            let after = authority[authority.index(after: close)...]
            guard case .six? = NetworkAddress(String(literal))?.family, after.isEmpty || after.hasPrefix(":") else {
                throw .malformed("its host is malformed")
            }
            return (literal.lowercased(), after.isEmpty ? nil : after.dropFirst())
        }
        let colon = authority.firstIndex(of: ":")
        let host = authority[..<(colon ?? authority.endIndex)].lowercased()
        guard !host.isEmpty else { throw .malformed("it names no host") }
        guard host.utf8.count <= 253, isName(host) else {
            throw .malformed("its host has to be a name in Latin letters, such as shop.example (xn--… for others)")
        }
        return (host, colon.map { authority[authority.index(after: $0)...] })
    }

    private static func number(_ port: Substring) throws(OutboundRefusal) -> Int {
        guard port.utf8.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            (1...65535).contains(number)
        else { throw .malformed("its port is not a number from 1 to 65535") }
        return number
    }

    /// A name of the usual letters; one that ends in a number has to be a whole IPv4 address.
    private static func isName(_ host: String) -> Bool {
        let labels = (host.hasSuffix(".") ? host.dropLast() : host[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.utf8.count),
                label.utf8.allSatisfy({
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
                })
            else { return false }
        }
        guard let last = labels.last, let first = last.utf8.first, (0x30...0x39).contains(first) else { return true }
        return NetworkAddress(host) != nil
    }

    private static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    /// Every byte that may not stand in a path or a query is percent-encoded; what is encoded already stays.
    private static func encoded(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isEscape =
                byte == UInt8(ascii: "%") && index + 2 < bytes.count && isHex(bytes[index + 1])
                && isHex(bytes[index + 2])
            if isEscape || (byte != UInt8(ascii: "%") && isPlain(byte)) {
                result.append(byte)
            } else {
                result += "%".utf8
                result += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let marks = Set("-._~!$&'()*+,;=:@/?[]".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || marks.contains(byte)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
