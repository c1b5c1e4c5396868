/// Tells code, comments and string literals of Swift apart. Regular-expression literals count as code.
struct Lexer {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var masked: [UInt8] = []
    private var commentBytes: [Int: [UInt8]] = [:]
    private(set) var literals: [SourceFile.Literal] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        masked.reserveCapacity(bytes.count)
    }

    var maskedCode: String { String(decoding: masked, as: UTF8.self) }
    var commentTexts: [Int: String] { commentBytes.mapValues { String(decoding: $0, as: UTF8.self) } }

    mutating func run() {
        while index < bytes.count { scanCode(insideInterpolation: false) }
    }

    private mutating func scanCode(insideInterpolation: Bool) {
        var depth = 0
        while index < bytes.count {
            if starts("//") {
                scanLineComment()
            } else if starts("/*") {
                scanBlockComment()
            } else if let hashes = stringStart() {
                scanString(hashes: hashes)
            } else if bytes[index] == UInt8(ascii: "`") {
                scanQuotedName()
            } else {
                if insideInterpolation, bytes[index] == UInt8(ascii: "(") { depth += 1 }
                if insideInterpolation, bytes[index] == UInt8(ascii: ")") {
                    if depth == 0 { return keep() }
                    depth -= 1
                }
                keep()
            }
        }
    }

    private func starts(_ text: StaticString, at offset: Int = 0) -> Bool {
        let start = index + offset
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        for position in 0..<text.utf8CodeUnitCount where bytes[start + position] != text.utf8Start[position] {
            return false
        }
        return true
    }

    /// The number of `#` before the quote when a literal starts here.
    private func stringStart() -> Int? {
        var hashes = 0
        while index + hashes < bytes.count, bytes[index + hashes] == UInt8(ascii: "#") { hashes += 1 }
        return starts("\"", at: hashes) ? hashes : nil
    }

    private mutating func keep() {
        masked.append(bytes[index])
        advance()
    }

    private mutating func blank() {
        if bytes[index] == UInt8(ascii: "\n") {
            masked.append(UInt8(ascii: "\n"))
        } else if bytes[index] & 0xC0 != 0x80 {
            // One space for each scalar, so that columns stay.
            masked.append(UInt8(ascii: " "))
        }
        advance()
    }

    private mutating func advance() {
        if bytes[index] == UInt8(ascii: "\n") { line += 1 }
        index += 1
    }

    private mutating func blankComment() {
        commentBytes[line, default: []].append(bytes[index])
        blank()
    }

    private mutating func scanLineComment() {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { blankComment() }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blankComment()
            } else if starts("*/") {
                depth -= 1
                blankComment()
            }
            if index < bytes.count { blankComment() }
        } while depth > 0 && index < bytes.count
    }

    private mutating func scanQuotedName() {
        masked.append(UInt8(ascii: "_"))
        advance()
        while index < bytes.count, bytes[index] != UInt8(ascii: "`"), bytes[index] != UInt8(ascii: "\n") {
            masked.append(UInt8(ascii: "_"))
            advance()
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: "`") {
            masked.append(UInt8(ascii: "_"))
            advance()
        }
    }

    private mutating func scanString(hashes: Int) {
        let startLine = line
        for _ in 0..<hashes { blank() }
        let isMultiline = starts("\"\"\"")
        let quotes = isMultiline ? 3 : 1
        for _ in 0..<quotes { keep() }
        var text: [UInt8] = []
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\""), ends(quotes: quotes, hashes: hashes) {
                for _ in 0..<quotes { keep() }
                for _ in 0..<hashes { blank() }
                break
            }
            if !isMultiline, bytes[index] == UInt8(ascii: "\n") { break }
            if bytes[index] == UInt8(ascii: "\\"), isEscape(hashes: hashes) {
                scanEscape(hashes: hashes, into: &text)
            } else {
                text.append(bytes[index])
                blank()
            }
        }
        literals.append(SourceFile.Literal(line: startLine, text: String(decoding: text, as: UTF8.self)))
    }

    private mutating func scanEscape(hashes: Int, into text: inout [UInt8]) {
        for _ in 0...hashes { blank() }
        guard index < bytes.count else { return }
        if bytes[index] == UInt8(ascii: "(") {
            text.append(UInt8(ascii: "?"))
            keep()
            scanCode(insideInterpolation: true)
        } else {
            // A newline after the backslash joins two lines of the literal; keep it, so that lines can be counted.
            text.append(bytes[index] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            blank()
        }
    }

    private func ends(quotes: Int, hashes: Int) -> Bool {
        guard index + quotes + hashes <= bytes.count else { return false }
        return bytes[index..<index + quotes].allSatisfy { $0 == UInt8(ascii: "\"") }
            && bytes[index + quotes..<index + quotes + hashes].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private func isEscape(hashes: Int) -> Bool {
        index + 1 + hashes < bytes.count
            && bytes[index + 1..<index + 1 + hashes].allSatisfy { $0 == UInt8(ascii: "#") }
    }
}
