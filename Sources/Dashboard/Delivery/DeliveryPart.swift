import HTTPServer
import Markup
import Pricing
import Primitives

/// The part of the delivery settings that a page is about.
enum DeliveryPart: Sendable, Hashable {
    /// The name in the address of a page for what is not there yet.
    static let new = "new"

    case general
    case zone(String)
    case location(String)
    case method(String)

    var address: WebAddress {
        switch self {
        case .general: "/dashboard/delivery/settings"
        case .zone(let id): "/dashboard/delivery/zones/\(id)"
        case .location(let id): "/dashboard/delivery/locations/\(id)"
        case .method(let id): "/dashboard/delivery/methods/\(id)"
        }
    }

    var isNew: Bool { self == .zone(Self.new) || self == .location(Self.new) || self == .method(Self.new) }

    /// What it is called; nil when the settings have no such part.
    func title(in settings: DeliverySettings) -> String? {
        switch self {
        case .general: "Delivery settings"
        case .zone(Self.new): "New zone"
        case .location(Self.new): "New location"
        case .method(Self.new): "New method"
        case .zone(let id): settings.zones.first { $0.id == id }?.title
        case .location(let id): settings.locations.first { $0.id == id }?.title
        case .method(let id): settings.options.first { $0.id == id }?.title
        }
    }

    /// The field of the page that a pointer into the settings means; empty for none.
    func field(of pointer: String, in settings: DeliverySettings) -> String {
        let rest: Substring
        switch self {
        case .general: rest = pointer.dropFirst()
        case .zone(let id): rest = Self.rest(of: pointer, "zones", settings.zones.firstIndex { $0.id == id })
        case .location(let id):
            rest = Self.rest(of: pointer, "locations", settings.locations.firstIndex { $0.id == id })
        case .method(let id): rest = Self.rest(of: pointer, "methods", settings.options.firstIndex { $0.id == id })
        }
        return Self.fields.first { rest.hasPrefix($0.pointer) }?.field ?? ""
    }

    /// - Parameter index: nil for what is new, which stands last.
    private static func rest(of pointer: String, _ list: String, _ index: Int?) -> Substring {
        let parts = pointer.split(separator: "/", maxSplits: 2)
        guard parts.count == 3, parts[0] == list, index == nil || Int(parts[1]) == index else { return "" }
        return parts[2]
    }

    private static let fields: [(pointer: String, field: String)] = [
        ("time_zone", "time_zone"), ("working_days", "working_days"), ("closing_days", "closing_days"),
        ("id", "id"), ("areas", "areas"), ("everywhere_else", "everywhere_else"), ("opening_hours", "hours"),
        ("zones", "zones"), ("location", "location"), ("area/country", "area_country"),
        ("area/radius_meters", "area_radius"), ("area/points", "area_points"), ("area", "area_codes"),
        ("rate", "steps"), ("processing_days", "processing_most"), ("transit_days", "transit_most"),
        ("delivers_on", "delivers_on"), ("windows", "times"),
    ]

    /// What the fields of its page hold, as the settings have it.
    func texts(in settings: DeliverySettings, currency: Currency) -> Form {
        switch self {
        case .general:
            Form(
                [
                    .init("time_zone", settings.timeZone),
                    .init("order_cutoff", settings.orderCutoff?.description ?? ""),
                    .init("closing_days", settings.closings.map(DeliveryTexts.text).joined(separator: "\n")),
                ] + settings.workingDays.map { Form.Field("working_days", $0.rawValue) })
        case .zone(let id): Self.texts(settings.zones.first { $0.id == id })
        case .location(let id): Self.texts(settings.locations.first { $0.id == id })
        case .method(let id):
            Self.texts(
                settings.options.first { $0.id == id }
                    ?? DeliveryOption(
                        id: "", title: "", kind: .shipping, processing: .init(0, 1), transit: .init(1, 3)),
                currency)
        }
    }

    private static func texts(_ zone: DeliveryZone?) -> Form {
        guard let zone else { return Form() }
        return Form([
            .init("id", zone.id), .init("title", zone.title),
            .init("areas", zone.areas.map(DeliveryTexts.text).joined(separator: "\n")),
            .init("everywhere_else", zone.isEverywhereElse ? "yes" : ""),
        ])
    }

    private static func texts(_ location: PickupLocation?) -> Form {
        guard let location else { return Form() }
        return Form([
            .init("id", location.id), .init("title", location.title),
            .init("address", location.address.joined(separator: "\n")),
            .init("hours", location.hours.map(DeliveryTexts.text).joined(separator: "\n")),
            .init("note", location.note), .init("region", location.region),
            .init("postal_code", location.postalCode),
        ])
    }

    private static func texts(_ option: DeliveryOption, _ currency: Currency) -> Form {
        func money(_ amount: Int64?) -> String { amount.map { Price.field($0, currency) } ?? "" }
        let area = option.area
        let rate = option.rate
        let schedule = option.schedule
        var fields: [Form.Field] = [
            .init("id", option.id), .init("title", option.title), .init("details", option.details),
            .init("kind", option.kind.rawValue), .init("location", option.location ?? ""),
            .init("area_country", area?.country ?? ""),
            .init("area_codes", area?.postalCodes.joined(separator: ", ") ?? ""),
            .init("area_center", area?.center.map { "\($0.latitude), \($0.longitude)" } ?? ""),
            .init("area_radius", area?.radiusMeters.map(String.init) ?? ""),
            .init("area_points", area?.points.map(DeliveryTexts.text).joined(separator: "\n") ?? ""),
            .init("basis", rate.basis.rawValue), .init("price", money(rate.price)),
            .init("per_item", money(rate.perItem)),
            .init("steps", rate.steps.map { DeliveryTexts.text($0, rate.basis, currency) }.joined(separator: "\n")),
            .init("up_to", rate.upTo.map { rate.basis == .price ? money($0) : String($0) } ?? ""),
            .init("free_from", money(option.freeFrom)), .init("minimum_order", money(option.minimumOrder)),
        ]
        fields += [
            .init("processing_least", String(option.processing.least)),
            .init("processing_most", String(option.processing.most)),
            .init("transit_least", String(option.transit.least)), .init("transit_most", String(option.transit.most)),
            .init("times", schedule?.slots.map(DeliveryTexts.text).joined(separator: "\n") ?? ""),
            .init("lead_minutes", String(schedule?.leadMinutes ?? 0)),
            .init("days_ahead", String(schedule?.daysAhead ?? 7)),
            .init("cutoff_days", schedule?.cutoff.map { String($0.daysBefore) } ?? ""),
            .init("cutoff_time", schedule?.cutoff?.time.description ?? ""),
        ]
        fields += option.zones.map { Form.Field("zones", $0) }
        fields += option.deliversOn.map { Form.Field("delivers_on", $0.rawValue) }
        return Form(fields)
    }
}
