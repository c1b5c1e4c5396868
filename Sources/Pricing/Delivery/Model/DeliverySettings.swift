/// How a store delivers: where to, in which ways, when, and for how much. Read and changed as a whole.
public struct DeliverySettings: Hashable, Sendable {
    /// Grows by one with every change; 0 while the store has none of its own.
    public var version: Int
    /// Of the IANA database: all days and times of these settings are those of this zone.
    public var timeZone: String
    /// The days on which orders are prepared.
    public var workingDays: [Weekday]
    /// Orders after this time count as those of the next working day.
    public var orderCutoff: TimeOfDay?
    public var closings: [Closing]
    public var zones: [DeliveryZone]
    public var locations: [PickupLocation]
    public var options: [DeliveryOption]

    /// Days on which the store is closed, first and last included.
    public struct Closing: Hashable, Sendable {
        public var from: CivilDate
        public var to: CivilDate
        public var title: String
        /// Whether parcels rest too, as on public holidays.
        public var stopsCarriers: Bool

        public init(from: CivilDate, to: CivilDate, title: String = "", stopsCarriers: Bool = false) {
            self.from = from
            self.to = to
            self.title = title
            self.stopsCarriers = stopsCarriers
        }
    }

    public init(
        version: Int = 0, timeZone: String, workingDays: [Weekday] = Weekday.working, orderCutoff: TimeOfDay? = nil,
        closings: [Closing] = [], zones: [DeliveryZone] = [], locations: [PickupLocation] = [],
        options: [DeliveryOption]
    ) {
        self.version = version
        self.timeZone = timeZone
        self.workingDays = workingDays
        self.orderCutoff = orderCutoff
        self.closings = closings
        self.zones = zones
        self.locations = locations
        self.options = options
    }

    /// What a new store does until it is told otherwise: it delivers everywhere, free.
    public static let initial = DeliverySettings(
        timeZone: "UTC", zones: [DeliveryZone(id: "everywhere", title: "Everywhere", isEverywhereElse: true)],
        options: [
            DeliveryOption(id: "standard", title: "Standard delivery", kind: .shipping, zones: ["everywhere"])
        ])

    func isClosed(_ date: CivilDate) -> Bool {
        closings.contains { $0.from <= date && date <= $0.to }
    }

    func carriersRest(_ date: CivilDate) -> Bool {
        closings.contains { $0.stopsCarriers && $0.from <= date && date <= $0.to }
    }
}

/// Where buyers fetch their orders.
public struct PickupLocation: Hashable, Sendable {
    /// When it is open on a day of the week.
    public struct Hours: Hashable, Sendable {
        public var weekday: Weekday
        public var opens: TimeOfDay
        public var closes: TimeOfDay

        public init(weekday: Weekday, opens: TimeOfDay, closes: TimeOfDay) {
            self.weekday = weekday
            self.opens = opens
            self.closes = closes
        }
    }

    public var id: String
    public var title: String
    /// The lines of its address, as on an envelope.
    public var address: [String]
    /// Where it is in the store's country, for taxes: a state or the like; may be empty.
    public var region: String
    /// As `region`.
    public var postalCode: String
    public var hours: [Hours]
    /// Such as where to ring.
    public var note: String

    public init(
        id: String, title: String, address: [String], region: String = "", postalCode: String = "",
        hours: [Hours] = [], note: String = ""
    ) {
        self.id = id
        self.title = title
        self.address = address
        self.region = region
        self.postalCode = postalCode
        self.hours = hours
        self.note = note
    }
}

/// A way to get an order, as the merchant set it up.
public struct DeliveryOption: Hashable, Sendable {
    /// How the goods travel.
    public enum Kind: String, Sendable, CaseIterable {
        /// By a carrier, into the zones.
        case shipping
        /// Not at all: the buyer comes to a location.
        case pickup
        /// By the merchant, around a place.
        case local
    }

    /// From so many to so many days.
    public struct Days: Hashable, Sendable {
        public var least: Int
        public var most: Int

        public init(_ least: Int, _ most: Int) {
            self.least = least
            self.most = most
        }
    }

    /// Lower-case words joined by hyphens; what checkouts and orders name it by.
    public var id: String
    public var title: String
    /// A sentence for buyers; may be empty.
    public var details: String
    public var kind: Kind
    /// Ids of the zones that shipping serves.
    public var zones: [String]
    /// Id of the location of a pickup.
    public var location: String?
    /// What a local delivery serves.
    public var area: LocalArea?
    public var rate: DeliveryRate
    /// Baskets of this value and more are delivered free; in minor units.
    public var freeFrom: Int64?
    /// Baskets of less are not delivered; in minor units.
    public var minimumOrder: Int64?
    /// Working days until it leaves the house.
    public var processing: Days
    /// Days on its way, counting those on which the carrier delivers.
    public var transit: Days
    public var deliversOn: [Weekday]
    /// The windows that a buyer has to choose from; nil for none.
    public var schedule: WindowSchedule?

    public init(
        id: String, title: String, details: String = "", kind: Kind, zones: [String] = [], location: String? = nil,
        area: LocalArea? = nil, rate: DeliveryRate = .flat(0), freeFrom: Int64? = nil, minimumOrder: Int64? = nil,
        processing: Days = Days(0, 0), transit: Days = Days(0, 0), deliversOn: [Weekday] = Weekday.working,
        schedule: WindowSchedule? = nil
    ) {
        self.id = id
        self.title = title
        self.details = details
        self.kind = kind
        self.zones = zones
        self.location = location
        self.area = area
        self.rate = rate
        self.freeFrom = freeFrom
        self.minimumOrder = minimumOrder
        self.processing = processing
        self.transit = transit
        self.deliversOn = deliversOn
        self.schedule = schedule
    }
}

/// The windows of a method, week by week, and until when they can be chosen.
public struct WindowSchedule: Hashable, Sendable {
    /// A window on a day of the week.
    public struct Slot: Hashable, Sendable {
        public var weekday: Weekday
        public var starts: TimeOfDay
        public var ends: TimeOfDay
        /// Orders that it takes.
        public var capacity: Int

        public init(weekday: Weekday, starts: TimeOfDay, ends: TimeOfDay, capacity: Int) {
            self.weekday = weekday
            self.starts = starts
            self.ends = ends
            self.capacity = capacity
        }
    }

    /// The last moment for the windows of a day: a time so many days before.
    public struct Cutoff: Hashable, Sendable {
        public var daysBefore: Int
        public var time: TimeOfDay

        public init(daysBefore: Int, time: TimeOfDay) {
            self.daysBefore = daysBefore
            self.time = time
        }
    }

    public var slots: [Slot]
    /// How long before its beginning a window can still be chosen.
    public var leadMinutes: Int
    public var cutoff: Cutoff?
    /// How many days ahead of today windows are offered.
    public var daysAhead: Int

    public init(slots: [Slot], leadMinutes: Int = 0, cutoff: Cutoff? = nil, daysAhead: Int = 7) {
        self.slots = slots
        self.leadMinutes = leadMinutes
        self.cutoff = cutoff
        self.daysAhead = daysAhead
    }
}
