import FoundationEssentials
import Primitives

/// One SMTP session, decided without a network: lines in, answers and mails out (RFC 5321).
struct SMTPDialogue: Sendable {
    /// What the server lets clients do.
    struct Rules: Sendable {
        var hostname = "mailbox.simulator"
        /// Name and password that AUTH has to bring; nil offers no AUTH.
        var user: String?
        var password: String?
        var mostBytes = 10 << 20
        var mostRecipients = 100
    }

    /// What a line leads to.
    enum Step: Hashable, Sendable {
        case answer(String)
        /// The answer, and a mail that was taken.
        case take(ReceivedEnvelope, String)
        /// The answer, after which the connection ends.
        case close(String)
    }

    /// At most, without the line's end (RFC 5321, 4.5.3.1.4 and 4.5.3.1.6, generously).
    static let mostLineBytes = 4096

    private enum State: Hashable {
        case commands, data
        case authName
        case authPassword(name: String)
        case authPlain
    }

    private let rules: Rules
    private var state = State.commands
    private var hasGreeted = false
    private var isAuthenticated = false
    private var sender: String?
    private var recipients: [String] = []
    private var content: [UInt8] = []
    private var isTooLarge = false

    init(_ rules: Rules) { self.rules = rules }

    var greeting: String { "220 \(rules.hostname) ESMTP simulator" }

    /// Whether the next line is content and not a command.
    var isInData: Bool { state == .data }

    /// - Parameters:
    ///   - line: without its end.
    ///   - fault: what a fault on demand answers to the end of a mail.
    mutating func receive(_ line: [UInt8], fault: (_ stage: MailFault.Stage) -> String?) -> Step? {
        switch state {
        case .data: return receiveContent(line, fault: fault)
        case .commands: return command(String(decoding: line, as: UTF8.self), fault: fault)
        case .authPlain: return finishPlain(String(decoding: line, as: UTF8.self))
        case .authName:
            guard let name = Self.base64(String(decoding: line, as: UTF8.self)) else { return failAuth() }
            state = .authPassword(name: name)
            return .answer("334 UGFzc3dvcmQ6")
        case .authPassword(let name):
            state = .commands
            guard let password = Self.base64(String(decoding: line, as: UTF8.self)) else { return failAuth() }
            return authenticate(name, password)
        }
    }

    private mutating func command(_ line: String, fault: (MailFault.Stage) -> String?) -> Step {
        let parts = line.split(separator: " ", maxSplits: 1)
        let argument = parts.count > 1 ? String(parts[1]) : ""
        switch parts.first?.uppercased() {
        case "EHLO":
            guard !argument.isEmpty else { return .answer("501 5.5.4 Say who you are.") }
            hasGreeted = true
            reset()
            var lines = [rules.hostname, "SIZE \(rules.mostBytes)", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
            if rules.user != nil { lines.append("AUTH PLAIN LOGIN") }
            return .answer(
                lines.enumerated().map { "250\($0 == lines.count - 1 ? " " : "-")\($1)" }.joined(separator: "\r\n"))
        case "HELO":
            hasGreeted = true
            reset()
            return .answer("250 \(rules.hostname)")
        case "AUTH": return auth(argument)
        case "MAIL": return mail(argument, fault: fault)
        case "RCPT": return recipient(argument, fault: fault)
        case "DATA":
            guard !recipients.isEmpty else { return .answer("503 5.5.1 Name a recipient first.") }
            state = .data
            content = []
            isTooLarge = false
            return .answer("354 End with a line that is only a dot.")
        case "RSET":
            reset()
            return .answer("250 2.0.0 Forgotten.")
        case "NOOP": return .answer("250 2.0.0 Yes.")
        case "VRFY": return .answer("252 2.1.5 Try it.")
        case "QUIT": return .close("221 2.0.0 Goodbye.")
        default: return .answer("500 5.5.2 There is no such command.")
        }
    }

    private mutating func mail(_ argument: String, fault: (MailFault.Stage) -> String?) -> Step {
        guard hasGreeted else { return .answer("503 5.5.1 Say EHLO first.") }
        guard rules.user == nil || isAuthenticated else { return .answer("530 5.7.0 Authentication required.") }
        guard sender == nil else { return .answer("503 5.5.1 The sender is named already.") }
        guard let (address, options) = Self.path(argument, after: "FROM:") else {
            return .answer("501 5.5.4 Say MAIL FROM:<address>.")
        }
        for option in options {
            if option.uppercased().hasPrefix("SIZE="), let size = Int(option.dropFirst(5)), size > rules.mostBytes {
                return .answer("552 5.3.4 At most \(rules.mostBytes) bytes.")
            }
        }
        if let answer = fault(.sender) { return .answer(answer) }
        sender = address
        return .answer("250 2.1.0 Sender taken.")
    }

    private mutating func recipient(_ argument: String, fault: (MailFault.Stage) -> String?) -> Step {
        guard sender != nil else { return .answer("503 5.5.1 Name the sender first.") }
        guard let (address, _) = Self.path(argument, after: "TO:"), !address.isEmpty else {
            return .answer("501 5.5.4 Say RCPT TO:<address>.")
        }
        guard recipients.count < rules.mostRecipients else { return .answer("452 4.5.3 Too many recipients.") }
        if let answer = fault(.recipient) { return .answer(answer) }
        recipients.append(address)
        return .answer("250 2.1.5 Recipient taken.")
    }

    private mutating func receiveContent(_ line: [UInt8], fault: (MailFault.Stage) -> String?) -> Step? {
        let dot = UInt8(ascii: ".")
        guard line == [dot] else {
            // A dot that the sender put before a line that begins with one (RFC 5321, 4.5.2).
            let text = line.first == dot ? line.dropFirst() : line[...]
            guard content.count + text.count + 2 <= rules.mostBytes else {
                isTooLarge = true
                return nil
            }
            content += text + [13, 10]
            return nil
        }
        defer { reset() }
        if isTooLarge { return .answer("552 5.3.4 At most \(rules.mostBytes) bytes.") }
        if let answer = fault(.content) { return .answer(answer) }
        return .take(
            ReceivedEnvelope(sender: sender ?? "", recipients: recipients, content: content), "250 2.0.0 Taken.")
    }

    private mutating func reset() {
        state = .commands
        sender = nil
        recipients = []
        content = []
        isTooLarge = false
    }

    // AUTH (RFC 4954)

    private mutating func auth(_ argument: String) -> Step {
        guard rules.user != nil, hasGreeted else { return .answer("503 5.5.1 AUTH is not offered.") }
        let parts = argument.split(separator: " ").map(String.init)
        switch parts.first?.uppercased() {
        case "PLAIN":
            guard parts.count == 2 else {
                state = .authPlain
                return .answer("334 ")
            }
            return finishPlain(parts[1])
        case "LOGIN":
            guard parts.count == 2 else {
                state = .authName
                return .answer("334 VXNlcm5hbWU6")
            }
            guard let name = Self.base64(parts[1]) else { return failAuth() }
            state = .authPassword(name: name)
            return .answer("334 UGFzc3dvcmQ6")
        default: return .answer("504 5.5.4 PLAIN or LOGIN.")
        }
    }

    private mutating func finishPlain(_ text: String) -> Step {
        state = .commands
        let parts = Self.base64(text)?.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
        guard let parts, parts.count == 3 else { return failAuth() }
        return authenticate(parts[1], parts[2])
    }

    private mutating func authenticate(_ name: String, _ password: String) -> Step {
        guard name == rules.user, Secret(password) == Secret(rules.password ?? "") else { return failAuth() }
        isAuthenticated = true
        return .answer("235 2.7.0 Welcome.")
    }

    private mutating func failAuth() -> Step {
        state = .commands
        return .answer("535 5.7.8 Wrong name or password.")
    }

    private static func base64(_ text: String) -> String? {
        Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) }
    }

    /// `FROM:<a@b.c> SIZE=3` is the address and the options; nil when it is not of that form.
    private static func path(_ argument: String, after keyword: String) -> (address: String, options: [String])? {
        guard argument.uppercased().hasPrefix(keyword) else { return nil }
        let rest = argument.dropFirst(keyword.count).drop { $0 == " " }
        guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
        let address = String(rest[rest.index(after: rest.startIndex)..<end])
        guard address.utf8.count <= 320, !address.unicodeScalars.contains(where: { $0.value < 33 || $0.value == 127 })
        else { return nil }
        return (address, rest[rest.index(after: end)...].split(separator: " ").map(String.init))
    }
}

/// A mail as it came, with its envelope.
struct ReceivedEnvelope: Hashable, Sendable {
    let sender: String
    let recipients: [String]
    /// Lines that end with CR LF, without the dots of the transport.
    let content: [UInt8]
}

/// What the mailbox refuses on demand, for the next so many mails.
public struct MailFault: Hashable, Sendable {
    /// Where in the dialogue.
    public enum Stage: String, Sendable, CaseIterable { case connection, sender, recipient, content }

    public let stage: Stage
    /// The whole answer, such as `451 4.3.0 Later.`; for `.content` and the others alike. `drop` closes the connection.
    public let answer: String
    /// How often it strikes yet.
    public var count: Int

    public init(_ stage: Stage, answer: String, count: Int = 1) {
        self.stage = stage
        self.answer = answer
        self.count = count
    }
}
