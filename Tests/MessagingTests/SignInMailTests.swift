import Identity
import Jobs
import Logging
import Messaging
import MessagingSMTP
import Persistence
import Primitives
import ShopWorld
import Simulators
import Stores
import TestSupport
import Testing
import UseCases

/// Sign-in links by e-mail.
struct SignInMailTests {
    private func open(
        _ engine: TestEngine, _ body: (World, MailboxSimulator, SignInMails) async throws -> Void
    ) async throws {
        try await World.open(engine) { world in
            let mailbox = MailboxSimulator(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let running = try await mailbox.start()
            let server = try #require(
                MailServerAddress("smtp+insecure://127.0.0.1:\(try await mailbox.portForSMTP())"))
            let from = try #require(EmailAddress("orders@shop.example"))
            let mails = SignInMails(
                database: world.database, route: .server(SMTPTransport(server: server), from: from),
                clock: world.clock
            ) { "https://shop.example" }
            let owner = OpenAccount(
                store: world.store.id, email: EmailAddress("maya@shop.example"), actor: .operatorConsole)
            _ = try await world.database.write("test.account") { tx in try owner.run(in: tx) }
            try await body(world, mailbox, mails)
            await running.stop()
        }
    }

    /// The jobs that asking has left.
    private func jobs(_ world: World) async throws -> [Job] {
        try await world.database.read("test.jobs") { tx in
            try tx.query("SELECT id, payload FROM jobs WHERE kind = 'identity.mail_sign_in_link' ORDER BY id") { row in
                Job(
                    id: try row[0], kind: SignInMails.sending.name, store: nil, key: nil,
                    payload: try JSON(parsing: row[1] as String), attempt: 1, failures: 0, maxAttempts: 4,
                    enqueuedAt: .ofTests, requestID: "req-1")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `the owner gets a link that works`(_ engine: TestEngine) async throws {
        try await open(engine) { world, mailbox, mails in
            let address = try #require(EmailAddress("maya@shop.example"))
            try await mails.request(for: address, requestID: "req-1")
            let job = try #require(try await jobs(world).first)
            #expect(job.payload == ["email": "maya@shop.example"])
            try await mails.run(job)
            let mail = try #require(await mailbox.messages().first)
            #expect(mail["recipients"] == ["maya@shop.example"])
            let text = try #require(mail["text"]?.string)
            let line = try #require(text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("https://") })
            let link = String(line).replacing("https://shop.example/dashboard/sign-in/", with: "")
            #expect(try await world.database.read("test.link") { tx in try Identity.isUsable(link: link, in: tx) })
            #expect(mail["html"]?.string?.contains(String(line)) == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a stranger leaves the same job and gets nothing`(_ engine: TestEngine) async throws {
        try await open(engine) { world, mailbox, mails in
            let address = try #require(EmailAddress("otto@elsewhere.example"))
            try await mails.request(for: address, requestID: "req-1")
            let job = try #require(try await jobs(world).first)
            try await mails.run(job)
            #expect(await mailbox.messages().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a mail that the server refuses uses no link up`(_ engine: TestEngine) async throws {
        try await open(engine) { world, mailbox, mails in
            let address = try #require(EmailAddress("maya@shop.example"))
            try await mails.request(for: address, requestID: "req-1")
            let job = try #require(try await jobs(world).first)
            await mailbox.add(MailFault(.content, answer: "451 4.3.0 Later.", count: Identity.mostLinks + 2))
            for _ in 0..<(Identity.mostLinks + 2) {
                await #expect(throws: MailRefusal.self) { try await mails.run(job) }
            }
            let kept = try await world.database.read("test.links") { tx in
                try tx.first("SELECT COUNT(*) FROM sign_in_links") { try $0[0] as Int }
            }
            #expect(kept == 0)
            try await mails.run(job)
            #expect(await mailbox.messages().count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an address is not flooded with links`(_ engine: TestEngine) async throws {
        try await open(engine) { world, mailbox, mails in
            let address = try #require(EmailAddress("maya@shop.example"))
            for _ in 0..<8 { try await mails.request(for: address, requestID: "req-1") }
            for job in try await jobs(world) { try await mails.run(job) }
            #expect(await mailbox.messages().count == Identity.mostLinks)
        }
    }
}
