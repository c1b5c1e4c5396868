/// A form with a file, as a browser sends it (`multipart/form-data`, RFC 7578).
public struct Upload: Hashable, Sendable {
    /// The fields that are no files.
    public let form: Form
    /// What the browser calls the file; empty when none was chosen.
    public let fileName: String
    public let content: [UInt8]

    public init(form: Form = Form(), fileName: String = "", content: [UInt8] = []) {
        self.form = form
        self.fileName = fileName
        self.content = content
    }

    /// Nil when the body is malformed. Of several files the first counts.
    init?(body: [UInt8]) {
        // The boundary is the first line: what the header says of it has to be the same, or nothing is found.
        guard body.starts(with: Array("--".utf8)), let end = Self.range(of: Self.lineEnd, in: body[...]) else {
            return nil
        }
        let boundary = Array(body[..<end.lowerBound])
        guard (3...72).contains(boundary.count) else { return nil }
        let separator = Self.lineEnd + boundary
        var rest = body[end.upperBound...]
        var fields: [Form.Field] = []
        var file: (name: String, content: [UInt8])?
        while let close = Self.range(of: separator, in: rest) {
            guard fields.count < Form.mostFields, let part = Part(rest[..<close.lowerBound]) else { return nil }
            if let name = part.fileName {
                if file == nil { file = (name, Array(part.content)) }
            } else {
                guard !part.content.contains(0), let text = String(validating: part.content, as: UTF8.self) else {
                    return nil
                }
                fields.append(Form.Field(part.name, text))
            }
            rest = body[close.upperBound...]
            if rest.starts(with: Array("--".utf8)) {
                self.init(form: Form(fields), fileName: file?.name ?? "", content: file?.content ?? [])
                return
            }
            guard rest.starts(with: Self.lineEnd) else { return nil }
            rest = rest.dropFirst(Self.lineEnd.count)
        }
        return nil
    }

    private static let lineEnd = Array("\r\n".utf8)

    fileprivate static func range(of text: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard let first = text.first else { return nil }
        var start = bytes.startIndex
        while let found = bytes[start...].firstIndex(of: first) {
            let end = found + text.count
            guard end <= bytes.endIndex else { return nil }
            if bytes[found..<end].elementsEqual(text) { return found..<end }
            start = found + 1
        }
        return nil
    }

    /// A field or a file, with its head.
    private struct Part {
        let name: String
        let fileName: String?
        let content: ArraySlice<UInt8>

        init?(_ bytes: ArraySlice<UInt8>) {
            guard let end = Upload.range(of: Array("\r\n\r\n".utf8), in: bytes),
                let head = String(validating: bytes[..<end.lowerBound], as: UTF8.self)
            else { return nil }
            let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-disposition:") }
            guard let line, let name = Self.parameter("name", of: line) else { return nil }
            self.name = name
            fileName = Self.parameter("filename", of: line)
            content = bytes[end.upperBound...]
        }

        /// Browsers write quotes within a name as %22.
        private static func parameter(_ name: String, of line: Substring) -> String? {
            guard let start = line.firstRange(of: "; \(name)=\"") else { return nil }
            let rest = line[start.upperBound...]
            guard let end = rest.firstIndex(of: "\"") else { return nil }
            return String(rest[..<end]).replacingQuotes
        }
    }
}

extension String {
    fileprivate var replacingQuotes: String {
        split(separator: "%22", omittingEmptySubsequences: false).joined(separator: "\"")
    }
}
