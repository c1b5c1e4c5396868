import FoundationEssentials
public import Primitives

/// Where mails are handed over, and as whom.
public struct MailServerAddress: Sendable {
    /// How the connection is encrypted.
    public enum Encryption: Hashable, Sendable {
        /// Begins in the clear and must be upgraded before anything is said (RFC 3207): `smtp://`.
        case startTLS
        /// From the first byte on (RFC 8314): `smtps://`.
        case implicit
        /// None, for simulators: `smtp+insecure://`.
        case none
    }

    public let encryption: Encryption
    public let host: String
    public let port: Int
    /// Nil without authentication.
    public let user: String?
    public let password: Secret?

    /// Reads an address such as `smtp://user:password@mail.example:587`; nil when it is none.
    public init?(_ text: String) {
        guard let components = URLComponents(string: text), let host = components.host, !host.isEmpty,
            components.path.isEmpty || components.path == "/", components.query == nil, components.fragment == nil,
            components.port.map({ (1...65_535).contains($0) }) ?? true,
            (components.user == nil) == (components.password == nil)
        else { return nil }
        switch components.scheme {
        case "smtp": encryption = .startTLS
        case "smtps": encryption = .implicit
        case "smtp+insecure": encryption = .none
        default: return nil
        }
        self.host = host
        port = components.port ?? (encryption == .implicit ? 465 : 587)
        user = components.user
        password = components.password.map { Secret($0) }
    }
}
