public import Primitives

/// Text that may stand in a header of a mail: one line without controls, at most 500 characters. There is no way to
/// begin another header with it.
public struct HeaderText: Hashable, Sendable, CustomStringConvertible {
    private static let most = 500

    public let description: String

    /// Nil when the text has line ends or other controls, or is too long.
    public init?(_ text: String) {
        guard text.count <= Self.most, !text.unicodeScalars.contains(where: Self.isControl) else { return nil }
        description = text
    }

    /// With a space for each control, and without what is too much: for text from a catalogue or a customer.
    public init(cleaning text: String) {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { clean.append(Self.isControl(scalar) ? " " : scalar) }
        description = String(String(clean).prefix(Self.most))
    }

    // Line and paragraph separators begin lines for some readers, and format characters hide text from people.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        case .format: scalar != "\u{200D}" && scalar != "\u{200C}"
        default: false
        }
    }
}

/// A mail to one person, as a transport takes it. Each header has a type that cannot hold a second one.
public struct Mail: Hashable, Sendable {
    public let from: EmailAddress
    /// How the sender is called.
    public let fromName: HeaderText
    public let to: EmailAddress
    public let subject: HeaderText
    public let text: String
    public let html: String
    public let messageID: MailMessageID
    public let date: Instant

    public init(
        from: EmailAddress, fromName: HeaderText, to: EmailAddress, subject: HeaderText, text: String, html: String,
        messageID: MailMessageID, date: Instant
    ) {
        self.from = from
        self.fromName = fromName
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.messageID = messageID
        self.date = date
    }
}

/// A mail's Message-ID: the same however often a message is sent, so that receivers can tell a repetition.
public struct MailMessageID: Hashable, Sendable, CustomStringConvertible {
    /// `<msg_…@shop.example>`.
    public let description: String

    /// - Parameter sender: gives the part after the at sign; outside ASCII, `shipshape.invalid` stands for it.
    public init(_ message: MessageID, sender: EmailAddress) {
        let domain = sender.description.split(separator: "@").last.map(String.init) ?? ""
        description = "<\(message)@\(domain.utf8.allSatisfy { $0 < 128 } ? domain : "shipshape.invalid")>"
    }

    /// One that was written down; nil when it is not of the form that we give them.
    public init?(_ text: String) {
        guard text.hasPrefix("<"), text.hasSuffix(">"), (3...400).contains(text.utf8.count),
            text.utf8.dropFirst().dropLast().allSatisfy({
                $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
            })
        else { return nil }
        description = text
    }
}

/// Why a mail was not taken.
public enum MailRefusal: Error, Hashable, Sendable {
    /// It may be taken later: the server cannot be reached, is not itself, or said so (4yz). The reason is kept.
    case temporary(String)
    /// This mail will not be taken (5yz). The reason is kept.
    case permanent(String)

    /// What is kept with the message: one line, at most 500 characters.
    public var reason: String {
        switch self {
        case .temporary(let reason), .permanent(let reason): HeaderText(cleaning: reason).description
        }
    }
}

/// Hands mails over.
public protocol MailTransport: Sendable {
    /// Hands a mail to a server that answers for it from then on.
    func send(_ mail: Mail) async throws(MailRefusal)
}

/// How mails leave the installation.
public enum MailRoute: Sendable {
    /// By a transport, from an address.
    case server(any MailTransport, from: EmailAddress)
    /// Not at all, for a reason that stands with each message.
    case none(reason: String)
}
