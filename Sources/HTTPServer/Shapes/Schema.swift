public import Primitives

/// The JSON Schema (2020-12, as in OpenAPI 3.1) of a shape, and the named schemas it refers to.
public struct Schema: Sendable, Hashable {
    /// What stands where the shape is used: the schema, or a reference to a named one.
    public let json: JSON
    /// The named schemas within, by name.
    public let components: [String: JSON]

    /// A schema without a name.
    public init(_ json: JSON, components: [String: JSON] = [:]) {
        self.json = json
        self.components = components
    }

    /// A schema that stands in the document once and is referred to by name.
    public init(named name: String, _ json: JSON, components: [String: JSON]) {
        self.json = ["$ref": .string("#/components/schemas/\(name)")]
        self.components = components.merging([name: json]) { first, _ in first }
    }

    /// The same, or null.
    @usableFromInline var orNull: Schema {
        guard var object = json.object, case .string(let type)? = object["type"] else {
            return Schema(["oneOf": [json, ["type": "null"]]], components: components)
        }
        object["type"] = [.string(type), "null"]
        if case .array(let values)? = object["enum"] { object["enum"] = .array(values + [.null]) }
        return Schema(.object(object), components: components)
    }

    /// The same with another keyword.
    func with(_ keyword: String, _ value: JSON) -> Schema {
        guard var object = json.object else { return self }
        object[keyword] = value
        return Schema(.object(object), components: components)
    }

    /// The schema of an object with these properties and no others.
    @usableFromInline
    static func object(_ properties: [(name: String, schema: Schema)], required: [String]) -> Schema {
        var members = JSONObject()
        var components: [String: JSON] = [:]
        for property in properties {
            members[property.name] = property.schema.json
            components.merge(property.schema.components) { first, _ in first }
        }
        var object: JSONObject = ["type": "object", "properties": .object(members)]
        if !required.isEmpty { object["required"] = .array(required.map { .string($0) }) }
        object["additionalProperties"] = false
        return Schema(.object(object), components: components)
    }
}
