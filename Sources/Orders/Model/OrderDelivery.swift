public import Primitives

/// How an order is delivered, as it was agreed: later changes of the settings do not reach it.
public struct OrderDelivery: Hashable, Sendable {
    /// When it comes, or is fetched.
    public struct Window: Hashable, Sendable {
        public var id: String
        public var startsAt: Instant
        public var endsAt: Instant

        public init(id: String, startsAt: Instant, endsAt: Instant) {
            self.id = id
            self.startsAt = startsAt
            self.endsAt = endsAt
        }
    }

    /// Where it is fetched.
    public struct Pickup: Hashable, Sendable {
        public var title: String
        public var address: [String]
        public var note: String

        public init(title: String, address: [String], note: String) {
            self.title = title
            self.address = address
            self.note = note
        }
    }

    /// What the method was called; empty for orders from before it was kept.
    public var title: String
    /// Of the IANA database: that of the days and windows.
    public var timeZone: String
    public var window: Window?
    /// The first day that was promised, such as `2026-01-16`.
    public var earliest: String?
    public var latest: String?
    public var pickup: Pickup?

    public init(title: String = "", timeZone: String = "UTC") {
        self.title = title
        self.timeZone = timeZone
    }

    /// The document of the column; empty for nothing.
    var document: String {
        guard self != OrderDelivery() else { return "" }
        var object: JSONObject = ["title": .string(title), "time_zone": .string(timeZone)]
        if let window {
            object["window"] = [.string(window.id), JSON(window.startsAt), JSON(window.endsAt)]
        }
        if let earliest { object["earliest"] = .string(earliest) }
        if let latest { object["latest"] = .string(latest) }
        if let pickup {
            object["pickup"] = [
                "title": .string(pickup.title), "note": .string(pickup.note),
                "address": .array(pickup.address.map { .string($0) }),
            ]
        }
        return JSON.object(object).description
    }

    init(document: String) throws {
        self.init()
        guard !document.isEmpty else { return }
        let json = try JSON(parsing: document)
        title = json["title"]?.string ?? ""
        timeZone = json["time_zone"]?.string ?? "UTC"
        if let parts = json["window"]?.array, parts.count == 3, let id = parts[0].string,
            let startsAt = parts[1].string.flatMap({ Instant(rfc3339: $0) }),
            let endsAt = parts[2].string.flatMap({ Instant(rfc3339: $0) })
        {
            window = Window(id: id, startsAt: startsAt, endsAt: endsAt)
        }
        earliest = json["earliest"]?.string
        latest = json["latest"]?.string
        pickup = json["pickup"].map { pickup in
            Pickup(
                title: pickup["title"]?.string ?? "", address: (pickup["address"]?.array ?? []).compactMap(\.string),
                note: pickup["note"]?.string ?? "")
        }
    }
}
