import HTTPServer
import Orders
import Pricing
import Primitives
import UseCases

/// A method that a checkout can be delivered by, as it is answered.
struct DeliveryOfferView: Sendable {
    let offer: DeliveryOffer
    let windows: [DeliveryQuote.OfferedWindow]
    let currency: Currency

    static let shape = OutputShape<DeliveryOfferView>.object(
        "DeliveryMethod",
        .field("id", .text, \.offer.id),
        .field("title", .text, \.offer.title),
        .field("description", .text, \.offer.details),
        .field("kind", .oneOf(), \.offer.kind),
        .field("price", .money) { Money(delivering: $0.offer.priceMinorUnits, $0.currency) },
        .nullable("estimate", estimate, \.offer.estimate),
        .nullable("location", location, \.offer.location),
        .field("windows", .array(of: DeliveryQuote.OfferedWindow.output), \.windows))

    private static let estimate = OutputShape<DeliveryEstimate>.object(
        "DeliveryEstimate",
        .field("earliest", .text, \.earliest.description), .field("latest", .text, \.latest.description))

    private static let location = OutputShape<PickupLocation>.object(
        "OfferedPickupLocation",
        .field("title", .text, \.title), .field("address", .array(of: .text), \.address),
        .field("opening_hours", .array(of: hours), \.hours), .field("note", .text, \.note))

    private static let hours = OutputShape<PickupLocation.Hours>.object(
        "OfferedOpeningHours",
        .field("weekday", .oneOf(), \.weekday), .field("opens", .text, \.opens.description),
        .field("closes", .text, \.closes.description))
}

extension DeliveryQuote.OfferedWindow {
    static let output = OutputShape<DeliveryQuote.OfferedWindow>.object(
        "DeliveryWindow",
        .field("id", .text, \.window.id), .field("starts_at", .instant, \.window.startsAt),
        .field("ends_at", .instant, \.window.endsAt), .field("date", .text, \.window.date.description),
        .field("available", .integer, \.available))
}

extension WithheldDelivery {
    static let output = OutputShape<(WithheldDelivery, Currency)>.object(
        "WithheldDeliveryMethod",
        .field("id", .text, \.0.id), .field("title", .text, \.0.title), .field("reason", .oneOf(), \.0.reason),
        .field("detail", .text) { DeliveryQuote.sentence($0.0.reason) },
        .nullable("minimum_order", .money) { withheld, currency in
            withheld.minimumMinorUnits.map { Money(delivering: $0, currency) }
        })
}

extension OrderDelivery {
    static let output = OutputShape<OrderDelivery>.object(
        "OrderDelivery",
        .field("title", .text, \.title), .field("time_zone", .text, \.timeZone),
        .nullable("window", windowShape, \.window), .nullable("earliest", .text, \.earliest),
        .nullable("latest", .text, \.latest), .nullable("pickup", pickupShape, \.pickup))

    private static let windowShape = OutputShape<Window>.object(
        "OrderDeliveryWindow",
        .field("id", .text, \.id), .field("starts_at", .instant, \.startsAt), .field("ends_at", .instant, \.endsAt))

    private static let pickupShape = OutputShape<Pickup>.object(
        "OrderPickup",
        .field("title", .text, \.title), .field("address", .array(of: .text), \.address),
        .field("note", .text, \.note))
}

/// The window that an order moves to.
struct NewOrderWindow: Sendable {
    let window: WindowKey

    static let shape = InputShape<NewOrderWindow>.object(
        "NewOrderWindow", .required("delivery_window", .windowKey)
    ) { NewOrderWindow(window: $0) }
}

extension InputShape where Value == WindowKey {
    /// A window's id as it was answered.
    static var windowKey: InputShape {
        InputShape<String>.text(
            1...100, pattern: "^[a-z0-9-]{1,60}\\.[0-9]{1,11}$", expected: "The id of a delivery window is expected.",
            isAccepted: { text in
                text.utf8.allSatisfy { byte in
                    (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46
                } && WindowKey(text) != nil
            }
        ).map { text throws(Problem) in
            guard let key = WindowKey(text) else { throw Problem.validation("", "format", "This is no window's id.") }
            return key
        }
    }
}
