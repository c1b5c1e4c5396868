import Fulfillment
public import Jobs
public import Messaging
import Orders
public import Persistence
public import Primitives
import Stores

/// Carries out the jobs of `OrderMails`: writes each mail down once, hands it over, and writes down what became of it.
///
/// Between the mail server's word and ours a process may die; then the mail goes out again, with the same Message-ID.
/// SMTP allows no more: a server that has taken a mail cannot be asked whether it has.
public struct OrderMailDelivery: Sendable {
    /// The address of an order's page, absolute; nil while nobody knows where this installation is reached.
    public typealias OrderLink = @Sendable (OrderID, StoreID) -> String?

    private let database: any Database
    private let route: MailRoute
    private let clock: any Clock
    private let link: OrderLink

    public init(database: any Database, route: MailRoute, clock: any Clock, link: @escaping OrderLink) {
        self.database = database
        self.route = route
        self.clock = clock
        self.link = link
    }

    /// What is done for the jobs of mails. Where nobody sends any there is nothing to do outside the database, and
    /// the orders that are placed meanwhile should not notice.
    public var jobHandlers: [JobHandler] {
        switch route {
        case .server: [.effect(OrderMails.sending) { job, _ in try await run(job) }]
        case .none(let reason):
            [.transactional(OrderMails.sending) { job, tx in try keep(OwedMail(job), unsentBecause: reason, in: tx) }]
        }
    }

    /// Works on one job.
    /// - Throws: `MailRefusal` when the mail has to be tried again.
    public func run(_ job: Job) async throws {
        let owed = try OwedMail(job)
        switch route {
        case .server(let transport, let from): try await send(owed, from: from, by: transport)
        case .none(let reason):
            try await database.write("mails.keep") { tx in try keep(owed, unsentBecause: reason, in: tx) }
        }
    }

    /// The mail that a job is about.
    private struct OwedMail: Sendable {
        let store: StoreID
        let order: OrderID
        let occasion: OrderMails.Occasion
        let fulfillment: FulfillmentID?

        init(_ job: Job) throws {
            guard let store = job.store, let order = job.payload["order_id"]?.identifier(IdentifierKinds.Order.self),
                let occasion = job.payload["occasion"]?.string.flatMap(OrderMails.Occasion.init(rawValue:))
            else { throw JobRefusal("The payload names no mail.") }
            self.store = store
            self.order = order
            self.occasion = occasion
            fulfillment = job.payload["fulfillment_id"]?.identifier(IdentifierKinds.Fulfillment.self)
        }

        /// What there is one mail of.
        var key: String { OrderMails.key(occasion, order, fulfillment) }
    }

    /// A mail that nobody sends is not written either: that it was owed, and why it stayed, is all there is to know.
    private func keep(_ owed: OwedMail, unsentBecause reason: String, in tx: borrowing Transaction) throws {
        guard let recipient = try Orders.email(of: owed.order, store: owed.store, in: tx) else { return }
        let draft = MessageDraft(
            kind: owed.occasion.rawValue, dedupeKey: owed.key, order: owed.order, recipient: recipient,
            subject: HeaderText(cleaning: ""),
            text: "", html: "")
        _ = try RecordMessage(store: owed.store, draft, notSentBecause: reason).run(in: tx)
    }

    private func send(_ owed: OwedMail, from: EmailAddress, by transport: any MailTransport) async throws {
        let store = owed.store
        let message = try await database.write("mails.record") { tx in
            try record(owed, from: from, in: tx)
        }
        guard let message, message.status == .pending else { return }
        let storeName = try await database.read("mails.store") { tx in try Stores.store(store, in: tx)?.name ?? "" }
        let mail = Mail(
            from: from, fromName: HeaderText(cleaning: storeName), to: message.recipient,
            subject: HeaderText(cleaning: message.subject), text: message.text, html: message.html,
            messageID: MailMessageID(message.messageID) ?? MailMessageID(message.id, sender: from), date: clock.now())
        do throws(MailRefusal) {
            try await transport.send(mail)
        } catch {
            switch error {
            case .temporary:
                try await settle(message, .delayed(reason: error.reason))
                throw error
            case .permanent: return try await settle(message, .failed(reason: error.reason))
            }
        }
        try await settle(message, .sent)
    }

    private func settle(_ message: Message, _ outcome: SettleMessage.Outcome) async throws {
        let settlement = SettleMessage(store: message.store, message: message.id, outcome: outcome)
        _ = try await database.write("mails.settle") { tx in try settlement.run(in: tx) }
    }

    /// The mail as it was written down; nil when there is nobody to write to.
    private func record(_ owed: OwedMail, from: EmailAddress, in tx: borrowing Transaction) throws -> Message? {
        if let message = try Messaging.message(dedupeKey: owed.key, of: owed.store, in: tx) { return message }
        guard let order = try Orders.order(owed.order, of: owed.store, in: tx), let recipient = order.contact.email,
            let sender = try Stores.store(owed.store, in: tx)
        else { return nil }
        let fulfillment = try owed.fulfillment.flatMap { try Fulfillments.fulfillment($0, of: owed.store, in: tx) }
        let letter = OrderLetter(
            occasion: owed.occasion, order: order, store: sender, fulfillment: fulfillment,
            link: link(owed.order, owed.store))
        let draft = MessageDraft(
            kind: owed.occasion.rawValue, dedupeKey: owed.key, order: owed.order, recipient: recipient,
            subject: letter.subject, text: letter.text, html: letter.html)
        return try RecordMessage(store: owed.store, draft, from: from).run(in: tx)
    }
}
