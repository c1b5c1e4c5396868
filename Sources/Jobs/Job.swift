public import Primitives

/// A job to be enqueued.
public struct NewJob: Hashable, Sendable {
    public var kind: JobKind
    /// The tenant it works for; nil for the installation's own work.
    public var store: StoreID?
    /// Among the jobs of a kind that are still kept (finished ones for 24 hours), one job has a key; a second one is
    /// not enqueued.
    public var key: String?
    /// What the handler needs to know: identifiers rather than copies, and no secrets.
    public var payload: JSON
    /// Not before; nil for at once.
    public var runAt: Instant?
    /// The request that caused it.
    public var requestID: String?

    public init(
        _ kind: JobKind, store: StoreID? = nil, key: String? = nil, payload: JSON = [:], runAt: Instant? = nil,
        requestID: String? = nil
    ) {
        self.kind = kind
        self.store = store
        self.key = key
        self.payload = payload
        self.runAt = runAt
        self.requestID = requestID
    }
}

/// A job as its handler gets it.
public struct Job: Hashable, Sendable {
    public let id: JobID
    /// The kind's name.
    public let kind: String
    public let store: StoreID?
    public let key: String?
    public let payload: JSON
    /// How often it was claimed, this time included. Each claim has another number: it fences the lease.
    public let attempt: Int
    /// How often it failed before: errors, timeouts, and leases that ran out because the process died.
    public let failures: Int
    public let maxAttempts: Int
    public let enqueuedAt: Instant
    public let requestID: String?

    public init(
        id: JobID, kind: String, store: StoreID?, key: String?, payload: JSON, attempt: Int, failures: Int,
        maxAttempts: Int, enqueuedAt: Instant, requestID: String?
    ) {
        self.id = id
        self.kind = kind
        self.store = store
        self.key = key
        self.payload = payload
        self.attempt = attempt
        self.failures = failures
        self.maxAttempts = maxAttempts
        self.enqueuedAt = enqueuedAt
        self.requestID = requestID
    }
}

/// An error that says in a sentence what went wrong, for whoever looks after the jobs. Of others the type alone is
/// told: they may hold what nobody should read.
public protocol ExplainedFailure: Error {
    var sentence: String { get }
}

/// Thrown by a handler to be called again at a moment of its own choosing, such as a provider's `Retry-After`.
/// Counts as a failure.
public struct JobRetry: ExplainedFailure, Hashable, Sendable {
    /// Seconds to wait.
    public let after: Double
    /// Why; kept with the job, so no secrets.
    public let reason: String
    public var sentence: String { reason }

    public init(after seconds: Double, reason: String) {
        self.after = seconds
        self.reason = reason
    }
}

/// Thrown by a handler when trying again cannot help: the job becomes a dead letter at once.
public struct JobRefusal: ExplainedFailure, Hashable, Sendable {
    /// Why; kept with the job, so no secrets.
    public let reason: String
    public var sentence: String { reason }

    public init(_ reason: String) {
        self.reason = reason
    }
}
