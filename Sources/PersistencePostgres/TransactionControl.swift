/// Finds the statements that would begin or end a transaction behind the engine's back.
enum TransactionControl {
    private static let words: Set<String> = [
        "ABORT", "BEGIN", "COMMIT", "END", "RELEASE", "ROLLBACK", "SAVEPOINT", "START",
    ]

    /// The first word of a statement when it controls transactions. The protocol takes one statement at a time, so
    /// what follows need not be looked at; PREPARE TRANSACTION is off by default on the server.
    static func word(in text: String) -> String? {
        var rest = text.utf8[...]
        while let first = rest.first {
            if first <= UInt8(ascii: " ") || first == UInt8(ascii: ";") {
                rest = rest.dropFirst()
            } else if rest.starts(with: "--".utf8) {
                rest = rest.drop { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            } else if rest.starts(with: "/*".utf8) {
                rest = afterComment(rest)
            } else {
                break
            }
        }
        let letters = rest.prefix { (65...90).contains($0 & 0xDF) }
        guard (3...9).contains(letters.count), let word = String(letters)?.uppercased() else { return nil }
        return words.contains(word) ? word : nil
    }

    /// Comments nest in PostgreSQL.
    private static func afterComment(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var rest = text
        var depth = 0
        repeat {
            if rest.starts(with: "/*".utf8) {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "*/".utf8) {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
            }
        } while depth > 0 && !rest.isEmpty
        return rest
    }
}
