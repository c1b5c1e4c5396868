import Messaging
import Primitives

/// What the settings say about mail.
extension Settings {
    /// The mail server; nil when none is set.
    var mailServer: MailServerAddress? { text(SettingCatalogue.smtpURL).flatMap { MailServerAddress($0) } }

    /// Whom mails come from.
    var mailSender: EmailAddress? { text(SettingCatalogue.smtpFrom).flatMap { EmailAddress($0) } }

    /// A file of certificates to trust instead of the system's.
    var mailCertificates: String? { text(SettingCatalogue.smtpCertificates) }

    /// What is wrong with settings that are right one by one.
    static func mailFaults(in entries: [SettingEntry], isProduction: Bool) -> [SettingFault] {
        let url = SettingCatalogue.smtpURL
        func value(_ setting: Setting) -> String? { entries.first { $0.setting == setting }?.value }
        guard let server = value(url).flatMap({ MailServerAddress($0) }) else { return [] }
        var faults: [SettingFault] = []
        if isProduction, server.encryption == .none {
            faults.append(
                SettingFault(
                    url.name,
                    "\(url.name) leads to a server without encryption (smtp+insecure), which production refuses."))
        }
        if value(SettingCatalogue.smtpFrom) == nil {
            let name = SettingCatalogue.smtpFrom.name
            faults.append(SettingFault(name, "\(name) is required where \(url.name) is set."))
        }
        return faults
    }
}
