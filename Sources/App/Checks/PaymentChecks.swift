import Payments
import PaymentsStripe
import Persistence
import Primitives
import Readiness

extension Check {
    /// PAY-01: providers are real ones, their webhooks arrive, and what arrives is acted upon. That the endpoint is
    /// registered at the provider would be the probe.
    static func paymentProviders(_ settings: Settings) -> Check {
        Check(
            "PAY-01", "payment providers and their webhooks", .blocker, modes: [.introspection, .probe],
            validity: .hours(24)
        ) { context in
            let (traffic, waiting) = try await context.database.read("readiness.webhooks") { tx in
                (try Payments.traffic(in: tx), try Payments.unprocessedEvents(in: tx))
            }
            let now = context.clock.now()
            let address = settings.text(SettingCatalogue.stripeAPIBase) ?? StripeProvider.officialAddress
            let isReal = Origin(address)?.text == StripeProvider.officialAddress
            let oldest = waiting.oldestAt.map { Int(max(0, now.seconds(since: $0))) } ?? 0
            let silent = traffic.filter { $0.newestAt == nil }.map(\.connection)
            let ages = traffic.compactMap { entry in
                entry.newestAt.map { newest in
                    Measure(
                        "\(entry.connection.provider)/\(entry.connection.name) newest_event_seconds",
                        Int(max(0, now.seconds(since: newest))))
                }
            }
            let measured =
                [
                    Measure("connections", traffic.count), Measure("without_events", silent.count),
                    Measure("unprocessed", waiting.count), Measure("oldest_unprocessed_seconds", oldest),
                    Measure("stripe_address", address),
                ] + ages
            let threshold = [
                Measure("without_events", 0), Measure("oldest_unprocessed_seconds", "below 60"),
                Measure("stripe_address", context.isProduction ? StripeProvider.officialAddress : "any"),
            ]
            func finding(_ verdict: CheckVerdict, _ sentence: String) -> Finding {
                Finding(verdict, sentence, measured: measured, threshold: threshold)
            }
            if context.isProduction, !isReal {
                return finding(.fail, "Card payments go to \(address), which is not Stripe.")
            }
            if oldest >= 60 {
                return finding(.fail, "An event of a provider has been waiting for \(oldest) s: nothing acts upon it.")
            }
            if traffic.isEmpty {
                return finding(.pass, "No provider is connected: nobody pays by card.")
            }
            if let first = silent.first {
                let place = "/api/v1/webhooks/\(first.provider)/"
                let name = first.name == ProviderConnection.defaultName ? first.name : first.id.description
                return finding(
                    context.isProduction ? .fail : .warn,
                    "No event has ever arrived at \(place)\(name): register that address at \(first.provider).")
            }
            return finding(.pass, "Webhooks arrive over every connection, and none waits long.")
        }
    }
}
