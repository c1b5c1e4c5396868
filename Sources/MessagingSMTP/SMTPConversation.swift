import Messaging
import Primitives

/// The client's side of handing one mail over, decided without a network: replies in, what to do next out (RFC 5321).
///
/// With STARTTLS nothing is said before the connection is encrypted, and what the server offered before that is
/// forgotten (RFC 3207): there is no falling back.
struct SMTPConversation: Sendable {
    /// What the client does next. All but the ends wait for a reply.
    enum Step: Hashable, Sendable {
        case say(String)
        case encrypt
        case sendContent
        /// The server has taken the mail; say goodbye.
        case finish
        case fail(MailRefusal)
    }

    private enum State: Hashable {
        case greeting, hello, startTLS, authPlain, authName, authPassword, sender, recipient, data, content
    }

    private let server: MailServerAddress
    private let mail: Mail
    private let contentBytes: Int
    private let isInternational: Bool
    private var state = State.greeting
    private var isEncrypted: Bool
    /// The first word of each line of the answer to EHLO, and the line.
    private var offers: [String: String] = [:]

    init(server: MailServerAddress, mail: Mail, document: MIMEDocument) {
        self.server = server
        self.mail = mail
        contentBytes = document.bytes.count
        isInternational = document.isInternational
        isEncrypted = server.encryption == .implicit
    }

    /// Who we say we are: the domain that mails come from.
    private var hello: String {
        let domain = mail.from.description.split(separator: "@").last.map(String.init) ?? ""
        return "EHLO \(domain.utf8.allSatisfy { $0 < 128 } ? domain : "localhost")"
    }

    /// To be called when the connection is encrypted after `encrypt`.
    mutating func encrypted() -> Step {
        isEncrypted = true
        offers = [:]
        state = .hello
        return .say(hello)
    }

    mutating func receive(_ reply: SMTPReply) -> Step {
        switch (state, reply.code) {
        case (.greeting, 220):
            state = .hello
            return .say(hello)
        case (.hello, 250): return greeted(reply)
        case (.startTLS, 220): return .encrypt
        case (.authName, 334):
            state = .authPassword
            return .say(Base64.encode(password))
        case (.authPassword, 334):
            state = .authPlain
            return .say(Base64.encode(password))
        case (.authPlain, 235), (.authPassword, 235): return begin()
        case (.sender, 250):
            state = .recipient
            return .say("RCPT TO:<\(mail.to)>")
        case (.recipient, 250), (.recipient, 251):
            state = .data
            return .say("DATA")
        case (.data, 354):
            state = .content
            return .sendContent
        case (.content, 200..<300): return .finish
        default: return .fail(refusal(reply))
        }
    }

    private var password: [UInt8] { server.password?.withBytes { $0 } ?? [] }

    private mutating func greeted(_ reply: SMTPReply) -> Step {
        for line in reply.lines.dropFirst() {
            if let word = line.split(separator: " ").first { offers[word.uppercased()] = line.uppercased() }
        }
        if server.encryption == .startTLS, !isEncrypted {
            guard offers["STARTTLS"] != nil else {
                return .fail(.temporary("The mail server offers no STARTTLS, which is required."))
            }
            state = .startTLS
            return .say("STARTTLS")
        }
        guard let user = server.user else { return begin() }
        let mechanisms = (offers["AUTH"] ?? "").split(separator: " ")
        if mechanisms.contains("PLAIN") {
            state = .authPlain
            return .say("AUTH PLAIN \(Base64.encode([0] + Array(user.utf8) + [0] + password))")
        }
        guard mechanisms.contains("LOGIN") else {
            return .fail(.temporary("The mail server offers neither AUTH PLAIN nor AUTH LOGIN."))
        }
        state = .authName
        return .say("AUTH LOGIN \(Base64.encode(Array(user.utf8)))")
    }

    private mutating func begin() -> Step {
        let limit = offers["SIZE"].flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
        guard limit == 0 || contentBytes <= limit else {
            return .fail(.permanent("The mail has \(contentBytes) bytes, and the server takes at most \(limit)."))
        }
        var options = offers["SIZE"] == nil ? "" : " SIZE=\(contentBytes)"
        if isInternational {
            guard offers["SMTPUTF8"] != nil else {
                return .fail(.permanent("The mail server takes no addresses beyond ASCII."))
            }
            options += " BODY=8BITMIME SMTPUTF8"
        }
        state = .sender
        return .say("MAIL FROM:<\(mail.from)>\(options)")
    }

    /// A refusal of the mail is final when the server says so. Before it was told of the mail, or because of how we
    /// signed in, the server refuses us, which the operator can mend.
    private func refusal(_ reply: SMTPReply) -> MailRefusal {
        let isAboutMail =
            [.sender, .recipient, .data, .content].contains(state) && ![530, 535, 538].contains(reply.code)
        let reason = "\(stage): \(reply.text)"
        return isAboutMail && reply.code >= 500 ? .permanent(reason) : .temporary(reason)
    }

    private var stage: String {
        switch state {
        case .greeting, .hello: "The mail server refused the connection"
        case .startTLS: "The mail server refused STARTTLS"
        case .authPlain, .authName, .authPassword: "The mail server refused the user"
        case .sender: "The mail server refused the sender"
        case .recipient: "The mail server refused the recipient"
        case .data, .content: "The mail server refused the mail"
        }
    }

    /// The content as it goes over the line: a dot before each line that begins with one, and a dot at the end.
    static func stuffed(_ content: [UInt8]) -> [UInt8] {
        let dot = UInt8(ascii: ".")
        var stuffed: [UInt8] = []
        stuffed.reserveCapacity(content.count + 64)
        var isAtStart = true
        for byte in content {
            if isAtStart, byte == dot { stuffed.append(dot) }
            stuffed.append(byte)
            isAtStart = byte == 10
        }
        if !stuffed.isEmpty, stuffed.suffix(2) != [13, 10] { stuffed += [13, 10] }
        return stuffed + [dot, 13, 10]
    }
}
