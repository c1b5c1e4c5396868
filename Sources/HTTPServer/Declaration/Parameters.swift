public import Primitives

/// The parameters of a path: `{checkout}` in the template. A value that does not decode gives 404 `not_found`.
public struct PathShape<Value: Sendable>: Sendable {
    struct Parameter: Sendable {
        let name: String
        let schema: Schema
        let canStandInPath: Bool
    }

    let parameters: [Parameter]
    let decode: @Sendable (PathParameters) -> Value?

    /// One parameter.
    public init(_ name: String, _ shape: InputShape<Value>) {
        self.init(parameters: [Self.parameter(name, shape)]) { Self.value(name, shape, in: $0) }
    }

    /// Two parameters.
    public init<First, Second>(
        _ first: String, _ firstShape: InputShape<First>, _ second: String, _ secondShape: InputShape<Second>
    ) where Value == (First, Second) {
        let parameters = [Self.parameter(first, firstShape), Self.parameter(second, secondShape)]
        self.init(parameters: parameters) { path in
            guard let firstValue = Self.value(first, firstShape, in: path),
                let secondValue = Self.value(second, secondShape, in: path)
            else { return nil }
            return (firstValue, secondValue)
        }
    }

    private init(parameters: [Parameter], decode: @escaping @Sendable (PathParameters) -> Value?) {
        self.parameters = parameters
        self.decode = decode
    }

    static var none: PathShape<Void> {
        PathShape<Void>(parameters: []) { _ in () }
    }

    private static func parameter<Content>(_ name: String, _ shape: InputShape<Content>) -> Parameter {
        Parameter(name: name, schema: shape.schema, canStandInPath: shape.parameter != nil)
    }

    private static func value<Content>(
        _ name: String, _ shape: InputShape<Content>, in path: PathParameters
    ) -> Content? {
        guard let text = path[name], let json = shape.parameter?(text) else { return nil }
        var decoding = Decoding()
        return shape.decode(json, &decoding)
    }
}

/// The query parameters of an endpoint. Unknown and repeated ones are refused; an empty value counts as given.
public struct QueryShape<Value: Sendable>: Sendable {
    struct Parameter: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
        let read: (@Sendable (String) -> JSON)?
        let isFamily: Bool

        func isNamed(_ name: String) -> Bool {
            isFamily
                ? name.utf8.count > self.name.utf8.count && name.utf8.starts(with: self.name.utf8)
                : self.name.utf8.elementsEqual(name.utf8)
        }
    }

    let parameters: [Parameter]
    let decode: @Sendable (JSON, inout Decoding) -> Value?

    /// Parameters of scalar shapes, made into a value by `make`.
    ///
    ///     QueryShape(
    ///         .optional("status", .oneOf(OrderStatus.self)), .optional("limit", .integer(1...100), default: 20)
    ///     ) { OrderFilter(status: $0, limit: $1) }
    public init<each Field: Sendable>(
        _ field: repeat InputField<each Field>,
        make: @escaping @Sendable (repeat each Field) throws(Problem) -> Value
    ) {
        var parameters: [Parameter] = []
        for field in repeat each field {
            parameters.append(
                Parameter(
                    name: field.name, schema: field.schema, isRequired: field.isRequired, read: field.parameter,
                    isFamily: field.isFamily))
        }
        self.parameters = parameters
        decode = InputShape<Value>.object("Query", repeat each field, make: make).decode
    }

    private init() where Value == Void {
        parameters = []
        decode = { _, _ in () }
    }

    static var none: QueryShape<Void> { QueryShape<Void>() }

    /// Reads the part of the address after the question mark.
    /// - Throws: `Problem` `validation.failed`; pointers are `?name`.
    func value(of query: Substring.UTF8View) throws(Problem) -> Value {
        var decoding = Decoding(root: "?")
        var members = JSONObject()
        if !query.isEmpty {
            for pair in query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
                read(pair, into: &members, &decoding)
            }
        }
        guard let value = decode(.object(members), &decoding), !decoding.hasErrors else { throw decoding.problem }
        return value
    }

    private func read(_ pair: Substring.UTF8View, into members: inout JSONObject, _ decoding: inout Decoding) {
        let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
        let text = pair[equals...].dropFirst()
        guard let name = PercentCoding.decode(pair[..<equals], plusIsSpace: true) else {
            return decoding.refuse("malformed", "A parameter's name is not valid percent-encoded UTF-8.")
        }
        decoding.within(key: name) { decoding in
            guard let parameter = parameters.first(where: { $0.isNamed(name) }) else {
                return decoding.refuse("unknown_parameter", "There is no such parameter.")
            }
            let member = parameter.isFamily ? String(name.dropFirst(parameter.name.count)) : name
            let present = parameter.isFamily ? members[parameter.name]?.object?[member] : members[name]
            guard present == nil else {
                return decoding.refuse("repeated", "The parameter is there twice.")
            }
            guard let value = PercentCoding.decode(text, plusIsSpace: true) else {
                return decoding.refuse("malformed", "The value is not valid percent-encoded UTF-8.")
            }
            let json = parameter.read?(value) ?? .string(value)
            guard parameter.isFamily else { return members[name] = json }
            var family = members[parameter.name]?.object ?? JSONObject()
            family[member] = json
            members[parameter.name] = .object(family)
        }
    }
}

/// Percent-encoding (RFC 3986, section 2.1), decoded strictly.
enum PercentCoding {
    /// Nil when a percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8, or U+0000 is
    /// among them.
    static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
