/// A file of the repository as the rules see it: its lines, and for Swift what is code, comment and string literal.
struct SourceFile {
    /// A string literal; interpolations are replaced by one `?` each.
    struct Literal {
        let line: Int
        let text: String
    }

    /// A word or one punctuation character of the code.
    struct Token {
        let text: Substring
        let line: Int
    }

    /// From the repository's root, with slashes.
    let path: String
    /// As written.
    let lines: [Substring]
    /// The lines with comments and the contents of literals blanked out.
    let code: [Substring]
    let tokens: [Token]
    let literals: [Literal]
    /// The text of the comments by line.
    let comments: [Int: String]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard path.hasSuffix(".swift") else {
            (code, tokens, literals, comments) = ([], [], [], [:])
            return
        }
        var lexer = Lexer(text)
        lexer.run()
        code = lexer.maskedCode.split(separator: "\n", omittingEmptySubsequences: false)
        literals = lexer.literals
        comments = lexer.commentTexts
        tokens = code.enumerated().flatMap { Self.tokens(of: $1, line: $0 + 1) }
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var components: [Substring] { path.split(separator: "/") }
    /// The target of a file under Sources; nil elsewhere.
    var target: String? { components.first == "Sources" && components.count > 2 ? String(components[1]) : nil }
    /// The innermost folder inside the target, such as `Model`; nil for files that lie directly in it.
    var room: String? { target != nil && components.count > 3 ? String(components[components.count - 2]) : nil }

    /// The numbers of the lines whose code contains a text.
    func lines(containing text: String) -> [Int] {
        code.indices.filter { code[$0].contains(text) }.map { $0 + 1 }
    }

    /// Whether a line of code, counted from 1, carries a comment, or the line before it is one.
    func hasComment(at line: Int, containing word: String = "") -> Bool {
        if let comment = comments[line], comment.contains(word) { return true }
        var above = line - 1
        while above >= 1, lines[above - 1].allSatisfy({ $0 == " " }) == false, isBlankCode(above) {
            if let comment = comments[above], comment.contains(word) { return true }
            above -= 1
        }
        return false
    }

    private func isBlankCode(_ line: Int) -> Bool {
        code[line - 1].allSatisfy { $0 == " " }
    }

    private static func tokens(of line: Substring, line number: Int) -> [Token] {
        var tokens: [Token] = []
        var index = line.startIndex
        while index < line.endIndex {
            let start = index
            let isWord = isWordCharacter(line[index])
            line.formIndex(after: &index)
            while isWord, index < line.endIndex, isWordCharacter(line[index]) { line.formIndex(after: &index) }
            if line[start] != " " { tokens.append(Token(text: line[start..<index], line: number)) }
        }
        return tokens
    }

    private static func isWordCharacter(_ character: Character) -> Bool {
        character == "_" || character.isLetter || character.isNumber
    }
}
