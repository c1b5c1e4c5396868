import Synchronization

/// Names for requests: 13 characters that look random and are unique in the process.
final class RequestIDs: Sendable {
    private let seed = UInt64.random(in: .min ... .max)
    private let count = Atomic<UInt64>(0)
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    func next() -> String {
        let count = count.wrappingAdd(1, ordering: .relaxed).newValue
        // SplitMix64 (Steele, Lea, Flood 2014) maps different counts to different words.
        var word = seed &+ count &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        word ^= word >> 31
        return String(unsafeUninitializedCapacity: 13) { buffer in
            for index in 0..<13 {
                buffer[index] = Self.alphabet[Int(word & 31)]
                word >>= 5
            }
            return 13
        }
    }

    /// Whether a name from a proxy can be taken over: 8 to 128 letters, digits, dots, hyphens and underscores.
    static func isAcceptable(_ text: String) -> Bool {
        (8...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}
