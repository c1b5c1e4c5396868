import Persistence
import Primitives

extension Problem.Kind {
    /// The one status of the kind.
    var status: Int {
        switch self {
        case .malformed: 400
        case .unauthenticated: 401
        case .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .conflict: 409
        case .gone: 410
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .invalid: 422
        case .rateLimited: 429
        case .headersTooLarge: 431
        case .internal: 500
        case .unavailable: 503
        }
    }

    /// The reason phrase of the status (RFC 9110).
    var title: String {
        switch self {
        case .malformed: "Bad Request"
        case .unauthenticated: "Unauthorized"
        case .forbidden: "Forbidden"
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        case .requestTimeout: "Request Timeout"
        case .conflict: "Conflict"
        case .gone: "Gone"
        case .bodyTooLarge: "Content Too Large"
        case .unsupportedMediaType: "Unsupported Media Type"
        case .invalid: "Unprocessable Content"
        case .rateLimited: "Too Many Requests"
        case .headersTooLarge: "Request Header Fields Too Large"
        case .internal: "Internal Server Error"
        case .unavailable: "Service Unavailable"
        }
    }
}

extension Problem {
    private static let members: Set<String> = ["type", "title", "status", "code", "detail", "request_id", "errors"]

    /// The problem as RFC 9457 has it.
    func document(requestID: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 384)
        writer.object { writer in
            writer.field("type", "/problems/\(code)")
            writer.field("title", kind.title)
            writer.field("status", kind.status)
            writer.field("code", code)
            writer.field("detail", detail)
            writer.field("request_id", requestID)
            if !errors.isEmpty {
                writer.array("errors", errors) { writer, error in
                    writer.object { writer in
                        writer.field("pointer", error.pointer)
                        writer.field("code", error.code)
                        writer.field("detail", error.detail)
                        if let available = error.available { writer.field("available", available) }
                    }
                }
            }
            for (key, value) in references.sorted(by: { $0.key < $1.key }) where !Self.members.contains(key) {
                writer.field(key, value)
            }
        }
        return writer.bytes
    }

    /// What is said of an error that is no problem: nothing of its inside. Nil when it is a defect, which has to be
    /// logged.
    /// - Parameter hasKey: whether the request came under an idempotency key, and so can be sent again safely.
    static func expected(_ error: any Error, hasKey: Bool) -> Problem? {
        switch error {
        case let problem as Problem: problem
        case DatabaseError.queueFull, DatabaseError.conflict, DatabaseError.statementTimeout:
            Problem(.unavailable, "busy", "There is too much to do at the moment. Try again.", retryAfterSeconds: 1)
        case DatabaseError.unavailable:
            // Away, full or damaged: which of them is for the log, not for callers.
            Problem(
                .unavailable, "unavailable", "The database cannot serve this at the moment. Try again later.",
                retryAfterSeconds: 2)
        case DatabaseError.ambiguousCommit: hasKey ? commitUnknownUnderKey : commitUnknown
        case is CancellationError: timeout
        default: nil
        }
    }

    private static let commitUnknownUnderKey = Problem(
        .unavailable, "commit.unknown",
        "The change may or may not have been made. Send it again with the same Idempotency-Key to find out.",
        retryAfterSeconds: 1)
    private static let commitUnknown = Problem(
        .unavailable, "commit.unknown",
        "The change may or may not have been made. Look whether it was before you send it again.")
    static let timeout = Problem(
        .unavailable, "timeout", "The answer took too long. Try again.", retryAfterSeconds: 1)
    static let defect = Problem(
        .internal, "internal", "Something went wrong on our side. It has been logged under the request's id.")
    static let noRoute = Problem(.notFound, "not_found", "There is nothing at this address.")
}
