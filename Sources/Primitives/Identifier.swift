public import FoundationEssentials

/// The kind of thing an identifier names; gives the prefix it carries outside the process.
public protocol IdentifierKind: Sendable {
    /// The lower-case prefix before the underscore, such as `ord`.
    static var prefix: String { get }
}

/// A 16-byte identifier that knows what it identifies.
///
/// Stored as 16 bytes. At the edge it is written as TypeID does (https://github.com/jetify-com/typeid):
/// the prefix, an underscore and 26 lower-case Crockford base32 characters.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 16 bytes.
    public let uuid: UUID

    /// Wraps bytes that are known to identify a `Kind`.
    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the edge form; nil unless prefix, length and alphabet are right.
    public init?(_ text: String) {
        var text = text[...]
        guard text.hasPrefix(Kind.prefix) else { return nil }
        text = text.dropFirst(Kind.prefix.count)
        guard text.first == "_", let uuid = Base32.uuid(text.dropFirst().utf8) else { return nil }
        self.uuid = uuid
    }

    /// The edge form, 27 characters and the prefix.
    public var description: String {
        var prefix = Kind.prefix
        return prefix.withUTF8 { prefix in
            String(unsafeUninitializedCapacity: prefix.count + 1 + Base32.length) { buffer in
                let separator = buffer[...].initialize(fromContentsOf: prefix)
                buffer[separator] = UInt8(ascii: "_")
                Base32.write(uuid, to: UnsafeMutableBufferPointer(rebasing: buffer[(separator + 1)...]))
                return prefix.count + 1 + Base32.length
            }
        }
    }

    /// Orders by bytes, as both database engines do.
    public static func < (left: Self, right: Self) -> Bool {
        left.uuid < right.uuid
    }
}

/// Crockford base32 of 128 bits: 26 characters, the first of which carries three bits.
enum Base32 {
    static let length = 26
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    static func write(_ uuid: UUID, to characters: UnsafeMutableBufferPointer<UInt8>) {
        var (high, low) = halves(uuid)
        for index in stride(from: length - 1, through: 0, by: -1) {
            characters[index] = alphabet[Int(low & 31)]
            low = (low >> 5) | ((high & 31) << 59)
            high >>= 5
        }
    }

    static func uuid(_ characters: some Collection<UInt8>) -> UUID? {
        guard characters.count == length, let first = characters.first, values[Int(first)] < 8 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for character in characters {
            let value = values[Int(character)]
            guard value != 0xFF else { return nil }
            high = (high << 5) | (low >> 59)
            low = (low << 5) | UInt64(value)
        }
        return UUID(high: high, low: low)
    }

    private static func halves(_ uuid: UUID) -> (UInt64, UInt64) {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}

extension UUID {
    /// Makes a UUID from its most and least significant 64 bits.
    public init(high: UInt64, low: UInt64) {
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { buffer in
            buffer.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            buffer.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        self.init(uuid: bytes)
    }

    /// A version 7 UUID (RFC 9562, sections 5.7 and 6.2, method 3): 48 bits of Unix milliseconds, 12 bits of the
    /// millisecond's fraction, then 62 random bits. It sorts by the microsecond it was made in.
    public static func version7(at instant: Instant, using random: inout some RandomNumberGenerator) -> UUID {
        let microseconds = UInt64(clamping: instant.microseconds)
        let milliseconds = (microseconds / 1000) & 0xFFFF_FFFF_FFFF
        let high = (milliseconds << 16) | 0x7000 | (microseconds % 1000 * 4096 / 1000)
        let low = (random.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        return UUID(high: high, low: low)
    }

    /// The version 7 UUID that sorts next after this one.
    public var successor: UUID {
        withUnsafeBytes(of: uuid) { bytes in
            let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            return UUID(high: high, low: 0x8000_0000_0000_0000 | ((low &+ 1) & 0x3FFF_FFFF_FFFF_FFFF))
        }
    }

    /// 128 random bits without version or variant, for identifiers that are secrets.
    public static func random128(using random: inout some RandomNumberGenerator) -> UUID {
        UUID(high: random.next(), low: random.next())
    }
}
