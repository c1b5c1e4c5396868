import FoundationEssentials
import Primitives

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the data is.
public enum DatabaseLocation: Hashable, Sendable {
    /// A file.
    case sqlite(path: String)
    /// A libpq URL.
    case postgres(url: String)

    /// Reads `sqlite:PATH` or `postgres://…`; nil when it is neither.
    public init?(_ text: String) {
        if text.hasPrefix("sqlite:") {
            let path = text.dropFirst("sqlite:".count)
            // sqlite:///path is how some write sqlite:/path; sqlite://path would name a host.
            if path.hasPrefix("///") {
                self = .sqlite(path: String(path.dropFirst(2)))
            } else if path.isEmpty || path.hasPrefix("//") || path.hasSuffix("/") || path == ":memory:" {
                return nil
            } else {
                self = .sqlite(path: String(path))
            }
            return
        }
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://"),
            let components = URLComponents(string: text), let host = components.host, !host.isEmpty,
            components.port.map({ (1...65_535).contains($0) }) ?? true
        else { return nil }
        self = .postgres(url: text)
    }

    /// The location without credentials, for people and for evidence.
    public var description: String {
        switch self {
        case .sqlite(let path): return "sqlite:\(path)"
        case .postgres(let url):
            guard var components = URLComponents(string: url) else { return "postgres" }
            // Passwords may also stand in the query.
            components.user = nil
            components.password = nil
            components.query = nil
            return components.string ?? "postgres"
        }
    }
}

/// `http://` or `https://`, a host, perhaps a port, and nothing else.
struct Origin: Hashable, Sendable {
    /// Without a slash at the end.
    let text: String
    let host: String
    let port: Int
    let isSecure: Bool

    /// Whether only this machine can come there.
    var isThisMachine: Bool { ["localhost", "127.0.0.1", "::1"].contains(host) }

    init?(_ given: String) {
        var text = given
        if text.hasSuffix("/") { text.removeLast() }
        guard let components = URLComponents(string: text), let scheme = components.scheme,
            scheme == "http" || scheme == "https", let host = components.host, !host.isEmpty,
            components.path.isEmpty, components.query == nil, components.fragment == nil, components.user == nil,
            components.port.map({ (1...65_535).contains($0) }) ?? true
        else { return nil }
        self.text = text
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        isSecure = scheme == "https"
        port = components.port ?? (isSecure ? 443 : 80)
    }
}

/// A key written in base64 or in hexadecimal.
enum KeyText {
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        if digits.count == 64, let bytes = hexadecimal(digits) { return bytes }
        return Data(base64Encoded: text).map(Array.init)
    }

    private static func hexadecimal(_ digits: [UInt8]) -> [UInt8]? {
        let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard values.count == digits.count else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] * 16 + values[$0 + 1]) }
    }
}

/// IP addresses, separated by commas.
enum Addresses {
    static func parse(_ text: String) -> Set<String>? {
        let addresses = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard addresses.allSatisfy(isAddress) else { return nil }
        return Set(addresses)
    }

    private static func isAddress(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
    }
}
