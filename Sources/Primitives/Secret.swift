import Crypto
import FoundationEssentials

/// Bytes that must not be printed. Describes itself as a short SHA-256 digest, so that two can be told apart in a log.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    /// A secret of these bytes.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// A secret of this text's UTF-8.
    public init(_ text: String) {
        self.init(text.utf8)
    }

    /// Number of bytes.
    public var count: Int { bytes.count }

    /// Lends the bytes to code that needs them, such as a cipher.
    public func withBytes<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
        try body(bytes)
    }

    /// `sha256:` and the first eight hexadecimal digits of the digest.
    public var description: String {
        let hex = Array("0123456789abcdef")
        let digits = SHA256.hash(data: bytes).prefix(4).flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] }
        return "sha256:" + String(digits)
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable {
    /// Compares in time that depends on the lengths only.
    public static func == (left: Secret, right: Secret) -> Bool {
        guard left.bytes.count == right.bytes.count else { return false }
        return zip(left.bytes, right.bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
