/// The bytes of a document while they are written. All escaping is here.
struct Output {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    mutating func append(_ rendered: [UInt8]) {
        bytes.append(contentsOf: rendered)
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// The start tag of an element.
    mutating func open(_ name: StaticString, _ attributes: [Attribute]) {
        bytes.append(UInt8(ascii: "<"))
        append(name)
        for attribute in attributes { append(attribute) }
        bytes.append(UInt8(ascii: ">"))
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

    /// Text in an element or in a quoted attribute: what could end either is written as a reference.
    mutating func escape(_ text: String) {
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
    mutating func appendJSON(_ text: String) {
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
