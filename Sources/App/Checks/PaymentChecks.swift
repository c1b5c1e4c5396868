import Payments
import PaymentsStripe
import Persistence
import Primitives
import Readiness

extension Check {
    /// PAY-01: providers are real ones, know where to send their webhooks, these arrive, and what arrives is acted
    /// upon.
    /// - Parameters:
    ///   - running: where the running server takes Stripe to be; nil for what the settings say.
    ///   - masterKey: what the accounts' credentials are sealed with.
    static func paymentProviders(
        _ settings: Settings, at running: String?, masterKey: @escaping @Sendable () async throws -> Secret
    ) -> Check {
        Check(
            "PAY-01", "payment providers and their webhooks", .blocker, modes: [.introspection, .probe],
            validity: .hours(24)
        ) { context in
            let (traffic, waiting) = try await context.database.read("readiness.webhooks") { tx in
                (try Payments.traffic(in: tx), try Payments.unprocessedEvents(in: tx))
            }
            let address =
                running ?? settings.text(SettingCatalogue.stripeAPIBase) ?? StripeProvider.officialAddress
            let isReal = Origin(address)?.text == StripeProvider.officialAddress
            // A live key goes to nobody else, not even to be judged.
            let asked =
                context.isProduction && !isReal
                ? .init()
                : await StripeRegistrations(
                    address: address, origin: Origin(settings.publicURL ?? context.baseURL ?? "")?.text ?? ""
                ).ask(about: traffic.map(\.connection), masterKey: masterKey)
            let now = context.clock.now()
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
                    Measure("stripe_address", address), Measure("registered", asked.registered),
                ] + ages
            let threshold = [
                Measure("without_events", 0), Measure("oldest_unprocessed_seconds", "below 60"),
                Measure("stripe_address", context.isProduction ? StripeProvider.officialAddress : "any"),
                Measure("registered", traffic.count),
            ]
            func finding(_ verdict: CheckVerdict, _ sentence: String) -> Finding {
                Finding(verdict, sentence, measured: measured, threshold: threshold, level: .observed)
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
            if let silence = asked.silence, asked.fault == nil, context.isProduction { return .unknown(silence) }
            if let fault = asked.fault ?? asked.silence { return finding(context.isProduction ? .fail : .warn, fault) }
            if let first = silent.first {
                return finding(
                    context.isProduction ? .fail : .warn,
                    "No event has ever arrived at \(StripeRegistrations.path(of: first)): let Stripe send one.")
            }
            return finding(.pass, "Webhooks arrive over every connection, and none waits long.")
        }
    }
}

/// Whether Stripe knows where its webhooks belong, asked at Stripe with each account's own key.
struct StripeRegistrations {
    /// Where Stripe's API is.
    let address: String
    /// Where this installation is reached.
    let origin: String

    struct Answer {
        /// Connections whose address is registered with every event that matters.
        var registered = 0
        /// What is wrong with the first of the others, as a sentence.
        var fault: String?
        /// Why nothing is known about some.
        var silence: String?
    }

    func ask(about connections: [ProviderConnection], masterKey: () async throws -> Secret) async -> Answer {
        var answer = Answer()
        let provider = StripeProvider(address: address)
        for connection in connections where connection.provider == provider.name {
            do {
                let credentials = try connection.credentials(.forProviders(masterKey: try await masterKey()))
                let endpoints = try await provider.webhookEndpoints(with: credentials)
                if let fault = fault(of: connection, among: endpoints) {
                    answer.fault = answer.fault ?? fault
                } else {
                    answer.registered += 1
                }
            } catch let failure as ProviderFault {
                answer.silence =
                    "Stripe did not say where it sends the webhooks of \(connection.name): \(failure.code)."
            } catch {
                answer.fault =
                    answer.fault
                    ?? "The credentials of \(connection.name) cannot be read: \(Refusal.sentence(for: error))"
            }
        }
        return answer
    }

    private func fault(of connection: ProviderConnection, among endpoints: [StripeWebhookEndpoint]) -> String? {
        let url = origin + Self.path(of: connection)
        let ours = endpoints.filter { $0.url == url || $0.url == origin + Self.path(of: connection, as: nil) }
        guard !ours.isEmpty else { return "Stripe does not know \(url): register it there as a webhook endpoint." }
        let enabled = ours.filter(\.isEnabled)
        guard let first = enabled.first else {
            return "Stripe has switched the webhook endpoint \(url) off: switch it on there."
        }
        let missing = first.missingEvents.filter { type in enabled.allSatisfy { $0.missingEvents.contains(type) } }
        guard missing.isEmpty else {
            return "Stripe does not send \(missing.joined(separator: ", ")) to \(url): add them there."
        }
        return nil
    }

    /// The connection called `default` is reached by that name, and every one by its id.
    static func path(of connection: ProviderConnection) -> String {
        path(of: connection, as: connection.name == ProviderConnection.defaultName ? connection.name : nil)
    }

    private static func path(of connection: ProviderConnection, as name: String?) -> String {
        "/api/v1/webhooks/\(connection.provider)/\(name ?? connection.id.description)"
    }
}
