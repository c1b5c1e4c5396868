import HTTPTypes
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
    /// Whether browsers get pages from it.
    public var isPage: Bool { output.isPage }
    /// Pages, and what a provider calls, are not in the OpenAPI document.
    public var isUndocumented: Bool {
        if case .raw = input.body { true } else { isPage }
    }
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

    /// An address of the endpoint. Parameters without a value name nothing: they are identifiers of the right kind,
    /// drawn at random, so that a call is refused for no other reason than its caller, and does no harm when it is let
    /// in by mistake.
    public func address(
        naming values: [String: String] = [:], using random: inout some RandomNumberGenerator
    ) -> String {
        var parts: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            guard let parameter = input.path.first(where: { "{\($0.name)}" == part }) else {
                parts.append(String(part))
                continue
            }
            let digits = String(StoreID(.random128(using: &random)).description.dropFirst(4))
            let stray = parameter.schema.identifierPrefix.map { "\($0)_\(digits)" } ?? digits
            parts.append(values[parameter.name] ?? stray)
        }
        return parts.joined(separator: "/")
    }

    /// Whether the answer goes on until one side has enough.
    public var isStream: Bool { output.isStream }
}

/// The path, query and body that an endpoint takes.
public struct Input<Path: Sendable, Query: Sendable, Body: Sendable>: Sendable {
    private let path: PathShape<Path>
    private let readQuery: @Sendable (Substring.UTF8View) throws(Problem) -> Query
    private let readBody: @Sendable ([UInt8]) throws(Problem) -> Body
    fileprivate let description: InputDescription

    fileprivate init(path: PathShape<Path>, query: QueryShape<Query>, body: InputShape<Body>) {
        self.path = path
        readQuery = { bytes throws(Problem) in try query.value(of: bytes) }
        readBody = { bytes throws(Problem) in try body.value(of: Self.document(bytes)) }
        description = InputDescription(path, query: query, body: .json(body.schema))
    }

    fileprivate init(path: PathShape<Path>, query: QueryShape<Query>) where Body == Void {
        self.path = path
        readQuery = { bytes throws(Problem) in try query.value(of: bytes) }
        readBody = { bytes throws(Problem) in try Self.requireNothing(bytes) }
        description = InputDescription(path, query: query, body: .nothing)
    }

    fileprivate init(page path: PathShape<Path>) where Query == Form, Body == Void {
        self.path = path
        readQuery = { bytes throws(Problem) in Form(query: bytes) }
        readBody = { bytes throws(Problem) in try Self.requireNothing(bytes) }
        description = InputDescription(path, query: QueryShape<Void>.none, body: .nothing)
    }

    fileprivate init(form path: PathShape<Path>) where Query == Form, Body == Form {
        self.path = path
        readQuery = { bytes throws(Problem) in Form(query: bytes) }
        readBody = { bytes throws(Problem) in
            guard let form = Form(body: bytes) else {
                throw Problem(.malformed, "body.malformed", "The form cannot be read.")
            }
            return form
        }
        description = InputDescription(path, query: QueryShape<Void>.none, body: .form)
    }

    fileprivate init(raw path: PathShape<Path>) where Query == Void, Body == RawBody {
        self.path = path
        readQuery = { bytes throws(Problem) in try QueryShape<Void>.none.value(of: bytes) }
        readBody = { bytes throws(Problem) in RawBody(bytes) }
        description = InputDescription(path, query: QueryShape<Void>.none, body: .raw)
    }

    fileprivate init(file path: PathShape<Path>, type: String) where Query == Void, Body == RawBody {
        self.path = path
        readQuery = { bytes throws(Problem) in try QueryShape<Void>.none.value(of: bytes) }
        readBody = { bytes throws(Problem) in RawBody(bytes) }
        description = InputDescription(path, query: QueryShape<Void>.none, body: .file(type: type))
    }

    fileprivate init(upload path: PathShape<Path>) where Query == Form, Body == Upload {
        self.path = path
        readQuery = { bytes throws(Problem) in Form(query: bytes) }
        readBody = { bytes throws(Problem) in
            guard let upload = Upload(body: bytes) else {
                throw Problem(.malformed, "body.malformed", "The form cannot be read.")
            }
            return upload
        }
        description = InputDescription(path, query: QueryShape<Void>.none, body: .upload)
    }

    fileprivate func call(_ incoming: Incoming) throws(Problem) -> Call<Path, Query, Body> {
        guard let path = path.decode(incoming.path) else { throw Problem.notFound("resource") }
        let query = try readQuery(incoming.query)
        return Call(path: path, query: query, body: try readBody(incoming.body), incoming: incoming)
    }

    private static func requireNothing(_ bytes: [UInt8]) throws(Problem) {
        guard bytes.isEmpty else {
            throw Problem(.malformed, "body.unexpected", "This endpoint takes no body.")
        }
    }

    private static func document(_ bytes: [UInt8]) throws(Problem) -> JSON {
        // No body is an empty object, so that a POST whose fields are all optional needs none.
        guard !bytes.isEmpty else { return .object([:]) }
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw Problem(
                .malformed, "body.malformed", "The body is not acceptable JSON: \(error)",
                errors: [Problem.FieldError(pointer: error.pointer, code: "malformed", detail: error.detail)])
        }
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

extension Input where Query == Form, Body == Void {
    /// A page with parameters in its path.
    public static func page(_ path: PathShape<Path>) -> Input { Input(page: path) }
}

extension Input where Query == Form, Body == Form {
    /// A form with parameters in its action's path.
    public static func form(_ path: PathShape<Path>) -> Input { Input(form: path) }
}

extension Input where Path == Void, Query == Form, Body == Void {
    /// A page of one address; its query is whatever the address has.
    public static var page: Input { Input(page: PathShape<Void>.none) }
}

extension Input where Path == Void, Query == Form, Body == Form {
    /// What a browser sends with an HTML form.
    public static var form: Input { Input(form: PathShape<Void>.none) }
}

extension Input where Path == Void, Query == Void, Body == RawBody {
    /// A body of any type, as it was sent, without path parameters.
    public static var raw: Input { Input(raw: PathShape<Void>.none) }
}

extension Input where Query == Void, Body == RawBody {
    /// A body of any type, as it was sent.
    public static func raw(_ path: PathShape<Path>) -> Input { Input(raw: path) }
}

extension Input where Query == Void, Body == RawBody {
    /// A file of one type, such as `text/csv`, as it was sent.
    public static func file(_ path: PathShape<Path>, type: String) -> Input { Input(file: path, type: type) }
}

extension Input where Path == Void, Query == Form, Body == Upload {
    /// A form with a file.
    public static var upload: Input { Input(upload: PathShape<Void>.none) }
}

extension Input where Query == Form, Body == Upload {
    /// A form with a file.
    public static func upload(_ path: PathShape<Path>) -> Input { Input(upload: path) }
}

/// What is said of an endpoint's input: to the OpenAPI document, and to the gate.
struct InputDescription: Sendable {
    struct Parameter: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
    }

    enum Body: Sendable {
        case nothing
        case json(Schema)
        case form
        /// A form with a file.
        case upload
        /// A file of one type.
        case file(type: String)
        case raw
    }

    let path: [Parameter]
    let query: [Parameter]
    let body: Body
    /// Parameters whose shapes are no scalars: a mistake in the declaration.
    let unfit: [String]

    init(_ path: PathShape<some Sendable>, query: QueryShape<some Sendable>, body: Body) {
        self.path = path.parameters.map { Parameter(name: $0.name, schema: $0.schema, isRequired: true) }
        self.query = query.parameters.map { Parameter(name: $0.name, schema: $0.schema, isRequired: $0.isRequired) }
        self.body = body
        unfit =
            path.parameters.filter { !$0.canStandInPath }.map(\.name)
            + query.parameters.filter { $0.read == nil }.map(\.name)
    }

    /// The schema of a JSON body.
    var schema: Schema? {
        if case .json(let schema) = body { schema } else { nil }
    }

    var takesBody: Bool {
        if case .nothing = body { false } else { true }
    }
}

/// A request that has been routed and whose caller is known; not yet validated.
struct Incoming: Sendable {
    let path: PathParameters
    let query: Substring.UTF8View
    let body: [UInt8]
    let caller: Caller
    let requestID: String
    let idempotency: IdempotentRequest?
    let headers: HTTPFields
    /// Whether browsers reach the server over HTTPS.
    let isSecure: Bool
}
