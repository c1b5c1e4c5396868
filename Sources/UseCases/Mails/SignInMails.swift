import Identity
public import Jobs
public import Messaging
import Markup
public import Persistence
public import Primitives

/// Sends sign-in links to accounts by e-mail.
///
/// Asking does the same whether there is such an account or not; the job finds out. The link is made by the job that
/// sends it and stands nowhere but in the mail, so these mails are not written down as messages.
public struct SignInMails: Sendable {
    /// Makes a link for each account with an address and mails it.
    public static let sending = JobKind(
        "identity.mail_sign_in_link", queue: "sign_in", maxAttempts: 4, timeoutSeconds: 60,
        backoff: Backoff(firstSeconds: 5, longestSeconds: 60))

    private let database: any Database
    private let route: MailRoute
    private let clock: any Clock
    private let origin: @Sendable () -> String?

    /// - Parameter origin: where browsers find the dashboard; nil while nobody knows.
    public init(
        database: any Database, route: MailRoute, clock: any Clock, origin: @escaping @Sendable () -> String?
    ) {
        self.database = database
        self.route = route
        self.clock = clock
        self.origin = origin
    }

    /// What is done for the jobs of these mails.
    public var jobHandlers: [JobHandler] {
        [.effect(Self.sending) { job, _ in try await run(job) }]
    }

    /// Has a link sent, if there is an account with this address.
    public func request(for email: EmailAddress, requestID: String) async throws {
        let job = NewJob(Self.sending, payload: ["email": .string(email.description)], requestID: requestID)
        try await database.write("identity.request_link") { tx in try Jobs.enqueue([job], in: tx) }
    }

    /// Works on one job.
    /// - Throws: `MailRefusal` when the mail has to be tried again, `JobRefusal` when nothing can be sent.
    public func run(_ job: Job) async throws {
        guard let email = job.payload["email"]?.string.flatMap({ EmailAddress($0) }) else {
            throw JobRefusal("The payload names no address.")
        }
        guard case .server(let transport, let from) = route, let origin = origin() else {
            throw JobRefusal("No mail can be sent, or nobody knows where the dashboard is.")
        }
        let accounts = try await database.read("identity.link_accounts") { tx in
            try Identity.accounts(withEmail: email, in: tx)
        }
        for account in accounts {
            let token = SignInToken.generate()
            let issue = IssueSignInLink(
                store: account.store, account: account.id, token: token, actor: .system, most: Identity.mostLinks)
            guard try await database.write("identity.issue_link", { tx in try issue.run(in: tx) }) != nil else {
                continue
            }
            let link = "\(origin)/dashboard/sign-in/\(token.text)"
            do {
                try await transport.send(
                    Mail(
                        from: from, fromName: HeaderText(cleaning: "Shipshape"), to: email,
                        subject: HeaderText(cleaning: "Your link to sign in"), text: Self.text(link),
                        html: Self.html(link), messageID: MailMessageID(MessageID(job.id.uuid), sender: from),
                        date: clock.now()))
            } catch {
                let withdrawal = WithdrawSignInLink(token: token)
                try await database.write("identity.withdraw_link") { tx in try withdrawal.run(in: tx) }
                throw error
            }
        }
    }

    private static let opening = "Somebody, probably you, asked to sign in to the dashboard. This link does it, once:"
    private static let closing = "It works for 15 minutes. If it was not you, nothing has happened: forget this mail."

    private static func text(_ link: String) -> String { "\(opening)\n\n\(link)\n\n\(closing)\n" }

    private static func html(_ link: String) -> String {
        Markup.html(.lang("en")) {
            head {
                meta(.charset("utf-8"))
                title("Your link to sign in")
            }
            body {
                p { opening }
                if let address = WebAddress(checking: link) { p { a(.href(address)) { "Sign in" } } }
                p { closing }
            }
        }.source
    }
}
