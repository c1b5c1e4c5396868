/// What a mail server answers: a code of three digits and one or more lines.
struct SMTPReply: Hashable, Sendable {
    let code: Int
    let lines: [String]

    /// The first lines, for people.
    var text: String { "\(code) \(lines.prefix(3).joined(separator: " "))" }
}

/// Puts replies together from lines (RFC 5321, 4.2). What is no reply, or has no end, is refused.
struct SMTPReplyParser: Sendable {
    static let mostLines = 200

    private var code: Int?
    private var lines: [String] = []

    /// - Returns: the reply that this line completes; nil while more is to come.
    /// - Throws: `SMTPGarbage`.
    mutating func receive(_ line: [UInt8]) throws(SMTPGarbage) -> SMTPReply? {
        guard line.count >= 3, line.prefix(3).allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let number = Int(String(decoding: line.prefix(3), as: UTF8.self)), (200...599).contains(number),
            code == nil || code == number, lines.count < Self.mostLines
        else { throw SMTPGarbage() }
        let isLast: Bool
        switch line.dropFirst(3).first {
        case UInt8(ascii: " ")?, nil: isLast = true
        case UInt8(ascii: "-")?: isLast = false
        default: throw SMTPGarbage()
        }
        code = number
        lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        guard isLast else { return nil }
        let reply = SMTPReply(code: number, lines: lines)
        code = nil
        lines = []
        return reply
    }
}

/// What came is not SMTP.
struct SMTPGarbage: Error {}
