public import Logging
public import Persistence
public import Primitives

/// What is done for the jobs of a kind.
public struct JobHandler: Sendable {
    /// How a handler works.
    enum Work: Sendable {
        case transactional(@Sendable (Job, borrowing Transaction) throws -> Void)
        case effect(@Sendable (Job, JobContext) async throws -> Void)
    }

    public let kind: JobKind
    let work: Work

    /// Work inside the database. It runs in the transaction that finishes the job, so it takes effect exactly once.
    /// Several jobs may share a transaction; when one of them fails, each is run again in its own.
    public static func transactional(
        _ kind: JobKind, _ run: @escaping @Sendable (Job, borrowing Transaction) throws -> Void
    ) -> JobHandler {
        JobHandler(kind: kind, work: .transactional(run))
    }

    /// Work outside: calls to providers, files, or several transactions. It happens at least once: pass the job's
    /// id or key on as the idempotency key. Cancelled at the kind's timeout.
    public static func effect(
        _ kind: JobKind, _ run: @escaping @Sendable (Job, JobContext) async throws -> Void
    ) -> JobHandler {
        JobHandler(kind: kind, work: .effect(run))
    }

    var isTransactional: Bool {
        if case .transactional = work { true } else { false }
    }
}

/// What an effect is lent.
public struct JobContext: Sendable {
    public let clock: any Clock
    /// Carries the job's id, kind and request.
    public let logger: Logger
    /// When it will be cancelled.
    public let deadline: Instant
}
