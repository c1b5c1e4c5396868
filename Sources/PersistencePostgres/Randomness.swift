#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The system's randomness, fetched 256 bytes at a time: one system call for 16 identifiers instead of 32.
final class Randomness: RandomNumberGenerator {
    private var words = [UInt64](repeating: 0, count: 32)
    private var used = 32
    private var system = SystemRandomNumberGenerator()

    func next() -> UInt64 {
        if used == words.count {
            let status = words.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
            guard status == 0 else { return system.next() }
            used = 0
        }
        defer {
            words[used] = 0
            used += 1
        }
        return words[used]
    }
}
