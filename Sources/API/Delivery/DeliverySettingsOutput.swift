import HTTPServer
import Pricing
import Primitives

/// The settings of a store's delivery as they are answered.
struct DeliverySettingsView: Sendable {
    let settings: DeliverySettings
    let currency: Currency

    static let shape = OutputShape<DeliverySettingsView>.object(
        "DeliverySettings",
        .field("version", .integer, \.settings.version),
        .field("time_zone", .text, \.settings.timeZone),
        .field("working_days", .array(of: .oneOf(Weekday.self)), \.settings.workingDays),
        .nullable("order_cutoff", .text, \.settings.orderCutoff?.description),
        .field("closing_days", .array(of: closing), \.settings.closings),
        .field("zones", .array(of: zone), \.settings.zones),
        .field("locations", .array(of: location), \.settings.locations),
        .field("methods", .array(of: DeliveryOptionView.shape)) { view in
            view.settings.options.map { DeliveryOptionView(option: $0, currency: view.currency) }
        })

    private static let closing = OutputShape<DeliverySettings.Closing>.object(
        "ClosingDays",
        .field("from", .text, \.from.description), .field("to", .text, \.to.description),
        .field("title", .text, \.title), .field("stops_carriers", .bool, \.stopsCarriers))

    private static let zone = OutputShape<DeliveryZone>.object(
        "DeliveryZone",
        .field("id", .text, \.id), .field("title", .text, \.title), .field("areas", .array(of: area), \.areas),
        .field("everywhere_else", .bool, \.isEverywhereElse))

    private static let area = OutputShape<DeliveryZone.Area>.object(
        "DeliveryArea",
        .field("country", .text, \.country), .field("regions", .array(of: .text), \.regions),
        .field("postal_codes", .array(of: .text), \.postalCodes))

    private static let location = OutputShape<PickupLocation>.object(
        "PickupLocation",
        .field("id", .text, \.id), .field("title", .text, \.title),
        .field("address", .array(of: .text), \.address), .field("opening_hours", .array(of: hours), \.hours),
        .field("note", .text, \.note),
        .field("region", OutputShape<String>.text.described("What is fetched there is taxed there."), \.region),
        .field("postal_code", .text, \.postalCode))

    private static let hours = OutputShape<PickupLocation.Hours>.object(
        "OpeningHours",
        .field("weekday", .oneOf(Weekday.self), \.weekday), .field("opens", .text, \.opens.description),
        .field("closes", .text, \.closes.description))
}

/// A method of the settings with the currency of its amounts.
private struct DeliveryOptionView: Sendable {
    let option: DeliveryOption
    let currency: Currency

    static let shape = OutputShape<DeliveryOptionView>.object(
        "DeliveryOption",
        .field("id", .text, \.option.id), .field("title", .text, \.option.title),
        .field("description", .text, \.option.details), .field("kind", .oneOf(), \.option.kind),
        .field("zones", .array(of: .text), \.option.zones), .nullable("location", .text, \.option.location),
        .nullable("area", area, \.option.area), .field("rate", rate) { $0 },
        .nullable("free_from", .money) { $0.money($0.option.freeFrom) },
        .nullable("minimum_order", .money) { $0.money($0.option.minimumOrder) },
        .field("processing_days", days, \.option.processing), .field("transit_days", days, \.option.transit),
        .field("delivers_on", .array(of: .oneOf(Weekday.self)), \.option.deliversOn),
        .nullable("windows", windows, \.option.schedule))

    func money(_ amount: Int64?) -> Money? { amount.map { Money(delivering: $0, currency) } }

    private static let rate = OutputShape<DeliveryOptionView>.object(
        "DeliveryRate",
        .field("basis", .oneOf(), \.option.rate.basis),
        .field("price", .money) { Money(delivering: $0.option.rate.price, $0.currency) },
        .field("per_item", .money) { Money(delivering: $0.option.rate.perItem, $0.currency) },
        .field("steps", .array(of: step)) { view in view.option.rate.steps.map { ($0, view.currency) } },
        .nullable("up_to", .integer) { $0.option.rate.upTo.map { Int($0) } })

    private static let step = OutputShape<(DeliveryRate.Step, Currency)>.object(
        "DeliveryRateStep",
        .field("from", .integer) { Int($0.0.from) },
        .field("price", .money) { Money(delivering: $0.0.price, $0.1) })

    private static let days = OutputShape<DeliveryOption.Days>.object(
        "Days", .field("least", .integer, \.least), .field("most", .integer, \.most))

    private static let area = OutputShape<LocalArea>.object(
        "LocalArea",
        .field("country", .text, \.country), .field("postal_codes", .array(of: .text), \.postalCodes),
        .nullable("center", position, \.center), .nullable("radius_meters", .integer, \.radiusMeters),
        .field("points", .array(of: point), \.points))

    private static let point = OutputShape<LocalArea.PostalPoint>.object(
        "PostalPoint", .field("postal_code", .text, \.postalCode), .field("position", position, \.position))

    private static let position = OutputShape<GeoPoint>.object(
        "Position", .field("latitude", .number, \.latitude), .field("longitude", .number, \.longitude))

    private static let windows = OutputShape<WindowSchedule>.object(
        "WindowSchedule",
        .field("times", .array(of: slot), \.slots), .field("lead_minutes", .integer, \.leadMinutes),
        .nullable("cutoff", cutoff, \.cutoff), .field("days_ahead", .integer, \.daysAhead))

    private static let slot = OutputShape<WindowSchedule.Slot>.object(
        "WindowTime",
        .field("weekday", .oneOf(), \.weekday), .field("starts", .text, \.starts.description),
        .field("ends", .text, \.ends.description), .field("capacity", .integer, \.capacity))

    private static let cutoff = OutputShape<WindowSchedule.Cutoff>.object(
        "WindowCutoff", .field("days_before", .integer, \.daysBefore), .field("time", .text, \.time.description))
}

extension Money {
    /// An amount of delivery settings, which are within the limits.
    init(delivering amount: Int64, _ currency: Currency) {
        self = (try? Money(amount, currency)) ?? .zero(currency)  // ignored: settings and offers are within limits
    }
}
