import HTTPServer
import Primitives
import TestSupport
import Testing

/// The OpenAPI document says what the endpoints do.
struct DocumentTests {
    @Test(arguments: TestEngine.available)
    func `every endpoint is documented with its policy`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let paths = try #require(shop.openAPI["paths"])
            for endpoint in shop.endpoints {
                let operation = try #require(
                    paths[endpoint.path]?[endpoint.method.rawValue.lowercased()], "\(endpoint.name)")
                #expect(operation["operationId"] == .string(endpoint.name))
                #expect(operation["summary"] == .string(endpoint.summary))
                #expect(operation["security"] == Self.security(of: endpoint.policy.caller), "\(endpoint.name)")
                #expect(operation["x-rate-limit"]?["class"] == .string(endpoint.policy.rateLimit.name))
                let parameters = (operation["parameters"]?.array ?? []).compactMap { $0["name"]?.string }
                #expect(parameters.contains("Idempotency-Key") == (endpoint.policy.idempotencyKey != .notUsed))
                let key = operation["parameters"]?.array?.first { $0["name"] == "Idempotency-Key" }
                #expect(key.map { $0["required"] == .bool(endpoint.policy.idempotencyKey == .required) } != false)
                for segment in endpoint.path.split(separator: "/") where segment.hasPrefix("{") {
                    #expect(parameters.contains(String(segment.dropFirst().dropLast())), "\(endpoint.name)")
                }
            }
            let reply = try await shop.send("GET", "/api/v1/openapi.json", as: .nobody)
            #expect(try reply.json == shop.openAPI)
        }
    }

    @Test(arguments: TestEngine.available)
    func `names are unique and nothing else is documented`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let operations = (shop.openAPI["paths"]?.object ?? [:]).flatMap { path in
                (path.value.object ?? [:]).compactMap { $0.value["operationId"]?.string }
            }
            #expect(Set(operations).count == operations.count)
            let own: Set = ["getOpenAPI", "getHealth", "getLiveness", "getReadiness"]
            #expect(Set(operations).subtracting(shop.endpoints.map(\.name)).isSubset(of: own))
            #expect(Set(shop.endpoints.map(\.name)).isSubset(of: operations))
            let schemes = shop.openAPI["components"]?["securitySchemes"]?.object
            #expect(Set((schemes ?? [:]).map(\.key)) == ["secretKey", "publishableKey", "orderToken"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `answers have the members that the document promises and no others`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for endpoint in shop.endpoints {
                let sample = try await shop.sample(of: endpoint)
                let caller = endpoint.policy.caller.scope == nil ? shop.buyer : shop.staff
                let reply = try await shop.ask(endpoint, sample, as: caller)
                let operation = shop.openAPI["paths"]?[endpoint.path]?[endpoint.method.rawValue.lowercased()]
                let response = try #require(operation?["responses"]?[String(reply.status)], "\(endpoint.name)")
                guard let schema = response["content"]?["application/json"]?["schema"] else {
                    let isStream = response["content"]?["text/event-stream"] != nil
                    #expect(isStream || reply.body.isEmpty)
                    #expect(isStream == (reply.headers["content-type"]?.hasPrefix("text/event-stream") == true))
                    continue
                }
                let faults = try Self.faults(of: reply.json, by: schema, in: shop.openAPI, at: "")
                #expect(faults == [], "\(endpoint.name)")
            }
        }
    }

    private static func security(of requirement: CallerRequirement) -> JSON {
        var schemes: [JSON] = []
        if requirement.acceptsPublishableKey { schemes.append(["publishableKey": []]) }
        if requirement.acceptsOrderToken { schemes.append(["orderToken": []]) }
        if let scope = requirement.scope { schemes.append(["secretKey": [.string(scope.rawValue)]]) }
        return .array(schemes)
    }

    /// Members that are missing or not promised, and values of the wrong type.
    private static func faults(of value: JSON, by schema: JSON, in document: JSON, at place: String) throws -> [String]
    {
        if let reference = schema["$ref"]?.string {
            let named = try #require(document[pointer: String(reference.dropFirst())])
            return try faults(of: value, by: named, in: document, at: place)
        }
        if let choices = schema["oneOf"]?.array {
            let isFine = try choices.contains { try faults(of: value, by: $0, in: document, at: place).isEmpty }
            return isFine ? [] : ["\(place) is none of the choices"]
        }
        let types = schema["type"].map { $0.array ?? [$0] } ?? []
        guard types.isEmpty || types.contains(.string(value.typeName)) else { return ["\(place) is \(value.typeName)"] }
        switch value {
        case .array(let elements):
            let inner = schema["items"] ?? [:]
            return try elements.enumerated().flatMap { index, element in
                try faults(of: element, by: inner, in: document, at: "\(place)/\(index)")
            }
        case .object(let members):
            guard let properties = schema["properties"]?.object else { return [] }
            let required = (schema["required"]?.array ?? []).compactMap(\.string)
            var found = required.filter { members[$0] == nil }.map { "\(place)/\($0) is missing" }
            for member in members {
                guard let inner = properties[member.key] else {
                    found.append("\(place)/\(member.key) is not promised")
                    continue
                }
                found += try faults(of: member.value, by: inner, in: document, at: "\(place)/\(member.key)")
            }
            return found
        default: return []
        }
    }
}

extension JSON {
    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
