import Crypto

/// The secret of a sign-in link or of a session's cookie: 32 characters of base32, 160 random bits.
public struct SignInToken: Sendable {
    /// What the browser holds.
    public let text: String

    /// A new secret.
    public static func generate(using random: inout some RandomNumberGenerator) -> SignInToken {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        var text = ""
        for _ in 0..<32 { text.append(alphabet[Int(random.next() & 31)]) }
        return SignInToken(text: text)
    }

    /// A new secret of the system's randomness.
    public static func generate() -> SignInToken {
        var random = SystemRandomNumberGenerator()
        return generate(using: &random)
    }

    /// SHA-256 of a presented secret. A plain digest is enough: there are 160 random bits.
    public static func digest(of text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// Whether the text has the form of such a secret; cheap, before the database is asked.
    public static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
    }
}
