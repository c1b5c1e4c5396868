/// A cookie to be set (RFC 6265): never readable by scripts, sent along by this site only.
public struct Cookie: Hashable, Sendable {
    public let name: String
    /// Letters, digits, `-` and `_`.
    public let value: String
    /// Nil until the browser is closed; 0 removes it.
    public let maxAgeSeconds: Int?
    public let path: String
    /// Sent over HTTPS only.
    public let isSecure: Bool

    public init(_ name: String, _ value: String, maxAgeSeconds: Int? = nil, path: String = "/", isSecure: Bool) {
        self.name = name
        self.value = value
        self.maxAgeSeconds = maxAgeSeconds
        self.path = path
        self.isSecure = isSecure
    }

    /// The value of `Set-Cookie`.
    var header: String {
        var text = "\(name)=\(value); Path=\(path); HttpOnly; SameSite=Lax"
        if let maxAgeSeconds { text += "; Max-Age=\(maxAgeSeconds)" }
        if isSecure { text += "; Secure" }
        return text
    }

    /// The value of a cookie in the header `Cookie`; the first where there are several.
    static func value(of name: String, in header: String) -> String? {
        for pair in header.split(separator: ";") {
            let pair = pair.drop { $0 == " " }
            guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name[...] else { continue }
            return String(pair[pair.index(after: equals)...])
        }
        return nil
    }
}
