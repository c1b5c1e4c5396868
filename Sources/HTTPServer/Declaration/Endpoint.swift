public import Primitives

/// One route with all that is promised about it: who may call it, what it takes, what it answers.
///
/// The router, the OpenAPI document, the authorisation matrix and the readiness probes are made from these
/// declarations.
public struct Endpoint: Sendable {
    /// The methods that endpoints have. HEAD is answered for every GET, OPTIONS for every path.
    public enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public let method: Method
    /// The path with its parameters in braces, such as `/api/v1/orders/{order}`. What logs carry instead of paths.
    public let path: String
    /// The operation's name in the OpenAPI document, unique in the whole API, such as `cancelOrder`.
    public let name: String
    /// A sentence without a full stop.
    public let summary: String
    public let policy: Policy
    let input: InputDescription
    let output: OutputDescription
    let problems: [(kind: Problem.Kind, code: String)]
    let respond: @Sendable (Incoming) async throws -> Outgoing

    /// Declares a route.
    /// - Parameters:
    ///   - problems: the codes that this endpoint's callers act on, by kind.
    ///   - handler: called once the caller is known to be allowed and everything sent has been validated. A `Problem`
    ///     it throws is said to the caller; any other error is logged and answered as `internal`.
    public init<Path, Query, Body, Value>(
        _ method: Method, _ path: String, _ name: String, summary: String, policy: Policy,
        takes input: Input<Path, Query, Body>, answers output: Output<Value>,
        problems: KeyValuePairs<Problem.Kind, String> = [:],
        handler: @escaping @Sendable (Call<Path, Query, Body>) async throws -> Answer<Value>
    ) {
        self.method = method
        self.path = path
        self.name = name
        self.summary = summary
        self.policy = policy
        self.input = input.description
        self.output = output.description
        self.problems = problems.map { ($0.key, $0.value) }
        respond = { incoming in
            try await handler(input.call(incoming)).outgoing(output)
        }
    }
}

/// The path, query and body shapes of an endpoint.
public struct Input<Path: Sendable, Query: Sendable, Body: Sendable>: Sendable {
    let path: PathShape<Path>
    let query: QueryShape<Query>
    /// Nil for endpoints that take no body.
    let body: InputShape<Body>?
    let noBody: (@Sendable () -> Body)?

    fileprivate init(path: PathShape<Path>, query: QueryShape<Query>, body: InputShape<Body>) {
        self.path = path
        self.query = query
        self.body = body
        noBody = nil
    }

    fileprivate init(path: PathShape<Path>, query: QueryShape<Query>) where Body == Void {
        self.path = path
        self.query = query
        body = nil
        noBody = {}
    }

    fileprivate var description: InputDescription {
        InputDescription(
            path: path.parameters.map {
                InputDescription.Parameter(name: $0.name, schema: $0.schema, isRequired: true)
            },
            query: query.parameters.map {
                InputDescription.Parameter(name: $0.name, schema: $0.schema, isRequired: $0.isRequired)
            },
            body: body?.schema,
            unfit: path.parameters.filter { !$0.canStandInPath }.map(\.name)
                + query.parameters.filter { $0.read == nil }.map(\.name))
    }

    fileprivate func call(_ incoming: Incoming) throws(Problem) -> Call<Path, Query, Body> {
        guard let path = path.decode(incoming.path) else { throw Problem.notFound("resource") }
        let query = try query.value(of: incoming.query)
        return Call(path: path, query: query, body: try decodeBody(incoming), incoming: incoming)
    }

    private func decodeBody(_ incoming: Incoming) throws(Problem) -> Body {
        guard let body else {
            guard incoming.body.isEmpty, let noBody else {
                throw Problem(.malformed, "body.unexpected", "This endpoint takes no body.")
            }
            return noBody()
        }
        // No body is an empty object, so that a POST whose fields are all optional needs none.
        guard !incoming.body.isEmpty else { return try body.value(of: .object([:])) }
        let document: JSON
        do {
            document = try JSON(parsing: incoming.body)
        } catch {
            throw Problem(
                .malformed, "body.malformed", "The body is not acceptable JSON: \(error)",
                errors: [Problem.FieldError(pointer: error.pointer, code: "malformed", detail: error.detail)])
        }
        return try body.value(of: document)
    }
}

extension Input where Path == Void, Query == Void, Body == Void {
    /// Neither parameters nor a body.
    public static var nothing: Input { Input(path: PathShape<Void>.none, query: QueryShape<Void>.none) }
}

extension Input {
    /// Path parameters only.
    public static func path(_ path: PathShape<Path>) -> Input where Query == Void, Body == Void {
        Input(path: path, query: QueryShape<Void>.none)
    }

    /// Query parameters only.
    public static func query(_ query: QueryShape<Query>) -> Input where Path == Void, Body == Void {
        Input(path: PathShape<Void>.none, query: query)
    }

    /// A body only.
    public static func body(_ body: InputShape<Body>) -> Input where Path == Void, Query == Void {
        Input(path: PathShape<Void>.none, query: QueryShape<Void>.none, body: body)
    }

    /// Path and query parameters.
    public static func path(_ path: PathShape<Path>, query: QueryShape<Query>) -> Input where Body == Void {
        Input(path: path, query: query)
    }

    /// Path parameters and a body.
    public static func path(_ path: PathShape<Path>, body: InputShape<Body>) -> Input where Query == Void {
        Input(path: path, query: QueryShape<Void>.none, body: body)
    }

    /// Path and query parameters and a body.
    public static func path(_ path: PathShape<Path>, query: QueryShape<Query>, body: InputShape<Body>) -> Input {
        Input(path: path, query: query, body: body)
    }
}

/// What the OpenAPI document says of an endpoint's input.
struct InputDescription: Sendable {
    struct Parameter: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
    }

    let path: [Parameter]
    let query: [Parameter]
    let body: Schema?
    /// Parameters whose shapes are no scalars: a mistake in the declaration.
    let unfit: [String]
}

/// A request that has been routed and whose caller is known; not yet validated.
struct Incoming: Sendable {
    let path: PathParameters
    let query: Substring.UTF8View
    let body: [UInt8]
    let caller: Caller
    let requestID: String
    let idempotency: IdempotentRequest?
}
