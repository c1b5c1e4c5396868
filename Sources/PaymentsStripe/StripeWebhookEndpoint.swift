import Primitives

/// An address that Stripe sends an account's events to.
public struct StripeWebhookEndpoint: Hashable, Sendable {
    public let url: String
    /// Stripe switches an endpoint off that has not answered for days.
    public let isEnabled: Bool
    /// Types such as `checkout.session.completed`, or `*` for all.
    public let events: [String]

    init?(_ endpoint: JSON) {
        guard let url = endpoint["url"]?.string else { return nil }
        self.url = url
        isEnabled = endpoint["status"]?.string == "enabled"
        events = endpoint["enabled_events"]?.array?.compactMap(\.string) ?? []
    }

    /// The types that are acted upon here and that are not sent there.
    public var missingEvents: [String] {
        events.contains("*") ? [] : StripeObjects.eventTypes.filter { !events.contains($0) }
    }
}
