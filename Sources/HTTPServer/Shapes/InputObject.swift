public import Primitives

/// One member of an object, or one query parameter.
public struct InputField<Value: Sendable>: Sendable {
    let name: String
    /// What a value that is there looks like; null is accepted besides unless it is required.
    let schema: Schema
    let isRequired: Bool
    let parameter: (@Sendable (String) -> JSON)?
    /// Whether it stands for all query parameters whose names begin with its own.
    var isFamily = false
    /// Reads the value; the JSON is nil when the member is absent or null.
    let decode: @Sendable (JSON?, inout Decoding) -> Value?

    /// A member that has to be there.
    public static func required(_ name: String, _ shape: InputShape<Value>) -> InputField {
        InputField(name: name, schema: shape.schema, isRequired: true, parameter: shape.parameter) { json, decoding in
            guard let json else {
                decoding.refuse("required", "This is required.")
                return nil
            }
            return shape.decode(json, &decoding)
        }
    }

    /// A member that may be absent or null; nil then.
    public static func optional<Wrapped>(
        _ name: String, _ shape: InputShape<Wrapped>
    ) -> InputField where Value == Wrapped? {
        InputField(name: name, schema: shape.schema, isRequired: false, parameter: shape.parameter) {
            json, decoding in
            guard let json else { return .some(nil) }
            guard let value = shape.decode(json, &decoding) else { return nil }
            return .some(value)
        }
    }

    /// A member that may be absent or null; `value` then.
    public static func optional(
        _ name: String, _ shape: InputShape<Value>, default value: Value
    ) -> InputField {
        InputField(name: name, schema: shape.schema, isRequired: false, parameter: shape.parameter) {
            json, decoding in
            guard let json else { return value }
            return shape.decode(json, &decoding)
        }
    }

    /// The query parameters whose names begin so, such as `option.` for `option.Size`: the rest of each name with its
    /// value, in the order sent.
    public static func family<Member>(
        _ beginning: String, _ shape: InputShape<Member>, most: Int
    ) -> InputField where Value == [ParameterOfFamily<Member>] {
        let pattern = "^" + beginning.replacing(".", with: "\\.") + "."
        let schema = Schema(
            [
                "type": "object", "patternProperties": .object([pattern: shape.schema.json]),
                "additionalProperties": false, "maxProperties": JSON(most),
            ], components: shape.schema.components)
        return InputField(
            name: beginning, schema: schema, isRequired: false, parameter: shape.parameter, isFamily: true
        ) { json, decoding in
            guard let members = json?.object else { return [] }
            guard members.count <= most else {
                decoding.refuse("too_many", "At most \(most) of these parameters are accepted.")
                return nil
            }
            var values: [ParameterOfFamily<Member>] = []
            for member in members {
                guard let value = decoding.within(key: member.key, { shape.decode(member.value, &$0) }) else {
                    return nil
                }
                values.append(ParameterOfFamily(name: member.key, value: value))
            }
            return values
        }
    }

    /// A field of a PATCH. Absent and null both leave it unchanged.
    public static func patch<Wrapped>(
        _ name: String, _ shape: InputShape<Wrapped>
    ) -> InputField where Value == Patch<Wrapped> {
        patch(name, shape, emptiedBy: nil)
    }

    /// A field of a PATCH that a text, usually `""`, empties. Absent and null both leave it unchanged.
    public static func patch<Wrapped>(
        _ name: String, _ shape: InputShape<Wrapped>, emptiedBy text: String
    ) -> InputField where Value == Patch<Wrapped> {
        patch(name, shape, emptiedBy: JSON.string(text))
    }

    private static func patch<Wrapped>(
        _ name: String, _ shape: InputShape<Wrapped>, emptiedBy empty: JSON?
    ) -> InputField where Value == Patch<Wrapped> {
        var schema = shape.schema
        if let empty {
            schema = Schema(
                [
                    "anyOf": [schema.json, ["const": empty]],
                    "description": "An empty text takes it away; null leaves it as it is.",
                ], components: schema.components)
        }
        return InputField(name: name, schema: schema, isRequired: false, parameter: nil) { json, decoding in
            guard let json else { return .unchanged }
            if json == empty { return .clear }
            return shape.decode(json, &decoding).map { .set($0) }
        }
    }
}

/// One of several query parameters whose names begin alike.
public struct ParameterOfFamily<Value: Sendable>: Sendable {
    /// What follows the common beginning.
    public let name: String
    public let value: Value
}

extension InputShape {
    /// An object with these members and no others, made into a value by `make`.
    ///
    ///     InputShape<NewLine>.object(
    ///         "NewLine",
    ///         .required("variant_id", .identifier(IdentifierKinds.Variant.self)),
    ///         .optional("quantity", .integer(1...1_000_000), default: 1)
    ///     ) { NewLine(variant: $0, quantity: $1) }
    ///
    /// - Parameter name: the schema's name in the OpenAPI document, unique in the whole API.
    /// - Parameter make: may throw a `Problem` about members together; its pointers are relative to this object.
    public static func object<each Field: Sendable>(
        _ name: String, _ field: repeat InputField<each Field>,
        make: @escaping @Sendable (repeat each Field) throws(Problem) -> Value
    ) -> InputShape {
        let object = objectSchema(repeat each field)
        let schema = Schema(named: name, object.json, components: object.components)
        var names: [String] = []
        for field in repeat each field { names.append(field.name) }
        let known = names
        return InputShape(schema) { json, decoding in
            guard case .object(let members) = json else {
                decoding.refuse("type", "An object is expected.")
                return nil
            }
            for member in members where !known.contains(member.key) {
                decoding.within(key: member.key) { $0.refuse("unknown_field", "There is no such field.") }
            }
            func read<Content>(_ field: InputField<Content>) -> Content? {
                var value = members[field.name]
                if value == .null { value = nil }
                return decoding.within(key: field.name) { field.decode(value, &$0) }
            }
            // All are read before any is missed, so that every error is told.
            let values = (repeat read(each field))
            do {
                return try make(repeat try required(each values))
            } catch let problem as Problem {
                decoding.refuse(problem)
                return nil
            } catch {
                return nil
            }
        }
    }

    private static func objectSchema<each Field>(_ field: repeat InputField<each Field>) -> Schema {
        var properties: [(name: String, schema: Schema)] = []
        var required: [String] = []
        for field in repeat each field {
            properties.append((field.name, field.isRequired ? field.schema : field.schema.orNull))
            if field.isRequired { required.append(field.name) }
        }
        return Schema.object(properties, required: required)
    }
}

/// A member could not be read; what is wrong with it has been noted.
private struct MemberMissing: Error {}

private func required<Content>(_ value: Content?) throws -> Content {
    guard let value else { throw MemberMissing() }
    return value
}
