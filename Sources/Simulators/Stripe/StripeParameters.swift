import Primitives

/// The parameters of a call, in Stripe's form encoding: `line_items[0][price_data][currency]=usd`.
struct StripeParameters: Sendable {
    /// A value as it was nested by brackets.
    indirect enum Value: Hashable, Sendable {
        case text(String)
        case members([(key: String, value: Value)])

        static func == (left: Value, right: Value) -> Bool { left.canonical == right.canonical }
        func hash(into hasher: inout Hasher) { hasher.combine(canonical) }

        /// The same for the same parameters in another order.
        var canonical: String {
            switch self {
            case .text(let text): "\(text.utf8.count):\(text)"
            case .members(let members):
                "{" + members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.canonical)" }.joined() + "}"
            }
        }
    }

    private static let mostPairs = 2000
    private static let mostDepth = 8

    private(set) var root: Value
    /// How to name the parameters in errors, such as `line_items[0]`; empty at the top.
    private let place: String

    private init(_ root: Value, place: String) {
        self.root = root
        self.place = place
    }

    /// - Throws: 400 for what is not form encoding, nests too deep or contradicts itself.
    init(parsing text: some Collection<UInt8>) throws(StripeError) {
        root = .members([])
        place = ""
        var count = 0
        for pair in text.split(separator: UInt8(ascii: "&")) {
            count += 1
            guard count <= Self.mostPairs else { throw StripeError(message: "Too many parameters.") }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = PercentText.decode(parts[0], isForm: true),
                let value = parts.count > 1 ? PercentText.decode(parts[1], isForm: true) : ""
            else {
                throw StripeError(message: "Invalid request: the parameters are not form encoded UTF-8.")
            }
            guard let path = Self.path(key) else { throw .unknown(key) }
            try Self.insert(value, at: path[...], into: &root, name: key)
        }
    }

    /// `a[b][]` is a, b and nothing; nil when the brackets do not match.
    private static func path(_ key: String) -> [String]? {
        guard let bracket = key.firstIndex(of: "[") else { return key.isEmpty || key.contains("]") ? nil : [key] }
        var path = [String(key[..<bracket])]
        guard !path[0].isEmpty else { return nil }
        var rest = key[bracket...]
        while !rest.isEmpty {
            guard rest.first == "[", let end = rest.firstIndex(of: "]"), path.count < mostDepth else { return nil }
            path.append(String(rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return path
    }

    private static func insert(
        _ text: String, at path: ArraySlice<String>, into value: inout Value, name: String
    ) throws(StripeError) {
        guard let first = path.first else {
            value = .text(text)
            return
        }
        guard case .members(var members) = value else { throw .invalid(name, "Invalid object: \(name)") }
        let key = first.isEmpty ? String(members.count) : first
        let rest = path.dropFirst()
        if let index = members.firstIndex(where: { $0.key == key }) {
            guard !rest.isEmpty, case .members = members[index].value else {
                throw .invalid(name, "Invalid request: \(name) is given more than once.")
            }
            try insert(text, at: rest, into: &members[index].value, name: name)
        } else {
            var child: Value = .members([])
            try insert(text, at: rest, into: &child, name: name)
            members.append((key, child))
        }
        value = .members(members)
    }
}

/// Reading.
extension StripeParameters {
    var members: [(key: String, value: Value)] {
        if case .members(let members) = root { members } else { [] }
    }

    var isEmpty: Bool { members.isEmpty }

    private subscript(key: String) -> Value? {
        members.first { $0.key == key }?.value
    }

    /// How a parameter is called from the outside.
    func name(_ key: String) -> String { place.isEmpty ? key : "\(place)[\(key)]" }

    /// - Throws: `parameter_unknown` for a name that is not among these, which stand in one text between spaces.
    func requireOnly(_ names: String) throws(StripeError) {
        let known = names.split(separator: " ")
        for (key, _) in members where !known.contains(Substring(key)) && key != "expand" { throw .unknown(name(key)) }
    }

    /// A text; nil when absent or empty, which means null.
    func text(_ key: String, most: Int = 5000) throws(StripeError) -> String? {
        guard let value = self[key] else { return nil }
        guard case .text(let text) = value else { throw .invalid(name(key), "Invalid string: \(name(key))") }
        guard text.utf8.count <= most else {
            throw .invalid(
                name(key), "Invalid string: must be at most \(most) characters", code: "parameter_invalid_string")
        }
        return text.isEmpty ? nil : text
    }

    func requiredText(_ key: String) throws(StripeError) -> String {
        guard let text = try text(key) else { throw .missing(name(key)) }
        return text
    }

    func integer(_ key: String) throws(StripeError) -> Int? {
        guard let text = try text(key) else { return nil }
        guard text.utf8.count <= 16, let number = Int(text), text.first != "+" else {
            throw .invalid(name(key), "Invalid integer: \(text)", code: "parameter_invalid_integer")
        }
        return number
    }

    func boolean(_ key: String) throws(StripeError) -> Bool? {
        guard let text = try text(key) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: throw .invalid(name(key), "Invalid boolean: \(text)")
        }
    }

    /// The members below a name; nil when absent.
    func object(_ key: String) throws(StripeError) -> StripeParameters? {
        guard let value = self[key] else { return nil }
        if case .text("") = value { return nil }
        guard case .members = value else { throw .invalid(name(key), "Invalid object") }
        return StripeParameters(value, place: name(key))
    }

    /// The elements of a list in the order of their numbers; empty when absent.
    func list(_ key: String) throws(StripeError) -> [StripeParameters] {
        guard let object = try object(key) else { return [] }
        var numbered: [(Int, StripeParameters)] = []
        for (index, value) in object.members {
            guard let number = Int(index) else { throw .invalid(name(key), "Invalid array") }
            numbered.append((number, StripeParameters(value, place: "\(name(key))[\(index)]")))
        }
        return numbered.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// A list of texts.
    func texts(_ key: String) throws(StripeError) -> [String] {
        var texts: [String] = []
        for element in try list(key) {
            guard case .text(let text) = element.root else { throw .invalid(name(key), "Invalid string") }
            texts.append(text)
        }
        return texts
    }

    /// `metadata`: at most 50 pairs, keys of 40 and values of 500 characters. An empty value takes a key away.
    func metadata(changing old: JSON? = nil) throws(StripeError) -> JSON {
        var result = old?.object ?? JSONObject()
        for (key, value) in try object("metadata")?.members ?? [] {
            let name = name("metadata")
            guard case .text(let text) = value else { throw .invalid("\(name)[\(key)]", "Invalid string") }
            guard key.count <= 40 else {
                throw .invalid(name, "Metadata keys can have up to 40 characters.")
            }
            guard text.count <= 500 else {
                throw .invalid("\(name)[\(key)]", "Metadata values can have up to 500 characters.")
            }
            result[key] = text.isEmpty ? nil : .string(text)
        }
        guard result.count <= 50 else {
            throw .invalid(name("metadata"), "Metadata can have up to 50 keys.")
        }
        return .object(result)
    }
}
