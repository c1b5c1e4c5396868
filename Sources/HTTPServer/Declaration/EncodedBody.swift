import NIOCore
import Synchronization

/// A JSON body that is ready to be sent, any number of times. Its compressed form is made once, when first asked for.
public final class EncodedBody: Sendable {
    /// Shorter bodies are not worth compressing.
    static let leastCompressedBytes = 1024

    let plain: ByteBuffer
    /// Nil until made; an empty buffer when compressing saves nothing.
    private let compressed = Mutex<ByteBuffer?>(nil)

    /// - Parameter json: a whole JSON document, as `OutputShape.encode` makes it.
    public init(_ json: [UInt8]) {
        plain = ByteBuffer(bytes: json)
    }

    init(_ buffer: ByteBuffer) {
        plain = buffer
    }

    var isCompressible: Bool { plain.readableBytes >= Self.leastCompressedBytes }

    /// The gzip form; nil when it would not be shorter.
    var gzip: ByteBuffer? {
        guard isCompressible else { return nil }
        let buffer = compressed.withLock { compressed in
            if let compressed { return compressed }
            let made = Gzip.compress(plain)
            compressed = made
            return made
        }
        return buffer.readableBytes > 0 ? buffer : nil
    }
}
