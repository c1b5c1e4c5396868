/// What an endpoint promises to answer.
public struct Output<Value: Sendable>: Sendable {
    let statuses: [Int]
    let schema: Schema?
    var isPage = false
    var isStream = false
    let encode: @Sendable (Value) -> Outgoing.Content

    /// 200 with a value.
    public static func ok(_ shape: OutputShape<Value>) -> Output {
        Output(statuses: [200], schema: shape.schema, encode: { .json(EncodedBody(shape.encode($0))) })
    }

    /// 201 with a value.
    /// - Parameter orOK: whether 200 with the same shape is answered as well, when there was nothing to make.
    public static func created(_ shape: OutputShape<Value>, orOK: Bool = false) -> Output {
        Output(
            statuses: orOK ? [201, 200] : [201], schema: shape.schema, encode: { .json(EncodedBody(shape.encode($0))) })
    }

    /// The shape with other statuses, the first being what `.value` answers.
    public static func statuses(_ statuses: [Int], _ shape: OutputShape<Value>) -> Output {
        Output(statuses: statuses, schema: shape.schema, encode: { .json(EncodedBody(shape.encode($0))) })
    }

    var description: OutputDescription {
        OutputDescription(statuses: statuses, schema: schema, isPage: isPage, isStream: isStream)
    }
}

extension Output where Value == Void {
    /// 204 without a body.
    public static var noContent: Output { Output(statuses: [204], schema: nil, encode: { _ in .nothing }) }
}

extension Output where Value == WebAnswer {
    /// Pages, files and event streams for browsers. Problems are answered as pages too.
    public static var web: Output {
        var output = Output(statuses: [200], schema: nil, encode: { .web($0) })
        output.isPage = true
        return output
    }

    /// A stream of events for programs; problems are answered as JSON.
    public static var events: Output {
        var output = Output(statuses: [200], schema: nil, encode: { .web($0) })
        output.isStream = true
        return output
    }
}

/// What the OpenAPI document says of an endpoint's answers.
struct OutputDescription: Sendable {
    let statuses: [Int]
    let schema: Schema?
    let isPage: Bool
    /// Answered as `text/event-stream`.
    let isStream: Bool
}

/// What a handler answers.
public struct Answer<Value: Sendable>: Sendable {
    private enum Content: Sendable {
        case value(Value)
        case encoded(EncodedBody)
        case stored(StoredAnswer)
    }

    private let content: Content
    private let status: Int?
    /// Headers besides those that the server sets.
    public var headers: [(name: String, value: String)] = []

    private init(_ content: Content, status: Int?) {
        self.content = content
        self.status = status
    }

    /// The value with the endpoint's first status.
    public static func value(_ value: Value) -> Answer { Answer(.value(value), status: nil) }

    /// The value with a status that the endpoint has declared.
    public static func value(_ value: Value, status: Int) -> Answer { Answer(.value(value), status: status) }

    /// Bytes that were encoded before with the endpoint's shape; the cheapest answer there is.
    public static func encoded(_ body: EncodedBody) -> Answer { Answer(.encoded(body), status: nil) }

    /// What was answered, now or before, under an idempotency key.
    public static func stored(_ answer: StoredAnswer) -> Answer { Answer(.stored(answer), status: answer.status) }

    func outgoing(_ output: Output<Value>) -> Outgoing {
        let status = status ?? output.statuses[0]
        switch content {
        case .encoded(let body): return Outgoing(status: status, content: .json(body), headers: headers)
        case .value(let value):
            return Outgoing(status: status, content: output.encode(value), headers: headers)
        case .stored(let answer):
            var headers = headers
            if answer.isReplay { headers.append(("Idempotency-Replayed", "true")) }
            return Outgoing(status: status, content: .json(EncodedBody(answer.body)), headers: headers)
        }
    }
}

extension Answer where Value == Void {
    /// No content.
    public static var empty: Answer { .value(()) }
}

/// An answer on its way out, its value encoded.
struct Outgoing: Sendable {
    enum Content: Sendable {
        case nothing
        case json(EncodedBody)
        /// Knows its status and its headers itself.
        case web(WebAnswer)
    }

    var status: Int
    var content: Content
    var headers: [(name: String, value: String)]
}
