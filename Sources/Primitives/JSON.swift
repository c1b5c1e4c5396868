/// A JSON document (RFC 8259) as a value. Integers and other numbers are told apart: `1` is an integer, `1.0` and `1e3`
/// are not, nor is an integer that does not fit into 64 bits.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Finite.
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// The compact text as UTF-8.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}

/// The members of an object in their order. Two objects are equal when they have equal members, in whatever order.
public struct JSONObject: Sendable {
    /// A name and its value.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSON
    }

    private var members: [Member]

    /// An object without members.
    public init() {
        members = []
    }

    /// For the parser, which has already refused duplicates.
    init(unique members: [Member]) {
        self.members = members
    }

    /// The member's value; nil when there is none. Setting nil removes the member, setting a new one appends it.
    public subscript(key: String) -> JSON? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }
    public subscript(position: Int) -> Member { members[position] }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // A sum does not depend on the order.
        hasher.combine(members.reduce(0) { $0 &+ $1.hashValue })
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// The last of several equal keys wins.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init()
        for (key, value) in elements { self[key] = value }
    }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}

extension JSON: CustomStringConvertible {
    /// The compact text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSON {
    public init(_ value: Int) { self = .integer(Int64(value)) }
    public init(_ value: String) { self = .string(value) }
    /// The edge form, such as `ord_…`.
    public init<Kind>(_ value: Identifier<Kind>) { self = .string(value.description) }
    /// RFC 3339 in UTC.
    public init(_ value: Instant) { self = .string(value.description) }
    /// `{"amount": 1299, "currency": "USD"}`.
    public init(_ value: Money) { self = ["amount": .integer(value.amount), "currency": .string(value.currency.code)] }
    /// The value, or null.
    public init(_ value: String?) { self = value.map { .string($0) } ?? .null }
    /// The value, or null.
    public init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    /// The value, or null.
    public init<Kind>(_ value: Identifier<Kind>?) { self = value.map { JSON($0) } ?? .null }
    /// The value, or null.
    public init(_ value: Instant?) { self = value.map { JSON($0) } ?? .null }
    /// The value, or null.
    public init(_ value: Money?) { self = value.map { JSON($0) } ?? .null }
}

/// Reading documents that we wrote ourselves: each is nil when the value is of another type.
extension JSON {
    /// The member of an object.
    public subscript(key: String) -> JSON? { object?[key] }

    public var isNull: Bool { self == .null }

    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    public var integer: Int? {
        guard case .integer(let value) = self else { return nil }
        return Int(value)
    }

    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    public var array: [JSON]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    public var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// An identifier in its edge form.
    public func identifier<Kind>(_ kind: Kind.Type = Kind.self) -> Identifier<Kind>? {
        string.flatMap { Identifier($0) }
    }

    /// RFC 3339.
    public var instant: Instant? {
        string.flatMap { Instant(rfc3339: $0) }
    }

    /// `{"amount": …, "currency": "…"}` within the limits of `Money`.
    public var money: Money? {
        guard let amount = self["amount"]?.integer, amount.magnitude <= Money.limit,
            let currency = self["currency"]?.string.flatMap({ Currency($0) })
        else { return nil }
        // ignored: the limits were checked above
        return try? Money(Int64(amount), currency)
    }
}
