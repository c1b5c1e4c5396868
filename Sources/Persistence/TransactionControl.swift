/// Statements that begin or end transactions, which are the engines' own.
///
/// A closure that commits would acknowledge what was not asked for, on SQLite for all closures that share its commit.
enum TransactionControl {
    private static let words: Set<String> = [
        "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE",
    ]

    /// Throws `DatabaseError.misuse` for such a statement; looks at its first word alone.
    static func refuse(_ text: String) throws(DatabaseError) {
        let word = firstWord(of: text.utf8)
        guard !word.isEmpty, words.contains(word) else { return }
        throw .misuse(code: "transaction_control", message: "A closure cannot begin or end transactions.")
    }

    /// Upper-case; empty when it is longer than any of ours.
    private static func firstWord(of text: String.UTF8View) -> String {
        var index = text.startIndex
        while index < text.endIndex {
            if let end = endOfComment(at: index, of: text) {
                index = end
            } else if isLetter(text[index]) {
                break
            } else {
                text.formIndex(after: &index)
            }
        }
        let letters = text[index...].prefix(10).prefix(while: isLetter)
        // Words that no statement of ours begins with are not worth a string.
        guard letters.count < 10, let first = letters.first, "BSCERAP".utf8.contains(first & 0xDF) else { return "" }
        return String(decoding: letters.map { $0 & 0xDF }, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte & 0xDF)
    }

    private static func endOfComment(at index: String.UTF8View.Index, of text: String.UTF8View) -> String.Index? {
        let rest = text[index...]
        if rest.starts(with: "--".utf8) { return rest.firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex }
        guard rest.starts(with: "/*".utf8) else { return nil }
        var previous: UInt8 = 0
        for position in rest.indices.dropFirst(2) {
            if previous == UInt8(ascii: "*"), text[position] == UInt8(ascii: "/") { return text.index(after: position) }
            previous = text[position]
        }
        return text.endIndex
    }
}
