extension HTML {
    /// Keeps of an HTML text from outside, such as a product's description, what formats words: paragraphs, lists,
    /// emphasis, small headings and links to acceptable addresses. Every other tag and every other attribute goes, and
    /// what is between the tags of a script or a style sheet. All tags are closed.
    public init(sanitizing source: String) {
        var sanitizer = Sanitizer(Array(source.utf8))
        self.init(rendered: sanitizer.run())
    }
}

/// One pass over bytes. What it writes is made of the tags below, texts without `<`, and checked addresses.
private struct Sanitizer {
    private static let kept: Set<String> = [
        "p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "h2", "h3", "h4", "blockquote", "a", "sup", "sub",
    ]
    private static let swallowed: Set<String> = [
        "script", "style", "template", "iframe", "object", "title", "textarea", "noscript", "svg", "math", "xmp",
        "noembed", "noframes", "plaintext", "select",
    ]

    private let input: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    private var open: [String] = []

    init(_ input: [UInt8]) {
        self.input = input
        output.reserveCapacity(input.count)
    }

    mutating func run() -> [UInt8] {
        while position < input.count {
            switch input[position] {
            case UInt8(ascii: "<"): tag()
            case UInt8(ascii: ">"): write("&gt;")
            case UInt8(ascii: "\""): write("&quot;")
            case UInt8(ascii: "&") where !isReference: write("&amp;")
            case 0: write("\u{FFFD}")
            default: output.append(input[position])
            }
            position += 1
        }
        while let name = open.popLast() { write("</\(name)>") }
        return output
    }

    private mutating func write(_ text: String) {
        output += Array(text.utf8)
    }

    /// Whether `&` begins something like `&amp;` or `&#39;`.
    private var isReference: Bool {
        var index = position + 1
        if index < input.count, input[index] == UInt8(ascii: "#") { index += 1 }
        let start = index
        while index < input.count, index - start < 32, Self.isLetterOrDigit(input[index]) { index += 1 }
        return index > start && index < input.count && input[index] == UInt8(ascii: ";")
    }

    /// Leaves the position at the last byte of the tag, or of the `<` that begins none.
    private mutating func tag() {
        var index = position + 1
        if index < input.count, [UInt8(ascii: "!"), UInt8(ascii: "?")].contains(input[index]) {
            position = end(of: "-->", from: position, when: "<!--") ?? endOfTag(from: index)
            return
        }
        let isEnd = index < input.count && input[index] == UInt8(ascii: "/")
        if isEnd { index += 1 }
        let start = index
        while index < input.count, Self.isLetterOrDigit(input[index]) { index += 1 }
        guard index > start, !Self.isDigit(input[start]) else { return write("&lt;") }
        let name = String(decoding: input[start..<index], as: UTF8.self).lowercased()
        let attributes = index
        position = endOfTag(from: index)
        if position == input.count { return }
        if isEnd { return close(name) }
        if Self.swallowed.contains(name) { return swallow(name) }
        guard Self.kept.contains(name) else { return }
        if name == "br" { return write("<br>") }
        let address = name == "a" ? Self.address(in: input[attributes..<position]) : nil
        if name == "a" {
            guard let address else { return }
            output += Markup.a(.href(address), .rel("nofollow noopener")).render().dropLast(4)
        } else {
            write("<\(name)>")
        }
        open.append(name)
    }

    private mutating func close(_ name: String) {
        guard open.contains(name) else { return }
        while let last = open.popLast() {
            write("</\(last)>")
            if last == name { return }
        }
    }

    private mutating func swallow(_ name: String) {
        let closing = Array("</\(name)".utf8)
        while position < input.count {
            if input[position...].prefix(closing.count).map(Self.lower).elementsEqual(closing) {
                position = endOfTag(from: position)
                return
            }
            position += 1
        }
    }

    /// The last byte of a tag: the first `>` outside quotes; the end of the text when there is none.
    private func endOfTag(from start: Int) -> Int {
        var quote: UInt8?
        for index in min(start, input.count)..<input.count {
            let byte = input[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index
            }
        }
        return input.count
    }

    private func end(of closing: String, from start: Int, when opening: String) -> Int? {
        guard input[start...].starts(with: Array(opening.utf8)) else { return nil }
        let closing = Array(closing.utf8)
        var index = start
        while index < input.count {
            if input[index...].starts(with: closing) { return index + closing.count - 1 }
            index += 1
        }
        return input.count
    }

    /// The quoted value of `href`, unless it has a reference in it, which could spell anything.
    private static func address(in attributes: ArraySlice<UInt8>) -> WebAddress? {
        let text = String(decoding: attributes, as: UTF8.self)
        guard let name = text.ranges(of: "href=").first else { return nil }
        let rest = text[name.upperBound...]
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
        let value = rest.dropFirst().prefix { $0 != quote }
        return WebAddress(checking: String(value.replacing("&amp;", with: "&")))
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        let byte = lower(byte)
        return isDigit(byte) || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
    }
}
