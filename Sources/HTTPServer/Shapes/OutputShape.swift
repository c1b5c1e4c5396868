public import Primitives

/// What a value looks like outside: one declaration gives its encoder and its schema.
public struct OutputShape<Value>: Sendable {
    /// The JSON Schema of what is written.
    public let schema: Schema
    // What writes is inlinable: unspecialized, it would copy every value once for each member.
    @usableFromInline let write: @Sendable (Value, inout JSONWriter) -> Void

    @usableFromInline
    init(_ schema: Schema, write: @escaping @Sendable (Value, inout JSONWriter) -> Void) {
        self.schema = schema
        self.write = write
    }

    /// The compact JSON of a value.
    public func encode(_ value: Value) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        write(value, &writer)
        return writer.bytes
    }

    /// The same shape for a value that has one of these within.
    @inlinable
    public func of<Whole>(_ part: @escaping @Sendable (Whole) -> Value) -> OutputShape<Whole> {
        OutputShape<Whole>(schema) { whole, writer in write(part(whole), &writer) }
    }

    /// The same shape with a sentence in the document about what it means.
    public func described(_ text: String) -> OutputShape {
        OutputShape(schema.with("description", .string(text)), write: write)
    }
}

/// One member of an object that is written.
public struct OutputField<Value>: Sendable {
    @usableFromInline let name: String
    @usableFromInline let schema: Schema
    @usableFromInline let write: @Sendable (Value, inout JSONWriter) -> Void

    @usableFromInline
    init(name: String, schema: Schema, write: @escaping @Sendable (Value, inout JSONWriter) -> Void) {
        self.name = name
        self.schema = schema
        self.write = write
    }

    /// A member that is always there.
    @inlinable
    public static func field<Content>(
        _ name: String, _ shape: OutputShape<Content>, _ read: @escaping @Sendable (Value) -> Content
    ) -> OutputField {
        let key = JSONKey(name)
        return OutputField(name: name, schema: shape.schema) { value, writer in
            writer.key(key)
            shape.write(read(value), &writer)
        }
    }

    /// A member that is always there and may be null.
    @inlinable
    public static func nullable<Content>(
        _ name: String, _ shape: OutputShape<Content>, _ read: @escaping @Sendable (Value) -> Content?
    ) -> OutputField {
        let key = JSONKey(name)
        return OutputField(name: name, schema: shape.schema.orNull) { value, writer in
            writer.key(key)
            guard let content = read(value) else { return writer.null() }
            shape.write(content, &writer)
        }
    }
}

extension OutputShape {
    /// An object with these members.
    ///
    ///     OutputShape<Stock>.object(
    ///         "Stock",
    ///         .field("variant_id", .identifier(), \.variant),
    ///         .field("on_hand", .integer, \.onHand))
    ///
    /// - Parameter name: the schema's name in the OpenAPI document, unique in the whole API.
    @inlinable
    public static func object(_ name: String, _ fields: OutputField<Value>...) -> OutputShape {
        let object = Schema.object(fields.map { ($0.name, $0.schema) }, required: fields.map(\.name))
        return OutputShape(Schema(named: name, object.json, components: object.components)) { value, writer in
            writer.object { writer in for field in fields { field.write(value, &writer) } }
        }
    }

    /// A list.
    @inlinable
    public static func array<Element>(of element: OutputShape<Element>) -> OutputShape where Value == [Element] {
        let schema = Schema(["type": "array", "items": element.schema.json], components: element.schema.components)
        return OutputShape(schema) { values, writer in
            writer.array { writer in for value in values { element.write(value, &writer) } }
        }
    }

    /// An object whose keys are data, in the order given.
    @inlinable
    public static func map<Element>(
        of element: OutputShape<Element>
    ) -> OutputShape where Value == [(key: String, value: Element)] {
        let schema = Schema(
            ["type": "object", "additionalProperties": element.schema.json], components: element.schema.components)
        return OutputShape(schema) { members, writer in
            writer.object { writer in
                for member in members {
                    writer.key(member.key)
                    element.write(member.value, &writer)
                }
            }
        }
    }

    /// An identifier in its edge form.
    public static func identifier<Kind>() -> OutputShape where Value == Identifier<Kind> {
        OutputShape(Schema(["type": "string", "pattern": .string(identifierPattern(Kind.prefix))])) {
            $1.value($0)
        }
    }

    /// One of the words of an enumeration.
    public static func oneOf(
        _ type: Value.Type = Value.self
    ) -> OutputShape where Value: CaseIterable & RawRepresentable<String> & Sendable {
        let words = Value.allCases.map { JSON.string($0.rawValue) }
        return OutputShape(Schema(["type": "string", "enum": .array(words)])) { $1.string($0.rawValue) }
    }
}

extension OutputShape where Value == String {
    public static var text: OutputShape { OutputShape(Schema(["type": "string"])) { $1.string($0) } }
}

extension OutputShape where Value == Int {
    public static var integer: OutputShape { OutputShape(Schema(["type": "integer"])) { $1.integer(Int64($0)) } }
}

extension OutputShape where Value == Double {
    public static var number: OutputShape { OutputShape(Schema(["type": "number"])) { $1.number($0) } }
}

extension OutputShape where Value == Bool {
    public static var bool: OutputShape { OutputShape(Schema(["type": "boolean"])) { $1.bool($0) } }
}

extension OutputShape where Value == Instant {
    /// RFC 3339 in UTC.
    public static var instant: OutputShape {
        OutputShape(Schema(["type": "string", "format": "date-time"])) { $1.value($0) }
    }
}

extension OutputShape where Value == EmailAddress {
    public static var email: OutputShape {
        OutputShape(Schema(["type": "string", "format": "email"])) { $1.string($0.description) }
    }
}

extension OutputShape where Value == PhoneNumber {
    /// E.164.
    public static var phone: OutputShape { OutputShape(Schema(["type": "string"])) { $1.string($0.description) } }
}

extension OutputShape where Value == Currency {
    public static var currency: OutputShape { OutputShape(Schema(["type": "string"])) { $1.string($0.code) } }
}

extension OutputShape where Value == Money {
    /// `{"amount": 1299, "currency": "USD"}`.
    public static var money: OutputShape {
        let object = Schema.object(
            [
                (
                    "amount",
                    Schema([
                        "type": "integer", "minimum": .integer(-Money.limit), "maximum": .integer(Money.limit),
                    ])
                ),
                ("currency", Schema(["type": "string", "enum": .array(Currency.codes.map { .string($0) })])),
            ], required: ["amount", "currency"])
        return OutputShape(Schema(named: "Money", object.json, components: [:])) { $1.value($0) }
    }
}

extension OutputShape where Value == JSON {
    /// Any document, such as an event's data.
    public static var anything: OutputShape { OutputShape(Schema([:])) { $1.value($0) } }
}

/// A page of a list, and where the next one begins.
public struct Page<Element: Sendable>: Sendable {
    public var data: [Element]
    /// Opaque; nil after the last element.
    public var nextCursor: String?

    public init(_ data: [Element], nextCursor: String?) {
        self.data = data
        self.nextCursor = nextCursor
    }

    /// The first `limit` of the rows; those beyond only tell that there is a next page.
    /// - Parameter cursor: where the page after an element begins.
    public init(_ rows: [Element], limit: Int, cursor: (Element) -> String) {
        data = Array(rows.prefix(limit))
        nextCursor = rows.count > limit ? data.last.map(cursor) : nil
    }
}

extension OutputShape {
    /// `{"data": […], "next_cursor": "…" | null}`.
    /// - Parameter name: the page's schema, such as `ProductPage`.
    public static func page<Element>(
        _ name: String, of element: OutputShape<Element>
    ) -> OutputShape where Value == Page<Element> {
        .object(name, .field("data", .array(of: element), \.data), .nullable("next_cursor", .text, \.nextCursor))
    }
}
