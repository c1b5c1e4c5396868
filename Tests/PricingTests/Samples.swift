import Pricing
import Primitives
import Testing

extension Instant {
    /// A moment in a test, such as `2026-01-15T09:30:00Z`.
    static func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }
}

extension CivilDate {
    static func on(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
}

extension TimeOfDay {
    static func at(_ text: String) throws -> TimeOfDay { try #require(TimeOfDay(text)) }
}

extension GeoPoint {
    static func of(_ latitude: Double, _ longitude: Double) throws -> GeoPoint {
        try #require(GeoPoint(latitude: latitude, longitude: longitude))
    }
}

extension DeliveryBasket {
    /// A basket of so much.
    static func of(grams: Int64 = 0, units: Int64 = 1, value: Int64 = 1000) -> DeliveryBasket {
        DeliveryBasket(weightGrams: grams, quantity: units, valueMinorUnits: value)
    }
}

/// Settings of a store in London that are right; tests change what they are about.
func settings(
    _ options: DeliveryOption..., zone: String = "Europe/London", zones: [DeliveryZone]? = nil,
    locations: [PickupLocation] = []
) -> DeliverySettings {
    DeliverySettings(
        timeZone: zone,
        zones: zones ?? [DeliveryZone(id: "everywhere", title: "Everywhere", isEverywhereElse: true)],
        locations: locations, options: options)
}

/// Shipping to everywhere at a rate.
func shipping(_ rate: DeliveryRate = .flat(0), id: String = "standard", zones: [String] = ["everywhere"])
    -> DeliveryOption
{
    DeliveryOption(id: id, title: id, kind: .shipping, zones: zones, rate: rate)
}
