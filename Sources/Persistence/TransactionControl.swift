/// Statements that begin or end transactions, which are the engines' own.
///
/// A closure that commits would acknowledge what was not asked for, on SQLite for all closures that share its commit.
enum TransactionControl {
    private static let words: Set<String> = [
        "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE",
    ]

    /// Throws `DatabaseError.misuse` for such a statement; looks at its first word alone.
    static func refuse(_ text: String) throws(DatabaseError) {
        // Every statement passes here, and hardly one gets further than its second letter.
        guard text.utf8.withContiguousStorageIfAvailable(mayControl) ?? true else { return }
        guard words.contains(firstWord(of: text.utf8)) else { return }
        throw .misuse(code: "transaction_control", message: "A closure cannot begin or end transactions.")
    }

    /// Whether the first two letters are those of one of the words, or come later.
    private static func mayControl(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count > 1, isLetter(bytes[0]) else { return !bytes.isEmpty }
        return switch (bytes[0] & 0xDF, bytes[1] & 0xDF) {
        case (UInt8(ascii: "B"), UInt8(ascii: "E")), (UInt8(ascii: "S"), UInt8(ascii: "T")),
            (UInt8(ascii: "C"), UInt8(ascii: "O")), (UInt8(ascii: "E"), UInt8(ascii: "N")),
            (UInt8(ascii: "R"), UInt8(ascii: "O")), (UInt8(ascii: "A"), UInt8(ascii: "B")),
            (UInt8(ascii: "S"), UInt8(ascii: "A")), (UInt8(ascii: "R"), UInt8(ascii: "E")),
            (UInt8(ascii: "P"), UInt8(ascii: "R")):
            true
        default: false
        }
    }

    /// Upper-case.
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
        return String(decoding: text[index...].prefix(while: isLetter).map { $0 & 0xDF }, as: UTF8.self)
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
