public import Primitives
import Synchronization

/// A clock that stands still.
public struct FixedClock: Clock {
    private let instant: Instant

    /// 2026-01-15T09:30:00Z unless told otherwise.
    public init(_ instant: Instant = .ofTests) {
        self.instant = instant
    }

    public func now() -> Instant { instant }
}

/// A clock that moves when a test says so.
public final class ManualClock: Clock {
    private let instant: Mutex<Instant>

    /// Begins at 2026-01-15T09:30:00Z unless told otherwise.
    public init(_ instant: Instant = .ofTests) {
        self.instant = Mutex(instant)
    }

    public func now() -> Instant {
        instant.withLock { $0 }
    }

    /// Moves the time on.
    public func advance(seconds: Double) {
        instant.withLock { $0 = $0.adding(seconds: seconds) }
    }

    /// Sets the time.
    public func set(_ instant: Instant) {
        self.instant.withLock { $0 = instant }
    }
}

extension Instant {
    /// The moment at which tests begin: 2026-01-15T09:30:00Z.
    public static let ofTests = Instant(microseconds: 1_768_469_400_000_000)
}
