import Crypto
import Payments
import Primitives

/// The header `Stripe-Signature`: `t=<seconds>,v1=<hex>`, several `v1` while a secret is being changed
/// (https://docs.stripe.com/webhooks#verify-manually).
struct StripeSignature {
    /// Seconds that a signature may be old or, for clocks that differ, in the future.
    static let toleranceSeconds: Int64 = 300

    private let timestamp: String
    private let seconds: Int64
    private let signatures: [Secret]

    /// Nil when the header is no such thing.
    init?(_ header: String) {
        var timestamp: String?
        var signatures: [Secret] = []
        for part in header.split(separator: ",", omittingEmptySubsequences: true) {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            if pair[0] == "t", timestamp == nil { timestamp = String(pair[1]) }
            if pair[0] == "v1", signatures.count < 16 { signatures.append(Secret(pair[1].utf8)) }
        }
        guard let timestamp, timestamp.utf8.allSatisfy({ (48...57).contains($0) }), let seconds = Int64(timestamp),
            seconds < 1 << 40, !signatures.isEmpty
        else { return nil }
        self.timestamp = timestamp
        self.seconds = seconds
        self.signatures = signatures
    }

    /// Compares in constant time with what each secret makes of the bytes.
    func verify(_ body: [UInt8], secrets: [Secret], at now: Instant) throws(WebhookFault) {
        let expected = secrets.map { Self.signature(of: body, at: timestamp, with: $0) }
        var isGenuine = false
        for signature in signatures {
            for expected in expected where signature == expected { isGenuine = true }
        }
        guard isGenuine else { throw .signature }
        let age = now.microseconds / 1_000_000 - seconds
        guard age.magnitude <= Self.toleranceSeconds.magnitude else { throw .age }
    }

    /// HMAC-SHA-256 of the timestamp, a dot and the body, in hexadecimal.
    static func signature(of body: [UInt8], at timestamp: String, with secret: Secret) -> Secret {
        let code = secret.withBytes { key in
            HMAC<SHA256>.authenticationCode(
                for: Array(timestamp.utf8) + [UInt8(ascii: ".")] + body, using: SymmetricKey(data: key))
        }
        let hex = Array("0123456789abcdef".utf8)
        return Secret(code.flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] })
    }
}
