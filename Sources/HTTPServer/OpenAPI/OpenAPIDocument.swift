import Primitives

/// The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0), made from the declarations.
struct OpenAPIDocument {
    let title: String
    let version: String

    /// The document about these endpoints.
    func json(_ endpoints: [Endpoint]) -> JSON {
        var paths = JSONObject()
        var schemas: [String: JSON] = [:]
        for endpoint in endpoints {
            let operation = OpenAPIOperation(endpoint: endpoint)
            var item = paths[endpoint.path]?.object ?? [:]
            item[endpoint.method.rawValue.lowercased()] = operation.json
            paths[endpoint.path] = .object(item)
            for schema in operation.schemas { schemas.merge(schema.components) { first, _ in first } }
        }
        var components = JSONObject()
        for (name, schema) in schemas.sorted(by: { $0.key < $1.key }) { components[name] = schema }
        components["Problem"] = Self.problem
        return [
            "openapi": "3.1.0",
            "info": [
                "title": .string(title), "version": .string(version),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths),
            "components": ["schemas": .object(components), "securitySchemes": Self.securitySchemes],
        ]
    }

    /// The endpoint that serves the document.
    static func endpoint(_ body: EncodedBody) -> Endpoint {
        Endpoint(
            .get, "/api/v1/openapi.json", "getOpenAPI", summary: "This document",
            policy: Policy(.anyone, rateLimit: RateLimitClass("documents", requests: 60, perSeconds: 60)),
            takes: .nothing, answers: .ok(OutputShape<JSON>.anything)
        ) { _ in .encoded(body) }
    }

    private static let securitySchemes: JSON = [
        "secretKey": [
            "type": "http", "scheme": "bearer",
            "description": "A secret key, sk_…, of a back end or a member of staff.",
        ],
        "publishableKey": [
            "type": "apiKey", "in": "header", "name": "Shipshape-Key",
            "description": "A publishable key, pk_…, of a storefront.",
        ],
        "orderToken": [
            "type": "apiKey", "in": "header", "name": "Order-Token",
            "description": "The token in the answer that made the order.",
        ],
    ]

    /// RFC 9457 with our members. What helps the caller go on, such as `order_id`, is a member of its own.
    private static let problem: JSON = [
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "request_id"],
        "properties": [
            "type": ["type": "string"],
            "title": ["type": "string"],
            "status": ["type": "integer", "minimum": 400, "maximum": 599],
            "code": ["type": "string", "description": "Stable; what programs act on."],
            "detail": ["type": "string", "description": "A sentence for people."],
            "request_id": ["type": "string"],
            "errors": [
                "type": "array", "maxItems": .integer(Int64(Decoding.mostErrors)),
                "items": [
                    "type": "object", "required": ["pointer", "code", "detail"],
                    "properties": [
                        "pointer": [
                            "type": "string",
                            "description": "A JSON pointer into the body, ?name for a query parameter, or a header.",
                        ],
                        "code": ["type": "string"],
                        "detail": ["type": "string"],
                        "available": ["type": "integer", "description": "Units that can still be had."],
                    ],
                    "additionalProperties": false,
                ],
            ],
        ],
        "additionalProperties": ["type": "string"],
    ]
}
