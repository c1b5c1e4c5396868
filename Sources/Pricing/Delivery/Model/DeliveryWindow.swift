public import Primitives

/// A window of a day in which a method delivers, or in which orders are fetched.
public struct DeliveryWindow: Hashable, Sendable {
    public let method: String
    public let startsAt: Instant
    public let endsAt: Instant
    /// Orders that it takes.
    public let capacity: Int
    /// The day in the store.
    public let date: CivilDate

    public init(method: String, startsAt: Instant, endsAt: Instant, capacity: Int, date: CivilDate) {
        self.method = method
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.capacity = capacity
        self.date = date
    }

    /// What names it in checkouts: `local.1768550400`.
    public var id: String { WindowKey(method: method, startsAt: startsAt).id }
    public var key: WindowKey { WindowKey(method: method, startsAt: startsAt) }
}

/// What names a window: its method and its beginning.
public struct WindowKey: Hashable, Sendable, Comparable {
    public let method: String
    /// On a whole second.
    public let startsAt: Instant

    public init(method: String, startsAt: Instant) {
        self.method = method
        self.startsAt = startsAt
    }

    /// Reads what `id` writes; nil when it is not of that form.
    public init?(_ id: String) {
        let parts = id.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...60).contains(parts[0].utf8.count), (1...11).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let second = Int64(parts[1])
        else { return nil }
        let key = WindowKey(method: String(parts[0]), startsAt: Instant(microseconds: second * 1_000_000))
        guard key.id == id else { return nil }
        self = key
    }

    public var id: String { "\(method).\(startsAt.microseconds / 1_000_000)" }

    public static func < (left: WindowKey, right: WindowKey) -> Bool {
        (left.startsAt, left.method) < (right.startsAt, right.method)
    }
}

extension DeliverySettings {
    /// The next windows of a method that may be chosen at a moment, full ones too.
    /// - Parameter after: only windows that begin later.
    public func windows(
        of method: String, at now: Instant, after: Instant? = nil, limit: Int
    ) -> [DeliveryWindow] {
        guard let schedule = options.first(where: { $0.id == method })?.schedule, let clock = StoreClock(timeZone)
        else { return [] }
        let today = clock.date(now)
        var date = after.map { max(today, clock.date($0)) } ?? today
        let last = today.adding(days: schedule.daysAhead)
        var found: [DeliveryWindow] = []
        while date <= last, found.count < limit {
            for window in windows(of: method, schedule, on: date, clock: clock)
            where found.count < limit && schedule.accepts(window, at: now, clock: clock) {
                if let after, window.startsAt <= after { continue }
                found.append(window)
            }
            date = date.adding(days: 1)
        }
        return found
    }

    /// The window of that name, when it may be chosen at a moment.
    public func window(_ key: WindowKey, at now: Instant) -> DeliveryWindow? {
        guard let schedule = options.first(where: { $0.id == key.method })?.schedule,
            let clock = StoreClock(timeZone)
        else { return nil }
        let date = clock.date(key.startsAt)
        guard date <= clock.date(now).adding(days: schedule.daysAhead) else { return nil }
        return windows(of: key.method, schedule, on: date, clock: clock).first {
            $0.startsAt == key.startsAt && schedule.accepts($0, at: now, clock: clock)
        }
    }

    /// Every window of a day, whether it may still be chosen or not, in the order of their beginnings.
    /// - Parameter method: nil for those of all methods.
    public func windows(on date: CivilDate, of method: String? = nil) -> [DeliveryWindow] {
        guard let clock = StoreClock(timeZone) else { return [] }
        let found = options.filter { method == nil || $0.id == method }.flatMap { option in
            option.schedule.map { windows(of: option.id, $0, on: date, clock: clock) } ?? []
        }
        return found.sorted { $0.key < $1.key }
    }

    private func windows(
        of method: String, _ schedule: WindowSchedule, on date: CivilDate, clock: StoreClock
    ) -> [DeliveryWindow] {
        guard !isClosed(date) else { return [] }
        let weekday = date.weekday
        var found: [DeliveryWindow] = []
        for slot in schedule.slots.filter({ $0.weekday == weekday }).sorted(by: { $0.starts < $1.starts }) {
            let window = DeliveryWindow(
                method: method, startsAt: clock.moment(date, slot.starts), endsAt: clock.moment(date, slot.ends),
                capacity: slot.capacity, date: date)
            // Where summer time begins, a window may have lost all of its time, or its beginning to the one before.
            guard window.startsAt < window.endsAt, found.last?.startsAt != window.startsAt else { continue }
            found.append(window)
        }
        return found
    }
}

extension WindowSchedule {
    func accepts(_ window: DeliveryWindow, at now: Instant, clock: StoreClock) -> Bool {
        guard window.startsAt >= now.adding(seconds: Double(leadMinutes) * 60) else { return false }
        guard let cutoff else { return true }
        return now < clock.moment(window.date.adding(days: -cutoff.daysBefore), cutoff.time)
    }
}
