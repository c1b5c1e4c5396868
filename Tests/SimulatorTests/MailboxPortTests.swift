import Logging
import Simulators
import Testing

struct MailboxPortTests {
    @Test func `a mailbox one of whose ports is taken ends, and gives the other back`() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let first = try await MailboxSimulator(logger: logger).start()
        let taken = first.port
        // Neither the page nor the mail server keeps the other one running.
        await #expect(throws: (any Error).self) { try await MailboxSimulator(port: taken, logger: logger).run() }
        await #expect(throws: (any Error).self) { try await MailboxSimulator(smtpPort: taken, logger: logger).run() }
        await first.stop()
    }
}
