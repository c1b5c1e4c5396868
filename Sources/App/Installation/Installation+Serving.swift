import EventLog
import HTTPServer
import Logging
import NIOCore
import Orders
import Persistence
import Primitives
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Installation {
    /// Serves HTTP until SIGTERM or SIGINT, then finishes what is under way. On SQLite it also runs the jobs and the
    /// console; on PostgreSQL `work` does.
    /// - Parameters:
    ///   - migrates: runs pending migrations first; without, they are a refusal.
    ///   - onListening: told the address once connections are accepted.
    public func serve(
        host: String, port: Int, migrates: Bool, onListening: @escaping @Sendable (String) async -> Void = { _ in }
    ) async throws {
        if migrates { try await migrate() }
        try await requireMigrated()
        let probe = HealthProbe(database: database, clock: clock, logger: logger)
        let feed = EventFeed(database: database, clock: clock, logger: logger)
        let payments = try await paymentDesk()
        let address = ListeningAddress()
        let (endpoints, authenticator) = try await api(feed: feed, desk: payments, address: address)
        let pages = pages(
            tokens: OrderTokens(key: try await masterKey()), feed: feed, desk: payments, address: address)
        var server = ServerSettings(host: host, port: port)
        server.mostConnections = settings.mostConnections
        server.trustedProxies = settings.trustedProxies
        server.version = Self.version
        server.publicOrigin = settings.publicURL
        var services: [any Service] = [feed, probe]
        if case .sqlite(let path) = settings.database {
            services += try await workers(payments, address: address)
            services.append(
                ConsoleServer(
                    path: try ConsolePlace.socket(ofDatabase: path),
                    desk: desk(address: address), logger: logger))
        }
        let logger = logger
        services.append(
            try HTTPServer(
                endpoints + pages.endpoints, authenticator: authenticator, health: probe.health, settings: server,
                clock: clock, accessLog: logs.accessLog, logger: logger, problemPage: pages.problemPage,
                onListening: { port in
                    let url = address.set(host: host, port: port)
                    logger.info("Listening.", metadata: ["address": "\(url)"])
                    await onListening(url)
                }))
        do {
            try await run(services)
        } catch {
            throw Self.refusal(for: error, host: host, port: port)
        }
    }

    /// Runs the jobs and the sequencer until SIGTERM or SIGINT, then drains.
    public func work() async throws {
        guard case .postgres = settings.database else {
            throw Refusal("On SQLite `serve` runs the jobs too: there is nothing for `work` to do.")
        }
        try await requireMigrated()
        let payments = try await paymentDesk()
        logger.info("Working.")
        try await run(try await workers(payments))
    }

    private func run(_ services: [any Service]) async throws {
        let report = QueueReport(database: database, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [report] + services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(settings.drainSeconds)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError where !Task.isCancelled {
            throw Refusal(
                "What was still under way \(Int(settings.drainSeconds)) s after the stop was cut off: see "
                    + "SHIPSHAPE_DRAIN_SECONDS.")
        }
    }

    static func refusal(for error: any Error, host: String, port: Int) -> any Error {
        if error is SocketAddressError.UnknownHost {
            return Refusal("The host \(host) is not known: choose another with --host.")
        }
        guard let error = error as? IOError else { return error }
        switch error.errnoCode {
        case EADDRINUSE:
            return Refusal("Port \(port) of \(host) is taken: stop what uses it, or choose another with --port.")
        case EACCES:
            return Refusal("Port \(port) needs rights that this user lacks: choose one above 1023 with --port.")
        case EADDRNOTAVAIL: return Refusal("This machine has no address \(host): choose another with --host.")
        default: return error
        }
    }
}
