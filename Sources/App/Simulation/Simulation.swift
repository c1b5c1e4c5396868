import Logging
import Observability
import Primitives
import ServiceLifecycle
import Simulators
import UnixSignals

/// The simulators of outside systems, as one process of their own.
public struct Simulation: Sendable {
    /// Where each simulator is reached.
    public struct Addresses: Sendable {
        /// Of the simulated Stripe: its interface under `/v1` and its pages.
        public let stripe: String
        /// Of the page that shows the mails.
        public let mailbox: String
        /// Of the mail server, as `SHIPSHAPE_SMTP_URL` takes it.
        public let smtp: String
    }

    private let host: String
    private let port: Int
    private let logger: Logger

    /// - Parameters:
    ///   - port: of the simulated Stripe; those of the others follow. 0 takes free ones.
    public init(host: String, port: Int, settings: Settings) {
        self.host = host
        self.port = port
        logger = Logs(settings, quiet: true).logger
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Parameter onListening: told the addresses once all of them accept connections.
    public func run(onListening: @escaping @Sendable (Addresses) async -> Void) async throws {
        let host = host
        let (arrivals, arrival) = AsyncStream.makeStream(of: Arrival.self)
        let stripe = StripeSimulator(
            host: host, port: port, logger: logger, onListening: { arrival.yield(.stripe($0)) })
        let mailbox = MailboxSimulator(
            host: host, port: port == 0 ? 0 : port + 1, smtpPort: port == 0 ? 0 : port + 2, logger: logger,
            onListening: { arrival.yield(.mailbox($0)) })
        var configuration = ServiceGroupConfiguration(
            services: [stripe, mailbox], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(5)
        let group = ServiceGroup(configuration: configuration)
        async let telling: Void = Self.tell(arrivals, host: host, onListening)
        do {
            try await group.run()
            arrival.finish()
        } catch {
            arrival.finish()
            throw Installation.refusal(for: error, host: host, port: port)
        }
        await telling
    }

    private enum Arrival: Sendable {
        case stripe(Int)
        case mailbox(MailboxSimulator.Ports)
    }

    private static func tell(
        _ arrivals: AsyncStream<Arrival>, host: String, _ onListening: @Sendable (Addresses) async -> Void
    ) async {
        var stripe: Int?
        var mailbox: MailboxSimulator.Ports?
        for await arrival in arrivals {
            switch arrival {
            case .stripe(let port): stripe = port
            case .mailbox(let ports): mailbox = ports
            }
            guard let stripe, let mailbox else { continue }
            let web = ListeningAddress.url(host: host, port: mailbox.web)
            let smtp = ListeningAddress.url(host: host, port: mailbox.smtp).dropFirst("http".count)
            await onListening(
                Addresses(
                    stripe: ListeningAddress.url(host: host, port: stripe), mailbox: web, smtp: "smtp+insecure\(smtp)"))
        }
    }
}
