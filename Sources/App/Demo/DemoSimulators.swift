import Logging
import Simulators

extension Demo {
    /// Where the demo plays the outside world.
    public struct SimulatedWorld: Sendable {
        /// The simulated Stripe.
        public let stripe: String
        /// The page that shows the mails.
        public let mailbox: String
    }
}

/// The outside systems of the demo, played in its own process: Stripe and a mail server.
struct DemoSimulators: Sendable {
    private static let secretKey = "sk_test_demo"
    private static let webhookSecret = "whsec_demo"
    /// How far the simulators' ports are from the shop's: Stripe, the mailbox's page, its mail server.
    static let portDistance = 10

    let world: Demo.SimulatedWorld
    /// The settings that lead to them.
    let environment: [String: String]
    private let stripe: StripeSimulator
    private let running: [RunningSimulator]

    /// Starts them.
    /// - Parameter shopPort: theirs follow at a distance; 0 takes free ones.
    static func start(host: String, shopPort: Int, logger: Logger) async throws -> DemoSimulators {
        let first = shopPort == 0 ? 0 : shopPort + portDistance
        let stripe = StripeSimulator(host: host, port: first, logger: logger)
        let mailbox = MailboxSimulator(
            host: host, port: first == 0 ? 0 : first + 1, smtpPort: first == 0 ? 0 : first + 2, logger: logger)
        let runningStripe: RunningSimulator
        do {
            runningStripe = try await stripe.start()
        } catch {
            throw Installation.refusal(for: error, host: host, port: first)
        }
        do {
            let runningMailbox = try await mailbox.start()
            let stripeURL = ListeningAddress.url(host: host, port: runningStripe.port)
            let smtp = ListeningAddress.url(host: host, port: try await mailbox.portForSMTP()).dropFirst("http".count)
            return DemoSimulators(
                world: Demo.SimulatedWorld(
                    stripe: stripeURL, mailbox: ListeningAddress.url(host: host, port: runningMailbox.port)),
                environment: [
                    "SHIPSHAPE_STRIPE_SECRET_KEY": secretKey, "SHIPSHAPE_STRIPE_WEBHOOK_SECRET": webhookSecret,
                    "SHIPSHAPE_STRIPE_API_BASE": stripeURL, "SHIPSHAPE_SMTP_URL": "smtp+insecure\(smtp)",
                    "SHIPSHAPE_SMTP_FROM": "shop@example.com",
                ], stripe: stripe, running: [runningStripe, runningMailbox])
        } catch {
            await runningStripe.stop()
            throw Installation.refusal(for: error, host: host, port: first + 1)
        }
    }

    /// Has the simulated Stripe tell the shop what happens.
    func tell(_ shop: String) async {
        await stripe.registerWebhook(
            url: shop + "/api/v1/webhooks/stripe/default", secret: Self.webhookSecret, key: Self.secretKey)
    }

    func stop() async {
        for simulator in running { await simulator.stop() }
    }
}
