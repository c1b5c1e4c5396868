import Primitives

struct OpenAPIDocument {
    let title: String
    let version: String

    func json(_ endpoints: [Endpoint]) -> JSON { [:] }

    static func endpoint(_ body: EncodedBody) -> Endpoint {
        Endpoint(
            .get, "/api/v1/openapi.json", "getOpenAPI", summary: "This document",
            policy: Policy(.anyone, rateLimit: RateLimitClass("documents", requests: 60, perSeconds: 60)),
            takes: .nothing, answers: .ok(.anything)
        ) { _ in .encoded(body) }
    }
}
