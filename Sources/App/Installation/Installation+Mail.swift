import Messaging
import MessagingSMTP
import Orders
import Persistence
import Primitives
import Readiness
import UseCases

/// How mails leave the installation.
extension Settings {
    /// By the mail server that is set, if one is.
    var mailRoute: MailRoute {
        guard let server = mailServer, let from = mailSender else {
            return .none(reason: "No mail server is set: SHIPSHAPE_SMTP_URL and SHIPSHAPE_SMTP_FROM say which.")
        }
        return .server(SMTPTransport(server: server, trustedCertificates: mailCertificates), from: from)
    }
}

extension Installation {
    /// Who carries out the jobs of mails.
    /// - Parameter address: where this process listens; nil when it does not.
    func mailDelivery(tokens: OrderTokens, address: ListeningAddress?) -> OrderMailDelivery {
        let publicURL = settings.publicURL
        return OrderMailDelivery(database: database, route: settings.mailRoute, clock: clock) { order, store in
            (publicURL ?? address?.url).map { "\($0)/orders/\(order)/\(tokens.token(for: order, of: store))" }
        }
    }

    /// Who mails sign-in links; nil where none can be sent. A process that does not listen knows the public address
    /// only.
    func signInMails(address: ListeningAddress?) -> SignInMails? {
        let publicURL = settings.publicURL
        guard case .server = settings.mailRoute, publicURL != nil || database.engine == .sqlite else { return nil }
        return SignInMails(database: database, route: settings.mailRoute, clock: clock) { publicURL ?? address?.url }
    }
}

extension Check {
    /// ORD-04: mails are taken by the mail server.
    static func mail(_ settings: Settings) -> Check {
        Check(
            "ORD-04", "mail to customers", .high, modes: [.introspection, .drill], validity: .hours(24),
            parts: Messaging.checks(settings.mailRoute), sound: "Mails are taken by the mail server.")
    }
}
