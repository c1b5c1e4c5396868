/// Names and texts as a browser sends them: the fields of an HTML form or the query of a page's address.
///
/// Nothing is validated but the encoding, so that a page can show again what was typed. A name may be there several
/// times. What is not percent-encoded UTF-8, or holds U+0000, is left out of a query and refused in a form.
public struct Form: Hashable, Sendable {
    /// A form has so many fields at most.
    static let mostFields = 2000

    /// In the order sent.
    public let fields: [Field]

    /// One name and its text.
    public struct Field: Hashable, Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The first text of a name; nil when the name is absent.
    public subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// Every text of a name.
    public func values(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    /// The query of an address: what cannot be read is left out.
    init(query: Substring.UTF8View) {
        fields = Self.pairs(query).compactMap { pair in
            guard let name = PercentCoding.decode(pair.name, plusIsSpace: true),
                let value = PercentCoding.decode(pair.value, plusIsSpace: true)
            else { return nil }
            return Field(name, value)
        }
    }

    /// A body of `application/x-www-form-urlencoded` (https://url.spec.whatwg.org/#urlencoded-parsing); nil when it
    /// is malformed or has too many fields.
    init?(body: [UInt8]) {
        var fields: [Field] = []
        for pair in Self.pairs(body[...]) {
            guard fields.count < Self.mostFields, let name = PercentCoding.decode(pair.name, plusIsSpace: true),
                let value = PercentCoding.decode(pair.value, plusIsSpace: true)
            else { return nil }
            fields.append(Field(name, value))
        }
        self.fields = fields
    }

    private static func pairs<Bytes: Collection<UInt8>>(
        _ bytes: Bytes
    ) -> [(name: Bytes.SubSequence, value: Bytes.SubSequence)] {
        bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let value = equals == pair.endIndex ? pair[equals...] : pair[pair.index(after: equals)...]
            return (name: bytes[pair.startIndex..<equals], value: bytes[value.startIndex..<value.endIndex])
        }
    }
}

/// A body as it was sent, for signatures over its bytes.
public struct RawBody: Hashable, Sendable {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}
