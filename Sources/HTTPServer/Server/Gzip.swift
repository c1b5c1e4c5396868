import CZlib
import NIOCore

/// RFC 1952 by zlib.
enum Gzip {
    /// Windows of 2^15 bytes; 16 more says gzip to zlib.
    private static let windowBits: Int32 = 15 + 16

    /// The compressed bytes; empty when they would not be fewer.
    static func compress(_ buffer: ByteBuffer) -> ByteBuffer {
        var stream = z_stream()
        let started = deflateInit2_(
            &stream, 5, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard started == Z_OK else { return ByteBuffer() }
        defer { deflateEnd(&stream) }
        var input = buffer
        var output = ByteBuffer()
        let length = input.readableBytes
        let ended = input.withUnsafeMutableReadableBytes { source in
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { target in
                stream.next_in = source.bindMemory(to: UInt8.self).baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
                // One byte less than the input: more would not be worth sending.
                stream.avail_out = UInt32(length - 1)
                let ended = deflate(&stream, Z_FINISH) == Z_STREAM_END
                return ended ? Int(stream.total_out) : 0
            }
        }
        return ended > 0 ? output : ByteBuffer()
    }
}
