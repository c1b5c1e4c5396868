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
        let stripe = StripeSimulator(
            host: host, port: port, logger: logger,
            onListening: { port in
                await onListening(Addresses(stripe: ListeningAddress().set(host: host, port: port)))
            })
        var configuration = ServiceGroupConfiguration(
            services: [stripe], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(5)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            throw Installation.refusal(for: error, host: host, port: port)
        }
    }
}
