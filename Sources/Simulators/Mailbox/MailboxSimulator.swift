public import Logging
public import Primitives
import ServiceLifecycle

/// Plays a mail server that takes every mail and passes none on, with a page that shows them and
/// `/api/messages` for tests. It keeps the last 500 mails in memory.
public struct MailboxSimulator: Simulator {
    /// Where it listens.
    public struct Ports: Hashable, Sendable {
        public let web: Int
        public let smtp: Int
    }

    private let host: String
    private let port: Int
    private let smtpPort: Int
    private let rules: SMTPDialogue.Rules
    private let logger: Logger
    private let onListening: @Sendable (Ports) async -> Void
    private let box: Mailbox
    private let web = Listening()
    private let smtp = Listening()

    /// - Parameters:
    ///   - port: of the page; 0 takes a free one.
    ///   - smtpPort: of the mail server; 0 takes a free one.
    ///   - user: with `password`, what AUTH has to bring; nil offers no AUTH.
    public init(
        host: String = "127.0.0.1", port: Int = 0, smtpPort: Int = 0, user: String? = nil, password: String? = nil,
        clock: any Clock = SystemClock(), logger: Logger,
        onListening: @escaping @Sendable (Ports) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.smtpPort = smtpPort
        self.logger = logger
        self.onListening = onListening
        var rules = SMTPDialogue.Rules()
        rules.user = user
        rules.password = password
        self.rules = rules
        box = Mailbox(clock: clock)
    }

    /// Has it refuse the next mails.
    public func add(_ fault: MailFault) async { await box.add(fault) }

    /// The port for SMTP, once it listens.
    public func portForSMTP() async throws -> Int { try await smtp.port() }

    /// What came, as `/api/messages` has it, the newest first.
    public func messages(to recipient: String? = nil) async -> [JSON] {
        await box.list(to: recipient).map(\.json)
    }

    /// Runs until a graceful shutdown. A simulator runs once.
    public func run() async throws {
        let (web, smtp, onListening) = (web, smtp, onListening)
        let pages = MailboxPages(box: box)
        let server = SMTPServer(
            host: host, port: smtpPort, rules: rules, box: box,
            onListening: { port in
                await smtp.announce(port)
            })
        let site = WebServer(
            host: host, port: port, mostBodyBytes: 1 << 16, logger: logger,
            onListening: { port in
                // ignored: when the mail server cannot listen, its error ends the whole simulator
                guard let smtpPort = try? await smtp.port() else { return }
                await web.announce(port)
                await onListening(Ports(web: port, smtp: smtpPort))
            },
            respond: { await pages.respond($0) })
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await server.run()
                    } catch {
                        await smtp.fail(error)
                        throw error
                    }
                }
                group.addTask { try await site.run() }
                // The first that fails ends the other, which `waitForAll` would wait for.
                for try await _ in group {}
            }
        } catch {
            await web.fail(error)
            await smtp.fail(error)
            throw error
        }
    }

    public func start() async throws -> RunningSimulator {
        try await RunningSimulator(self, listening: web, logger: logger)
    }
}
