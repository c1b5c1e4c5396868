import HTTPTypes
public import Primitives

/// One request to an endpoint: validated, its caller allowed.
public struct Call<Path: Sendable, Query: Sendable, Body: Sendable>: Sendable {
    public let path: Path
    public let query: Query
    public let body: Body
    public let caller: Caller
    /// Goes into events, jobs, logs and outgoing calls.
    public let requestID: String
    private let idempotentRequest: IdempotentRequest?
    private let headers: HTTPFields
    private let isSecure: Bool

    init(path: Path, query: Query, body: Body, incoming: Incoming) {
        self.path = path
        self.query = query
        self.body = body
        caller = incoming.caller
        requestID = incoming.requestID
        idempotentRequest = incoming.idempotency
        headers = incoming.headers
        isSecure = incoming.isSecure
    }

    /// A header of the request, such as `Last-Event-ID`; the first where there are several.
    public func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[values: $0].first }
    }

    /// The value of a cookie that the browser sent.
    public func cookie(_ name: String) -> String? {
        Cookie.value(of: name, in: headers[values: .cookie], isSecure: isSecure)
    }

    /// Who events are recorded as done by.
    public var actor: Actor { caller.actor }

    /// The store that the caller's key belongs to.
    /// - Throws: `unauthenticated` when the caller has no key, which only endpoints for anyone and for holders of order
    ///   tokens meet.
    public var store: StoreID {
        get throws(Problem) {
            guard let store = caller.store else {
                throw Problem(.unauthenticated, "unauthenticated", "A key is needed.")
            }
            return store
        }
    }

    /// What makes the request the same when it is sent again; nil where the policy leaves the key to the caller and
    /// none was sent.
    public var optionalIdempotency: IdempotentRequest? { idempotentRequest }

    /// What makes the request the same when it is sent again.
    /// - Throws: `idempotency_key.missing`; never where the policy requires the key.
    public var idempotency: IdempotentRequest {
        get throws(Problem) {
            guard let idempotentRequest else { throw IdempotentRequest.missing }
            return idempotentRequest
        }
    }
}
