/// A refusal or failure that is said to the caller: a kind, a stable code, a sentence, and the fields concerned.
public struct Problem: Error, Hashable, Sendable {
    /// The closed set of kinds; the HTTP layer maps each to one status.
    public enum Kind: String, Sendable, CaseIterable {
        /// The request cannot be understood at all (400).
        case malformed
        /// The request is understood and wrong (422).
        case invalid
        case unauthenticated
        case forbidden
        case notFound
        case methodNotAllowed
        case requestTimeout
        /// True of the request, not of the state it meets (409).
        case conflict
        /// It existed and no longer does (410).
        case gone
        case bodyTooLarge
        case unsupportedMediaType
        case headersTooLarge
        case rateLimited
        case unavailable
        case `internal`
    }

    /// One field's part in a problem.
    public struct FieldError: Hashable, Sendable {
        /// RFC 6901 JSON pointer into the body, or `?name` for a query parameter, or a header's name.
        public var pointer: String
        /// Stable code, such as `required`.
        public var code: String
        /// A sentence.
        public var detail: String
        /// Units still available, when stock is what lacks.
        public var available: Int?

        public init(pointer: String, code: String, detail: String, available: Int? = nil) {
            self.pointer = pointer
            self.code = code
            self.detail = detail
            self.available = available
        }
    }

    public var kind: Kind
    /// Stable, lower-case, dotted: `stock.insufficient`.
    public var code: String
    /// A sentence that a shopper or an engineer can act on. Never contains internals.
    public var detail: String
    public var errors: [FieldError]
    /// Seconds after which trying again makes sense.
    public var retryAfterSeconds: Int?
    /// Identifiers that help the caller go on, such as the order that took an `external_id`.
    public var references: [String: String]

    public init(
        _ kind: Kind, _ code: String, _ detail: String, errors: [FieldError] = [], retryAfterSeconds: Int? = nil,
        references: [String: String] = [:]
    ) {
        self.kind = kind
        self.code = code
        self.detail = detail
        self.errors = errors
        self.retryAfterSeconds = retryAfterSeconds
        self.references = references
    }

    /// `validation.failed` with the fields that failed.
    public static func validation(_ errors: [FieldError]) -> Problem {
        let count = errors.count == 1 ? "One field is" : "\(errors.count) fields are"
        return Problem(.invalid, "validation.failed", "\(count) not valid.", errors: errors)
    }

    /// `validation.failed` for one field.
    public static func validation(_ pointer: String, _ code: String, _ detail: String) -> Problem {
        validation([FieldError(pointer: pointer, code: code, detail: detail)])
    }

    /// `not_found`, saying what.
    public static func notFound(_ what: String) -> Problem {
        Problem(.notFound, "not_found", "There is no such \(what).")
    }
}
