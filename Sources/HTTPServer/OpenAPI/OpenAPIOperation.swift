import Primitives

/// What the OpenAPI document says of one endpoint.
struct OpenAPIOperation {
    let endpoint: Endpoint

    private var policy: Policy { endpoint.policy }

    /// The schemas that the operation refers to.
    var schemas: [Schema] {
        let parameters = endpoint.input.path + endpoint.input.query
        return parameters.map(\.schema) + [endpoint.input.schema, endpoint.output.schema].compactMap { $0 }
    }

    var json: JSON {
        var operation: JSONObject = [
            "operationId": .string(endpoint.name),
            "summary": .string(endpoint.summary),
            "tags": [.string(tag)],
            "security": security,
        ]
        let parameters = self.parameters
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = endpoint.input.schema {
            operation["requestBody"] = [
                "required": .bool(!required(by: body).isEmpty), "content": ["application/json": ["schema": body.json]],
            ]
        }
        if case .file(let type) = endpoint.input.body {
            operation["requestBody"] = [
                "required": true, "content": [type: ["schema": ["type": "string", "format": "binary"]]],
            ]
        }
        operation["responses"] = responses
        operation["x-rate-limit"] = [
            "class": .string(policy.rateLimit.name), "requests": JSON(policy.rateLimit.requests),
            "per_seconds": JSON(policy.rateLimit.perSeconds),
        ]
        operation["x-timeout-seconds"] = .number(policy.timeoutSeconds)
        if endpoint.input.takesBody { operation["x-body-limit-bytes"] = JSON(policy.bodyLimitBytes) }
        return .object(operation)
    }

    /// The noun after `/api/v1/`.
    private var tag: String {
        let segments = endpoint.path.split(separator: "/")
        guard segments.first == "api", segments.count > 2, !segments[2].contains(".") else { return "operations" }
        return String(segments[2])
    }

    private var security: JSON {
        let publishable: JSON = ["publishableKey": []]
        let order: JSON = ["orderToken": []]
        func secret(_ scope: Scope) -> JSON { ["secretKey": [.string(scope.rawValue)]] }
        return switch policy.caller {
        case .anyone, .session: []
        case .publishableKey, .checkoutHolder: [publishable]
        case .secretKey(let scope): [secret(scope)]
        case .publishableOrSecretKey(let scope): [publishable, secret(scope)]
        case .orderHolder: [order]
        case .orderHolderOrSecretKey(let scope): [order, secret(scope)]
        }
    }

    private var parameters: [JSON] {
        var parameters = endpoint.input.path.map { parameter in
            JSON.object([
                "name": .string(parameter.name), "in": "path", "required": true, "schema": parameter.schema.json,
            ])
        }
        parameters += endpoint.input.query.map { parameter in
            [
                "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
                "schema": parameter.schema.json,
            ]
        }
        if policy.idempotencyKey != .notUsed {
            parameters.append([
                "name": "Idempotency-Key", "in": "header", "required": .bool(policy.idempotencyKey == .required),
                "description": "Chosen by the caller; sent again with the same request, the answer is the same.",
                "schema": ["type": "string", "maxLength": 255, "pattern": "^[!-~](?:[ -~]*[!-~])?$"],
            ])
        }
        return parameters
    }

    private var responses: JSON {
        var responses = JSONObject()
        for status in endpoint.output.statuses {
            var response: JSONObject = ["description": .string(Self.phrase(status))]
            if let schema = endpoint.output.schema {
                response["content"] = ["application/json": ["schema": schema.json]]
            }
            if endpoint.output.isStream {
                response["content"] = ["text/event-stream": ["schema": ["type": "string"]]]
            }
            responses[String(status)] = .object(response)
        }
        for (kind, codes) in problems where responses[String(kind.status)] == nil {
            let listed = codes.isEmpty ? "" : ": " + codes.joined(separator: ", ")
            responses[String(kind.status)] = Self.problem(kind.title + listed)
        }
        responses["default"] = Self.problem("Any other problem")
        return .object(responses)
    }

    /// The kinds of problems that can be answered, by status, and their codes.
    private var problems: [(kind: Problem.Kind, codes: [String])] {
        var codes: [Problem.Kind: [String]] = [
            .malformed: ["http.malformed"], .rateLimited: ["rate_limited"], .internal: ["internal"],
            .unavailable: ["busy", "unavailable", "timeout"], .headersTooLarge: ["headers.too_large"],
        ]
        if policy.caller != .anyone { codes[.unauthenticated] = ["unauthenticated"] }
        if policy.caller.scope != nil { codes[.forbidden] = ["forbidden"] }
        if !endpoint.input.path.isEmpty { codes[.notFound] = ["not_found"] }
        if !endpoint.input.query.isEmpty || endpoint.input.takesBody { codes[.invalid] = ["validation.failed"] }
        if endpoint.input.takesBody {
            codes[.malformed, default: []].append("body.malformed")
            codes[.requestTimeout] = ["request.timeout"]
            codes[.bodyTooLarge] = ["body.too_large"]
            codes[.unsupportedMediaType] = ["body.unsupported_type"]
        }
        if policy.idempotencyKey == .required { codes[.malformed, default: []].append("idempotency_key.missing") }
        if endpoint.method != .get { codes[.unavailable, default: []].append("commit.unknown") }
        if policy.idempotencyKey != .notUsed {
            codes[.malformed, default: []].append("idempotency_key.malformed")
            codes[.conflict, default: []].append("idempotency_key.in_progress")
            codes[.invalid, default: []].append("idempotency_key.reused")
        }
        for problem in endpoint.problems { codes[problem.kind, default: []].append(problem.code) }
        return codes.map { ($0.key, $0.value) }.sorted { $0.kind.status < $1.kind.status }
    }

    private func required(by schema: Schema) -> [JSON] {
        let name = schema.json["$ref"]?.string?.split(separator: "/").last.map { String($0) }
        let object = name.flatMap { schema.components[$0] } ?? schema.json
        return object["required"]?.array ?? []
    }

    private static func problem(_ description: String) -> JSON {
        [
            "description": .string(description),
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
    }

    private static func phrase(_ status: Int) -> String {
        switch status {
        case 201: "Made"
        case 202: "Taken on"
        case 204: "Done"
        case 503: "Not well"
        default: "OK"
        }
    }
}
