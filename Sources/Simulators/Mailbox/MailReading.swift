import Foundation
import Primitives

/// A mail taken apart for people: headers, text, HTML (RFC 5322, 2045 to 2047). Whatever is malformed is shown as it
/// came.
struct ReadMail: Sendable {
    /// In their order, unfolded and decoded.
    let headers: [(name: String, value: String)]
    let text: String?
    let html: String?

    private static let mostDepth = 5
    private static let mostParts = 50

    init(_ content: [UInt8]) {
        let (headers, body) = Self.split(content[...])
        var parts: [(type: String, text: String)] = []
        Self.collect(headers, body, into: &parts, depth: 0)
        self.headers = headers.map { ($0.name, Self.decodedWords($0.value)) }
        text = parts.first { $0.type == "text/plain" }?.text
        html = parts.first { $0.type == "text/html" }?.text
    }

    /// The value of the first header of a name; empty when there is none.
    func header(_ name: String) -> String {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value ?? ""
    }

    // Structure

    private static func split(
        _ content: ArraySlice<UInt8>
    ) -> (headers: [(name: String, value: String)], body: ArraySlice<UInt8>) {
        var headers: [(name: String, value: String)] = []
        var rest = content
        while let (line, after) = nextLine(rest) {
            rest = after
            if line.isEmpty { return (headers, rest) }
            if line.first == 32 || line.first == 9, !headers.isEmpty {
                headers[headers.count - 1].value += String(decoding: line, as: UTF8.self)
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), headers.count < 1000 {
                let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
                headers.append(
                    (String(decoding: line[..<colon], as: UTF8.self), value.trimmingCharacters(in: .whitespaces)))
            }
        }
        return (headers, rest)
    }

    private static func nextLine(_ bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        guard !bytes.isEmpty else { return nil }
        guard let end = bytes.firstIndex(of: 10) else { return (bytes, bytes[bytes.endIndex...]) }
        let line = bytes[..<end]
        return (line.last == 13 ? line.dropLast() : line, bytes[(end + 1)...])
    }

    private static func collect(
        _ headers: [(name: String, value: String)], _ body: ArraySlice<UInt8>,
        into parts: inout [(type: String, text: String)], depth: Int
    ) {
        func header(_ name: String) -> String {
            headers.first { $0.name.lowercased() == name }?.value ?? ""
        }
        let contentType = header("content-type")
        let type = contentType.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        guard parts.count < mostParts else { return }
        if type.hasPrefix("multipart/"), depth < mostDepth, let boundary = parameter("boundary", of: contentType) {
            for part in split(body, at: boundary) {
                let (inner, rest) = split(part)
                collect(inner, rest, into: &parts, depth: depth + 1)
            }
            return
        }
        let bytes =
            switch header("content-transfer-encoding").lowercased() {
            case "quoted-printable": quotedPrintable(body)
            case "base64":
                Data(base64Encoded: Data(body), options: .ignoreUnknownCharacters).map(Array.init) ?? Array(body)
            default: Array(body)
            }
        parts.append((type.isEmpty ? "text/plain" : type, String(decoding: bytes, as: UTF8.self)))
    }

    private static func split(_ body: ArraySlice<UInt8>, at boundary: String) -> [ArraySlice<UInt8>] {
        let mark = Array("--\(boundary)".utf8)
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        var rest = body
        while let (line, after) = nextLine(rest) {
            if line.starts(with: mark) {
                // The line end in front of a boundary belongs to the boundary.
                if let start { parts.append(body[start..<max(start, endOfPart(body, before: rest.startIndex))]) }
                guard line.count == mark.count, parts.count < mostParts else { return parts }
                start = after.startIndex
            }
            rest = after
        }
        if let start, start <= body.endIndex { parts.append(body[start...]) }
        return parts
    }

    private static func endOfPart(_ body: ArraySlice<UInt8>, before index: Int) -> Int {
        var end = index
        if end > body.startIndex, body[end - 1] == 10 { end -= 1 }
        if end > body.startIndex, body[end - 1] == 13 { end -= 1 }
        return end
    }

    private static func parameter(_ name: String, of header: String) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, pair[0].lowercased() == name else { continue }
            let value = pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\""))
            return value.isEmpty || value.utf8.count > 70 ? nil : value
        }
        return nil
    }

    // Encodings

    static func quotedPrintable(_ body: some Collection<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = Array(body)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                decoded.append(byte)
                continue
            }
            if rest.starts(with: [13, 10]) {
                rest = rest.dropFirst(2)
            } else if rest.first == 10 {
                rest = rest.dropFirst()
            } else if let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    /// Encoded words (RFC 2047) as text; the space between two of them goes.
    static func decodedWords(_ value: String) -> String {
        var result = ""
        var rest = value[...]
        var afterWord = false
        while let start = rest.range(of: "=?") {
            let before = rest[..<start.lowerBound]
            let fields = rest[start.upperBound...].split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, fields[3].first == "=",
                let text = word(encoding: fields[1], fields[2])
            else {
                result += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                afterWord = false
                continue
            }
            if !(afterWord && before.allSatisfy(\.isWhitespace)) { result += before }
            result += text
            rest = fields[3].dropFirst()
            afterWord = true
        }
        return result + rest
    }

    private static func word(encoding: Substring, _ text: Substring) -> String? {
        switch encoding.uppercased() {
        case "B": Data(base64Encoded: String(text)).map { String(decoding: $0, as: UTF8.self) }
        case "Q":
            String(
                decoding: quotedPrintable(text.utf8.map { $0 == UInt8(ascii: "_") ? 32 : $0 }), as: UTF8.self)
        default: nil
        }
    }
}
