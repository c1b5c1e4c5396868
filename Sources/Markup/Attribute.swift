public import Primitives

/// An attribute of an element. Its name is written in the code; its value is escaped.
public struct Attribute: Sendable {
    enum Value: Sendable {
        case text(String)
        /// There, without a value.
        case flag
        case absent
        case several([Attribute])
    }

    /// What comes before the name, such as `data-`.
    let prefix: StaticString
    let name: StaticString
    let value: Value

    init(_ name: StaticString, _ value: Value, prefix: StaticString = "") {
        self.prefix = prefix
        self.name = name
        self.value = value
    }

    init(_ name: StaticString, _ text: String?) {
        self.init(name, text.map(Value.text) ?? .absent)
    }

    init(_ name: StaticString, isOn: Bool) {
        self.init(name, isOn ? .flag : .absent)
    }

    /// Bytes that it takes, as far as nothing has to be escaped.
    var length: Int {
        switch value {
        case .text(let text): prefix.utf8CodeUnitCount + name.utf8CodeUnitCount + text.utf8.count + 4
        case .flag: prefix.utf8CodeUnitCount + name.utf8CodeUnitCount + 1
        case .absent: 0
        case .several(let attributes): attributes.reduce(0) { $0 + $1.length }
        }
    }

    /// No attribute.
    public static let absent = Attribute("", .absent)

    /// Attributes that are only known as a list.
    public static func several(_ attributes: [Attribute]) -> Attribute { Attribute("", .several(attributes)) }

    /// The attribute, or none.
    public static func when(_ condition: Bool, _ attribute: @autoclosure () -> Attribute) -> Attribute {
        condition ? attribute() : absent
    }

    /// Classes, without those that are nil.
    public static func `class`(_ names: String?...) -> Attribute {
        let names = names.compactMap { $0 }
        return names.isEmpty ? absent : Attribute("class", names.joined(separator: " "))
    }

    /// `aria-…`.
    public static func aria(_ name: StaticString, _ value: String?) -> Attribute {
        Attribute(name, value.map(Value.text) ?? .absent, prefix: "aria-")
    }

    /// `aria-…` as `true` or `false`.
    public static func aria(_ name: StaticString, _ value: Bool) -> Attribute { aria(name, value ? "true" : "false") }

    /// `data-…`.
    public static func data(_ name: StaticString, _ value: String? = "") -> Attribute {
        Attribute(name, value.map(Value.text) ?? .absent, prefix: "data-")
    }

    /// `data-…` holding JSON for a script.
    public static func data(_ name: StaticString, json: JSON) -> Attribute { data(name, json.description) }

    /// `hx-…`, htmx's attributes. A value that htmx would evaluate as a script is left empty.
    public static func hx(_ name: StaticString, _ value: String? = "") -> Attribute {
        let evaluated = ["js:", "javascript:"].contains { value?.lowercased().hasPrefix($0) == true }
        return Attribute(name, value.map { .text(evaluated ? "" : $0) } ?? .absent, prefix: "hx-")
    }

    /// `hx-get`, `hx-post` and others that take an address.
    public static func hx(_ name: StaticString, _ address: WebAddress) -> Attribute {
        Attribute(name, .text(address.description), prefix: "hx-")
    }

    /// An attribute of SVG that takes text or numbers, such as `d` or `viewBox`.
    public static func svg(_ name: StaticString, _ value: String) -> Attribute { Attribute(name, .text(value)) }
}
