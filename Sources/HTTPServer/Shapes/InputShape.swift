public import Primitives

/// What a value from outside has to look like: one declaration gives its decoder, its validation and its schema.
///
/// Scalars are in `InputShape+Text.swift` and `InputShape+Scalars.swift`; composites here and in `InputObject.swift`.
public struct InputShape<Value: Sendable>: Sendable {
    /// The JSON Schema of what is accepted.
    public let schema: Schema
    /// Reads the value; notes what is wrong and returns nil.
    let decode: @Sendable (JSON, inout Decoding) -> Value?
    /// Reads the JSON value that a query or path parameter's text stands for; nil for shapes that cannot stand there.
    let parameter: (@Sendable (String) -> JSON)?

    init(
        _ schema: Schema, parameter: (@Sendable (String) -> JSON)? = nil,
        decode: @escaping @Sendable (JSON, inout Decoding) -> Value?
    ) {
        self.schema = schema
        self.parameter = parameter
        self.decode = decode
    }

    /// Reads a whole document.
    /// - Throws: `Problem` `validation.failed` with every error, at most 100.
    public func value(of document: JSON) throws(Problem) -> Value {
        var decoding = Decoding()
        guard let value = decode(document, &decoding), !decoding.hasErrors else { throw decoding.problem }
        return value
    }

    /// The same shape, made into another value. A `Problem` that the closure throws is an error of this place; its
    /// pointers are taken as relative to it.
    public func map<Other: Sendable>(
        _ transform: @escaping @Sendable (Value) throws(Problem) -> Other
    ) -> InputShape<Other> {
        let decode = decode
        return InputShape<Other>(schema, parameter: parameter) { json, decoding in
            guard let value = decode(json, &decoding) else { return nil }
            do throws(Problem) {
                return try transform(value)
            } catch {
                decoding.refuse(error)
                return nil
            }
        }
    }

    /// The same shape with a sentence in the document about what it means.
    public func described(_ text: String) -> InputShape {
        InputShape(schema.with("description", .string(text)), parameter: parameter, decode: decode)
    }
}

extension InputShape {
    /// A list of at most `most` elements.
    public static func array<Element>(
        of element: InputShape<Element>, least: Int = 0, most: Int
    ) -> InputShape where Value == [Element] {
        var schema: JSONObject = ["type": "array", "items": element.schema.json]
        if least > 0 { schema["minItems"] = .integer(Int64(least)) }
        schema["maxItems"] = .integer(Int64(most))
        return InputShape(Schema(.object(schema), components: element.schema.components)) { json, decoding in
            guard case .array(let values) = json else {
                decoding.refuse("type", "A list is expected.")
                return nil
            }
            guard values.count <= most else {
                decoding.refuse("too_many", "At most \(most) elements are accepted.")
                return nil
            }
            guard values.count >= least else {
                decoding.refuse("too_few", "At least \(least) elements are needed.")
                return nil
            }
            var elements: [Element] = []
            elements.reserveCapacity(values.count)
            for (index, value) in values.enumerated() {
                let decoded = decoding.within(index: index) { element.decode(value, &$0) }
                if let decoded { elements.append(decoded) }
            }
            return elements.count == values.count ? elements : nil
        }
    }

    /// An object whose keys are the caller's own, at most `most` of them. Null members count as absent.
    public static func map<Element>(
        keys: InputShape<String>, of element: InputShape<Element>, most: Int
    ) -> InputShape where Value == [String: Element] {
        let schema: JSON = [
            "type": "object", "propertyNames": keys.schema.json, "additionalProperties": element.schema.orNull.json,
            "maxProperties": .integer(Int64(most)),
        ]
        let components = element.schema.components.merging(keys.schema.components) { first, _ in first }
        return InputShape(Schema(schema, components: components)) { json, decoding in
            guard case .object(let object) = json else {
                decoding.refuse("type", "An object is expected.")
                return nil
            }
            guard object.count <= most else {
                decoding.refuse("too_many", "At most \(most) members are accepted.")
                return nil
            }
            var elements: [String: Element] = [:]
            var isComplete = true
            for member in object {
                decoding.within(key: member.key) { decoding in
                    guard let key = keys.decode(.string(member.key), &decoding) else { return isComplete = false }
                    if member.value == .null { return }
                    guard let value = element.decode(member.value, &decoding) else { return isComplete = false }
                    elements[key] = value
                }
            }
            return isComplete ? elements : nil
        }
    }
}

/// A change to one field of a PATCH.
public enum Patch<Value: Sendable>: Sendable {
    /// The field was absent or null.
    case unchanged
    /// The field was given the value that empties it.
    case clear
    case set(Value)

    /// The field's new value.
    public func applied(to old: Value?) -> Value? {
        switch self {
        case .unchanged: old
        case .clear: nil
        case .set(let value): value
        }
    }
}

extension Patch: Equatable where Value: Equatable {}
