import Synchronization

/// Random numbers that are the same in each run: SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Makes generators, each with a sequence of its own: one for each closure that a database runs.
    public static func generators(seed: UInt64) -> @Sendable () -> any RandomNumberGenerator {
        let source = Source(seed: seed)
        return { SeededRandom(seed: source.next()) }
    }

    private final class Source: Sendable {
        private let random: Mutex<SeededRandom>

        init(seed: UInt64) {
            random = Mutex(SeededRandom(seed: seed))
        }

        func next() -> UInt64 {
            random.withLock { $0.next() }
        }
    }
}
