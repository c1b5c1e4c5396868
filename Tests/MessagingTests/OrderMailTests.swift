import Fulfillment
import Jobs
import Logging
import Messaging
import MessagingSMTP
import Orders
import Persistence
import Primitives
import ShopWorld
import Simulators
import Stores
import TestSupport
import Testing
import UseCases

/// The mails of an order, from the order to a mail server.
struct OrderMailTests {
    /// A world with a mail server, and what carries mails to it.
    private struct Post {
        let world: World
        let mailbox: MailboxSimulator
        let delivery: OrderMailDelivery

        /// The mail's job of an order, as the database has it.
        func jobs() async throws -> [Job] {
            try await world.database.read("test.jobs") { tx in
                try tx.query(
                    "SELECT id, store_id, key, payload FROM jobs WHERE kind = 'mails.send_order_mail' ORDER BY id"
                ) { row in
                    Job(
                        id: try row[0], kind: OrderMails.sending.name, store: try row[1], key: try row[2],
                        payload: try JSON(parsing: row[3] as String), attempt: 1, failures: 0, maxAttempts: 20,
                        enqueuedAt: .ofTests, requestID: "req-1")
                }
            }
        }

        func messages() async throws -> [Message] {
            try await world.database.read("test.messages") { [world] tx in
                try Messaging.messages(MessageFilter(), of: world.store.id, after: nil, limit: 100, in: tx)
            }
        }
    }

    private func open(
        _ engine: TestEngine, route: ((MailboxSimulator) async throws -> MailRoute)? = nil,
        _ body: (Post) async throws -> Void
    ) async throws {
        try await World.open(engine) { world in
            let mailbox = MailboxSimulator(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let running = try await mailbox.start()
            let server = try #require(
                MailServerAddress("smtp+insecure://127.0.0.1:\(try await mailbox.portForSMTP())"))
            let from = try #require(EmailAddress("orders@shop.example"))
            let chosen = try await route?(mailbox) ?? .server(SMTPTransport(server: server), from: from)
            let delivery = OrderMailDelivery(database: world.database, route: chosen, clock: world.clock) { order, _ in
                "https://shop.example/orders/\(order)/token"
            }
            try await body(Post(world: world, mailbox: mailbox, delivery: delivery))
            await running.stop()
        }
    }

    private func order(_ world: World) async throws -> Order {
        let tart = try await world.variant("Tarte à l'oignon <b>", price: 1250)
        return try await world.place(try await world.checkout([(tart, 2)]).id).order
    }

    @Test(arguments: TestEngine.available)
    func `a customer gets one mail that an order was received`(_ engine: TestEngine) async throws {
        try await open(engine) { post in
            let order = try await order(post.world)
            let jobs = try await post.jobs()
            #expect(jobs.map(\.key) == ["order_received:\(order.id)"])
            // Whatever is done again, the message is one, and the mail goes out once.
            for _ in 0..<3 { try await post.delivery.run(jobs[0]) }

            let mails = await post.mailbox.messages()
            #expect(mails.count == 1)
            #expect(mails[0]["recipients"] == ["zoë@example.com"])
            #expect(mails[0]["subject"] == "Your order #1001 at Mayas Lädchen")
            let text = try #require(mails[0]["text"]?.string)
            #expect(text.contains("Hello Zoë Wölfle,"))
            #expect(text.contains("2 × Tarte à l'oignon <b>  £25.00"))
            #expect(text.contains("Total: £25.00"))
            #expect(text.contains("You pay £25.00 in cash when it is delivered."))
            #expect(text.contains("3 Quay Row"))
            #expect(text.contains("https://shop.example/orders/\(order.id)/token"))
            let html = try #require(mails[0]["html"]?.string)
            #expect(
                html.contains("2 × Tarte à l&#39;oignon &lt;b&gt;") || html.contains("2 × Tarte à l'oignon &lt;b&gt;"))
            let messages = try await post.messages()
            #expect(messages.map(\.status) == [.sent])
            #expect(messages[0].attempts == 1)
            #expect(messages[0].messageID == mails[0]["message_id"]?.string)
            #expect(messages[0].messageID == "<\(messages[0].id)@shop.example>")
            #expect(messages[0].order == order.id)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order without an address owes no mail`(_ engine: TestEngine) async throws {
        try await open(engine) { post in
            var contact = World.contact
            contact.email = nil
            contact.phone = PhoneNumber("+441234567890")
            let tart = try await post.world.variant()
            let checkout = try await post.world.checkout([(tart, 1)], contact: contact)
            _ = try await post.world.place(checkout.id)
            #expect(try await post.jobs().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `each parcel is told once with what is in it`(_ engine: TestEngine) async throws {
        try await open(engine) { post in
            let order = try await order(post.world)
            for _ in 0..<2 {
                let delivery = OrderFulfillment(
                    store: post.world.store.id, order: order.id,
                    lines: [FulfilledLine(line: order.lines[0].id, quantity: 1)], trackingNumber: "GB123",
                    actor: .operatorConsole, requestID: nil)
                _ = try await post.world.database.write("test.fulfill") { tx in try delivery.run(in: tx) }
            }
            let jobs = try await post.jobs()
            #expect(jobs.count == 3)
            for job in jobs { try await post.delivery.run(job) }
            let parcels = await post.mailbox.messages().filter { $0["subject"]?.string?.contains("on its way") == true }
            #expect(parcels.count == 2)
            #expect(parcels[0]["text"]?.string?.contains("1 × Tarte") == true)
            #expect(parcels[0]["text"]?.string?.contains("Tracking number: GB123") == true)
            #expect(parcels[0]["text"]?.string?.contains("Total") == false)
            #expect(parcels[0]["message_id"] != parcels[1]["message_id"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a mail that the server cannot take now is tried again under the same Message-ID`(
        _ engine: TestEngine
    ) async throws {
        try await open(engine) { post in
            _ = try await order(post.world)
            let job = try await post.jobs()[0]
            await post.mailbox.add(MailFault(.recipient, answer: "451 4.3.0 Later, please"))
            await #expect(throws: MailRefusal.self) { try await post.delivery.run(job) }
            let waiting = try await post.messages()[0]
            #expect(waiting.status == .pending)
            #expect(waiting.attempts == 1)
            #expect(waiting.error == "The mail server refused the recipient: 451 4.3.0 Later, please")
            #expect(await post.mailbox.messages().isEmpty)

            try await post.delivery.run(job)
            let sent = try await post.messages()[0]
            #expect(sent.status == .sent)
            #expect(sent.attempts == 2)
            #expect(sent.error == "")
            #expect(sent.messageID == waiting.messageID)
            #expect(await post.mailbox.messages().count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a connection that breaks leaves the mail pending`(_ engine: TestEngine) async throws {
        try await open(engine) { post in
            _ = try await order(post.world)
            let job = try await post.jobs()[0]
            for stage in MailFault.Stage.allCases {
                await post.mailbox.add(MailFault(stage, answer: "drop"))
                await #expect(throws: MailRefusal.self) { try await post.delivery.run(job) }
            }
            #expect(try await post.messages().map(\.status) == [.pending])
            try await post.delivery.run(job)
            #expect(try await post.messages().map(\.status) == [.sent])
            #expect(await post.mailbox.messages().count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a mail that the server will never take is written down as failed`(_ engine: TestEngine) async throws {
        try await open(engine) { post in
            _ = try await order(post.world)
            let job = try await post.jobs()[0]
            await post.mailbox.add(MailFault(.content, answer: "554 5.7.1 Spam"))
            for _ in 0..<2 { try await post.delivery.run(job) }
            let message = try await post.messages()[0]
            #expect(message.status == .failed)
            #expect(message.attempts == 1)
            #expect(message.error == "The mail server refused the mail: 554 5.7.1 Spam")
            #expect(message.sentAt == nil)
            #expect(await post.mailbox.messages().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `without a mail server the message is kept with the reason`(_ engine: TestEngine) async throws {
        try await open(engine, route: { _ in .none(reason: "No mail server is set.") }) { post in
            _ = try await order(post.world)
            try await post.delivery.run(try await post.jobs()[0])
            let message = try await post.messages()[0]
            #expect(message.status == .notSent)
            #expect(message.error == "No mail server is set.")
            #expect(message.messageID == "")
            // What nobody sends is not written either.
            #expect(message.subject == "" && message.text == "" && message.html == "")
            #expect(await post.mailbox.messages().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `of two that settle a message one does`(_ engine: TestEngine) async throws {
        try await open(engine) { post in
            _ = try await order(post.world)
            try await post.delivery.run(try await post.jobs()[0])
            let message = try await post.messages()[0]
            let late = SettleMessage(store: message.store, message: message.id, outcome: .failed(reason: "late"))
            #expect(try await post.world.database.write("test.settle") { tx in try late.run(in: tx) } == false)
            #expect(try await post.messages() == [message])
            let other = try await post.world.anotherStore()
            let found = try await post.world.database.read("test.leak") { tx in
                try Messaging.message(message.id, of: other.id, in: tx)
            }
            #expect(found == nil)
        }
    }
}

struct MessageStatusTests {
    @Test func `what is settled stays settled`() {
        let table = MessageStatus.transitions
        #expect(Set(table.targets.keys) == Set(MessageStatus.allCases))
        #expect(table.initial.union(table.targets.values.joined()) == Set(MessageStatus.allCases))
        for status in MessageStatus.allCases where status != .pending {
            #expect(MessageStatus.allCases.allSatisfy { !table.allows(status, $0) })
        }
    }
}
