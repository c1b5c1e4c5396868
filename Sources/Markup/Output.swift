/// The bytes of a document while they are written. All escaping is here.
struct Output {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(8192)
    }

    mutating func append(_ html: HTML) {
        switch html.node {
        case .nothing: return
        case .text(let text): escape(text)
        case .markup(let text): append(text)
        case .rendered(let rendered): bytes.append(contentsOf: rendered)
        case .comment(let text):
            append("<!--")
            // A comment ends only with `>`, which is escaped.
            escape(text)
            append("-->")
        case .json(let id, let text):
            append("<script type=\"application/json\" id=\"")
            escape(id)
            append("\">")
            appendJSON(text)
            append("</script>")
        case .linkedData(let text):
            append("<script type=\"application/ld+json\">")
            appendJSON(text)
            append("</script>")
        case .element(let name, let attributes, let content):
            bytes.append(UInt8(ascii: "<"))
            append(name)
            for attribute in attributes { append(attribute) }
            bytes.append(UInt8(ascii: ">"))
            guard let content else { return }
            append(content)
            append("</")
            append(name)
            bytes.append(UInt8(ascii: ">"))
        case .list(let parts): for part in parts { append(part) }
        }
    }

    private mutating func append(_ attribute: Attribute) {
        switch attribute.value {
        case .absent: return
        case .several(let attributes): for attribute in attributes { append(attribute) }
        case .flag:
            append(nameOf: attribute)
        case .text(let text):
            append(nameOf: attribute)
            append("=\"")
            escape(text)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    private mutating func append(nameOf attribute: Attribute) {
        bytes.append(UInt8(ascii: " "))
        append(attribute.prefix)
        append(attribute.name)
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Text in an element or in a quoted attribute: what could end either is written as a reference.
    private mutating func escape(_ text: String) {
        var text = text
        text.withUTF8 { source in
            var start = 0
            for index in 0..<source.count {
                let reference: StaticString
                switch source[index] {
                case UInt8(ascii: "&"): reference = "&amp;"
                case UInt8(ascii: "<"): reference = "&lt;"
                case UInt8(ascii: ">"): reference = "&gt;"
                case UInt8(ascii: "\""): reference = "&quot;"
                case UInt8(ascii: "'"): reference = "&#39;"
                // No reference names U+0000 in HTML.
                case 0: reference = "\u{FFFD}"
                default: continue
                }
                bytes.append(contentsOf: source[start..<index])
                reference.withUTF8Buffer { bytes.append(contentsOf: $0) }
                start = index + 1
            }
            bytes.append(contentsOf: source[start...])
        }
    }

    /// JSON in a script element: `<` and `>` only occur within strings there, where they have another spelling.
    private mutating func appendJSON(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): append("\\u003c")
            case UInt8(ascii: ">"): append("\\u003e")
            case UInt8(ascii: "&"): append("\\u0026")
            default: bytes.append(byte)
            }
        }
    }
}
