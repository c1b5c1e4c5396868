import Crypto
import HTTPServer
public import Markup

/// A file that never changes: its address contains a digest of it, so that browsers may keep it for ever.
public struct Asset: Sendable {
    /// Such as `storefront.css`; unique in the library.
    public let name: String
    public let type: String
    /// 16 hexadecimal digits of the SHA-256 of the content.
    public let digest: String
    let body: EncodedBody

    /// - Parameter type: the media type.
    public init(_ name: String, type: String, _ bytes: [UInt8]) {
        self.name = name
        self.type = type
        body = EncodedBody(bytes)
        digest = SHA256.hash(data: bytes).prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// An ES module.
    public static func module(_ name: String, _ bytes: [UInt8]) -> Asset {
        Asset(name, type: "text/javascript; charset=utf-8", bytes)
    }

    /// A style sheet of several files, without their indentation.
    static func sheet(_ name: String, _ files: [[UInt8]]) -> Asset {
        var bytes: [UInt8] = []
        for line in files.joined().split(separator: UInt8(ascii: "\n")) {
            bytes += line.drop { $0 == UInt8(ascii: " ") }
            bytes.append(UInt8(ascii: "\n"))
        }
        return Asset(name, type: "text/css; charset=utf-8", bytes)
    }

    /// Where pages find it.
    public var address: WebAddress { "/assets/\(digest)/\(name)" }
}
