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

    /// What is done for the jobs of mails.
    public var jobHandlers: [JobHandler] {
        [.effect(OrderMails.sending) { job, _ in try await run(job) }]
    }

    /// Works on one job.
    /// - Throws: `MailRefusal` when the mail has to be tried again.
    public func run(_ job: Job) async throws {
        guard let store = job.store, let order = job.payload["order_id"]?.identifier(IdentifierKinds.Order.self),
            let occasion = job.payload["occasion"]?.string.flatMap(OrderMails.Occasion.init(rawValue:))
        else { throw JobRefusal("The payload names no mail.") }
        let fulfillment = job.payload["fulfillment_id"]?.identifier(IdentifierKinds.Fulfillment.self)
        let message = try await database.write("mails.record") { tx in
            try record(occasion, order, fulfillment, of: store, in: tx)
        }
        guard let message, message.status == .pending, case .server(let transport, let from) = route else { return }
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
    private func record(
        _ occasion: OrderMails.Occasion, _ id: OrderID, _ parcel: FulfillmentID?, of store: StoreID,
        in tx: borrowing Transaction
    ) throws -> Message? {
        let key = OrderMails.key(occasion, id, parcel)
        if let message = try Messaging.message(dedupeKey: key, of: store, in: tx) { return message }
        guard let order = try Orders.order(id, of: store, in: tx), let recipient = order.contact.email,
            let sender = try Stores.store(store, in: tx)
        else { return nil }
        let fulfillment = try parcel.flatMap { try Fulfillments.fulfillment($0, of: store, in: tx) }
        let letter = OrderLetter(
            occasion: occasion, order: order, store: sender, fulfillment: fulfillment, link: link(id, store))
        let draft = MessageDraft(
            kind: occasion.rawValue, dedupeKey: key, order: id, recipient: recipient, subject: letter.subject,
            text: letter.text, html: letter.html)
        return switch route {
        case .server(_, let from): try RecordMessage(store: store, draft, from: from).run(in: tx)
        case .none(let reason): try RecordMessage(store: store, draft, notSentBecause: reason).run(in: tx)
        }
    }
}
