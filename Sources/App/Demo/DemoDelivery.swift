import Pricing
import Primitives

/// How Maya's Larder in Leith delivers: by post everywhere, by courier in Britain, with its own van round the corner,
/// and over the counter.
enum DemoDelivery {
    static let settings = DeliverySettings(
        timeZone: "Europe/London", workingDays: Weekday.working + [.saturday], orderCutoff: time(14, 0),
        zones: [
            DeliveryZone(id: "britain", title: "Great Britain", areas: [.init(country: "GB")]),
            DeliveryZone(id: "world", title: "Everywhere else", isEverywhereElse: true),
        ],
        locations: [
            PickupLocation(
                id: "quay-row", title: "Maya's Larder", address: ["12 Quay Row", "Leith", "EH6 6QW"],
                hours: days.map { .init(weekday: $0, opens: time(9, 0), closes: time(18, 0)) },
                note: "Ring at the green door.")
        ],
        options: [
            DeliveryOption(
                id: "standard", title: "Standard delivery", kind: .shipping, zones: ["britain", "world"],
                processing: .init(0, 1), transit: .init(2, 4)),
            DeliveryOption(
                id: "courier", title: "Cool-box courier", details: "Chilled, to your door the next working day.",
                kind: .shipping, zones: ["britain"],
                rate: DeliveryRate(
                    basis: .weight,
                    steps: [
                        .init(from: 0, price: 595), .init(from: 5000, price: 795), .init(from: 10_000, price: 1095),
                    ],
                    upTo: 25_000), freeFrom: 9000, transit: .init(1, 1)),
            DeliveryOption(
                id: "van", title: "Our own van", details: "In Edinburgh and Leith, at a time that suits you.",
                kind: .local,
                area: LocalArea(country: "GB", postalCodes: ["EH*"]), rate: .flat(250), freeFrom: 4000,
                schedule: WindowSchedule(slots: slots, leadMinutes: 120, daysAhead: 7)),
            DeliveryOption(
                id: "pickup", title: "Pick it up", kind: .pickup, location: "quay-row",
                schedule: WindowSchedule(
                    slots: days.map { .init(weekday: $0, starts: time(16, 0), ends: time(18, 0), capacity: 20) },
                    leadMinutes: 60, daysAhead: 5)),
        ])

    private static let days = Weekday.working + [.saturday]

    private static let slots: [WindowSchedule.Slot] = days.flatMap { day in
        [(10, 12), (12, 14), (17, 19)].map { starts, ends in
            WindowSchedule.Slot(weekday: day, starts: time(starts, 0), ends: time(ends, 0), capacity: 8)
        }
    }

    private static func time(_ hour: Int, _ minute: Int) -> TimeOfDay {
        TimeOfDay(minutes: hour * 60 + minute) ?? .midnight
    }
}
