import Primitives

/// When something arrives, or is ready to be fetched: a first and a last day in the store's calendar.
public struct DeliveryEstimate: Hashable, Sendable {
    public let earliest: CivilDate
    public let latest: CivilDate

    public init(earliest: CivilDate, latest: CivilDate) {
        self.earliest = earliest
        self.latest = latest
    }
}

extension DeliverySettings {
    /// Days that are looked through before a calendar counts as one that never opens again.
    private static let horizonDays = 3 * 366

    /// When an order of this moment arrives by a method without windows; nil when the calendar has no such day.
    ///
    /// The order's day is the present one, or the next working day when today is none or the cut-off has passed. It
    /// leaves the house the working days of processing later, and arrives the days of transit after that.
    func estimate(_ option: DeliveryOption, at now: Instant) -> DeliveryEstimate? {
        guard option.schedule == nil, let clock = StoreClock(timeZone) else { return nil }
        let (today, second) = clock.local(now)
        let isLate = orderCutoff.map { second >= $0.minutes * 60 } ?? false
        guard let start = day(from: isLate ? today.adding(days: 1) : today, where: isWorking),
            let earliest = arrival(option, from: start, option.processing.least, option.transit.least),
            let latest = arrival(option, from: start, option.processing.most, option.transit.most)
        else { return nil }
        return DeliveryEstimate(earliest: earliest, latest: latest)
    }

    private func arrival(
        _ option: DeliveryOption, from start: CivilDate, _ processing: Int, _ transit: Int
    ) -> CivilDate? {
        guard let left = day(after: start, count: processing, where: isWorking) else { return nil }
        if option.kind == .pickup {
            let hours = locations.first { $0.id == option.location }?.hours ?? []
            return day(from: left) { date in
                !isClosed(date) && (hours.isEmpty || hours.contains { $0.weekday == date.weekday })
            }
        }
        let delivers: (CivilDate) -> Bool = { date in
            option.deliversOn.contains(date.weekday) && !carriersRest(date)
        }
        return transit == 0 ? left : day(after: left, count: transit, where: delivers)
    }

    private func isWorking(_ date: CivilDate) -> Bool { workingDays.contains(date.weekday) && !isClosed(date) }

    private func day(from start: CivilDate, where isMeant: (CivilDate) -> Bool) -> CivilDate? {
        (0..<Self.horizonDays).lazy.map { start.adding(days: $0) }.first(where: isMeant)
    }

    /// The `count`th such day after `start`; `start` itself for 0.
    private func day(after start: CivilDate, count: Int, where isMeant: (CivilDate) -> Bool) -> CivilDate? {
        var date = start
        for _ in 0..<count {
            guard let next = day(from: date.adding(days: 1), where: isMeant) else { return nil }
            date = next
        }
        return date
    }
}
