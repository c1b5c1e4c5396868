import Foundation
public import Primitives

/// What the clock on a store's wall says: moments into days and times of its time zone, and back.
public struct StoreClock: Sendable {
    private let zone: TimeZone

    /// - Parameter identifier: of the IANA database, such as `Europe/Berlin`, or `UTC`; nil when it is unknown.
    public init?(_ identifier: String) {
        // Foundation takes abbreviations and offsets too, which say nothing of summer time.
        guard identifier == "UTC" || identifier.contains("/"), identifier.utf8.count <= 64,
            let zone = TimeZone(identifier: identifier)
        else { return nil }
        self.zone = zone
    }

    /// The day, and the seconds of it that the clock shows.
    public func local(_ moment: Instant) -> (date: CivilDate, second: Int) {
        var second = moment.microseconds / 1_000_000
        if moment.microseconds % 1_000_000 < 0 { second -= 1 }
        let shown = second + offset(at: second)
        var days = shown / 86_400
        if shown % 86_400 < 0 { days -= 1 }
        return (CivilDate(dayNumber: Int(days)), Int(shown - days * 86_400))
    }

    /// The day that it is in the store.
    public func date(_ moment: Instant) -> CivilDate { local(moment).date }

    /// The time that the clock shows, without its seconds.
    public func time(_ moment: Instant) -> TimeOfDay {
        // The seconds of a day are within its minutes.
        TimeOfDay(minutes: local(moment).second / 60) ?? .midnight
    }

    /// The moment at which the clock shows this. Where the hour is doubled in autumn, the first; where it is skipped
    /// in spring, the moment of the leap.
    public func moment(_ date: CivilDate, _ time: TimeOfDay) -> Instant {
        let shown = Int64(date.dayNumber) * 86_400 + Int64(time.minutes) * 60
        // No zone is further from UTC than 14 hours, so that a day on either side stands before and after.
        let before = offset(at: shown - 86_400)
        let after = offset(at: shown + 86_400)
        let (first, second) = (shown - before, shown - after)
        if before == after { return Instant(microseconds: first * 1_000_000) }
        let candidates = [(first, before), (second, after)].filter { offset(at: $0.0) == $0.1 }.map(\.0)
        if let earliest = candidates.min() { return Instant(microseconds: earliest * 1_000_000) }
        // Skipped: before the leap at `second`, after it at `first`.
        var (low, high) = (second, first)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == after { high = middle } else { low = middle }
        }
        return Instant(microseconds: high * 1_000_000)
    }

    /// Seconds east of UTC.
    private func offset(at second: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }
}
