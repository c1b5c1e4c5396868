#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A moment in UTC, in microseconds since 1970-01-01T00:00:00Z. Leap seconds are not counted.
public struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Microseconds since the Unix epoch.
    public let microseconds: Int64

    /// An instant so many microseconds after the epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The instant so many seconds later; saturates at the ends of the range.
    public func adding(seconds: Double) -> Instant {
        let end: Instant = seconds < 0 ? Instant(microseconds: .min) : Instant(microseconds: .max)
        guard let delta = Int64(exactly: (seconds * 1_000_000).rounded()) else { return end }
        let (sum, overflow) = microseconds.addingReportingOverflow(delta)
        return overflow ? end : Instant(microseconds: sum)
    }

    /// Seconds from `earlier` to this instant.
    public func seconds(since earlier: Instant) -> Double {
        Double(microseconds) / 1_000_000 - Double(earlier.microseconds) / 1_000_000
    }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }
}

/// Tells the time. Injected, so that tests decide what time it is.
public protocol Clock: Sendable {
    /// The present moment.
    func now() -> Instant

    /// Returns at or after a moment.
    /// - Throws: `CancellationError` when the task is cancelled before.
    func sleep(until moment: Instant) async throws
}

extension Clock {
    public func sleep(until moment: Instant) async throws {
        try await Task.sleep(for: .seconds(max(0, moment.seconds(since: now()))))
    }
}

/// The machine's clock.
public struct SystemClock: Clock {
    /// The machine's clock.
    public init() {}

    public func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
