import Crypto

/// SHA-256 in 64 hexadecimal digits.
enum Digests {
    static func bytes(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    static func text(_ text: String) -> String { bytes(Array(text.utf8)) }
}
