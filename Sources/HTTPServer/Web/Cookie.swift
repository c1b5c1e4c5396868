/// A cookie to be set (RFC 6265): for the whole site, never readable by scripts, sent along by this site only.
///
/// Where browsers come over HTTPS it is sent over HTTPS only, under a name with the prefix `__Host-`, which browsers
/// accept from this host alone: neither a neighbouring subdomain nor an answer over plain HTTP can put one there.
public struct Cookie: Hashable, Sendable {
    public let name: String
    /// Letters, digits, `-` and `_`.
    public let value: String
    /// Nil until the browser is closed; 0 removes it.
    public let maxAgeSeconds: Int?

    public init(_ name: String, _ value: String, maxAgeSeconds: Int? = nil) {
        self.name = name
        self.value = value
        self.maxAgeSeconds = maxAgeSeconds
    }

    /// The value of `Set-Cookie`.
    func header(isSecure: Bool) -> String {
        var text = "\(Self.sent(name, isSecure: isSecure))=\(value); Path=/; HttpOnly; SameSite=Lax"
        if let maxAgeSeconds { text += "; Max-Age=\(maxAgeSeconds)" }
        if isSecure { text += "; Secure" }
        return text
    }

    /// The value of a cookie in the headers `Cookie`; the first where there are several.
    static func value(of name: String, in headers: [String], isSecure: Bool) -> String? {
        let name = sent(name, isSecure: isSecure)
        for pair in headers.lazy.flatMap({ $0.split(separator: ";") }) {
            let pair = pair.drop { $0 == " " }
            guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name[...] else { continue }
            return String(pair[pair.index(after: equals)...])
        }
        return nil
    }

    private static func sent(_ name: String, isSecure: Bool) -> String { isSecure ? "__Host-\(name)" : name }
}
