import Messaging
import Primitives

/// A mail as bytes: headers (RFC 5322, 2047), and text and HTML as two alternatives (RFC 2046) in quoted-printable
/// (RFC 2045). Everything is ASCII, except addresses that are not, which need a server that knows SMTPUTF8 (RFC 6532).
struct MIMEDocument: Sendable {
    /// Lines that end with CR LF, none of them longer than 998 bytes.
    let bytes: [UInt8]
    /// Whether a server has to know SMTPUTF8.
    let isInternational: Bool

    init(_ mail: Mail) {
        let addresses = [mail.from.description, mail.to.description]
        isInternational = !addresses.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } }
        // Quoted-printable writes an equals sign as =3D, so no line of the content can be the boundary.
        let boundary =
            "=_\(mail.messageID.description.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(40))"
        let head = [
            "Date: \(Self.date(mail.date))",
            "From: \(Self.phrase(mail.fromName.description))<\(mail.from)>",
            "To: <\(mail.to)>",
            "Message-ID: \(mail.messageID)",
            "Subject: \(Self.unstructured(mail.subject.description))",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
            "", "",
        ]
        var bytes = Array(head.joined(separator: "\r\n").utf8)
        for (type, text) in [("text/plain", mail.text), ("text/html", mail.html)] {
            let partHead = """
                --\(boundary)\r
                Content-Type: \(type); charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r

                """
            bytes += partHead.utf8
            bytes += Self.quotedPrintable(text)
            bytes += [13, 10]
        }
        bytes += "--\(boundary)--\r\n".utf8
        self.bytes = bytes
    }

    /// Text with every line end as CR LF, and everything but plain ASCII escaped; no line longer than 76 characters.
    static func quotedPrintable(_ text: String) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count * 5 / 4)
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }
        for (number, line) in lines.enumerated() {
            if number > 0 { encoded += [13, 10] }
            var column = 0
            let bytes = Array(line.utf8)
            for (index, byte) in bytes.enumerated() {
                let isSpaceAtEnd = (byte == 32 || byte == 9) && index == bytes.count - 1
                let isPlain = (byte >= 33 && byte <= 126 && byte != UInt8(ascii: "=")) || byte == 32 || byte == 9
                let piece =
                    isPlain && !isSpaceAtEnd
                    ? [byte] : [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                // One column is left for the sign of the soft break.
                if column + piece.count > 75 {
                    encoded += [UInt8(ascii: "="), 13, 10]
                    column = 0
                }
                encoded += piece
                column += piece.count
            }
        }
        return encoded
    }

    /// A header's text, folded so that no line is longer than 78 characters.
    static func unstructured(_ text: String) -> String {
        isPlain(text) && text.utf8.count <= 60 ? text : encodedWords(text)
    }

    /// A name before an address, with a space after it; nothing when it is empty.
    static func phrase(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        guard isPlain(text), text.utf8.count <= 60 else { return encodedWords(text) + "\r\n " }
        let escaped = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "\"\(escaped)\" "
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 32 && $0 < 127 } && !text.contains("=?")
    }

    /// Words of at most 75 characters (RFC 2047), cut between scalars, one on a line.
    private static func encodedWords(_ text: String) -> String {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if word.count + bytes.count > 42 {
                words.append(word)
                word = []
            }
            word += bytes
        }
        if !word.isEmpty || words.isEmpty { words.append(word) }
        return words.map { "=?utf-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
    }

    /// Such as `Thu, 15 Jan 2026 09:30:00 +0000`.
    static func date(_ moment: Instant) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let second = moment.microseconds / 1_000_000
        let day = Int(((second / 86_400) % 7 + 7) % 7)
        let text = Array(Instant(microseconds: second * 1_000_000).description)
        guard text.count == 20, let month = Int(String(text[5...6])), months.indices.contains(month - 1) else {
            return "Thu, 01 Jan 1970 00:00:00 +0000"
        }
        return "\(days[day]), \(String(text[8...9])) \(months[month - 1]) \(String(text[0...3])) "
            + "\(String(text[11...18])) +0000"
    }
}

/// Base64 (RFC 4648) without line ends.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var number = 0
            for index in 0..<3 { number = number << 8 | Int(start + index < bytes.count ? bytes[start + index] : 0) }
            for index in 0..<4 {
                encoded.append(index <= group.count ? digits[number >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
