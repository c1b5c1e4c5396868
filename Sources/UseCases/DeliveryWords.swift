public import Orders
public import Pricing
public import Primitives

/// Days and windows of deliveries in words, in the time zone of the store.
public enum DeliveryWords {
    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// Such as `Friday 16 January`.
    public static func day(_ date: CivilDate) -> String {
        let weekday = Weekday.allCases.firstIndex(of: date.weekday) ?? 0
        return "\(weekdays[weekday]) \(date.day) \(months[date.month - 1])"
    }

    /// Such as `Monday`.
    public static func name(_ weekday: Weekday) -> String {
        weekdays[Weekday.allCases.firstIndex(of: weekday) ?? 0]
    }

    /// Such as `10:00–12:00`.
    public static func times(from startsAt: Instant, to endsAt: Instant, in timeZone: String) -> String {
        guard let clock = StoreClock(timeZone) else { return "\(startsAt)–\(endsAt)" }
        let end = clock.time(endsAt)
        return "\(clock.time(startsAt))–\(end == .midnight ? "24:00" : end.description)"
    }

    /// Such as `Friday 16 January, 10:00–12:00`.
    public static func window(from startsAt: Instant, to endsAt: Instant, in timeZone: String) -> String {
        let times = times(from: startsAt, to: endsAt, in: timeZone)
        return StoreClock(timeZone).map { "\(day($0.date(startsAt))), \(times)" } ?? times
    }

    /// Such as `Friday 16 January`, or two days with `to` between.
    public static func days(_ earliest: CivilDate, _ latest: CivilDate) -> String {
        earliest == latest ? day(earliest) : "\(day(earliest)) to \(day(latest))"
    }

    /// When an order comes, or can be fetched, as a line; nil where nothing was agreed.
    public static func moment(of delivery: OrderDelivery) -> String? {
        if let window = delivery.window {
            return self.window(from: window.startsAt, to: window.endsAt, in: delivery.timeZone)
        }
        guard let earliest = delivery.earliest.flatMap({ CivilDate($0) }),
            let latest = delivery.latest.flatMap({ CivilDate($0) })
        else { return nil }
        let days = days(earliest, latest)
        return delivery.pickup == nil ? "Expected \(days)" : "Ready \(days)"
    }

    /// What buyers are told of a method beside its title; nil where nothing is known.
    public static func promise(of offer: DeliveryOffer) -> String? {
        guard let estimate = offer.estimate else { return nil }
        let days = days(estimate.earliest, estimate.latest)
        return offer.kind == .pickup ? "Ready \(days)." : "Expected \(days)."
    }
}
