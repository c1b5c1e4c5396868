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

    /// Work inside the database that has no end of its own, such as removing what is old: small transactions, one after
    /// the other, until one finds less than it may take. What is left when the kind's time is over waits for the next
    /// job of the kind.
    /// - Parameters:
    ///   - name: the action, for the database's statistics and slow log.
    ///   - size: the most that a transaction takes; small, so that nobody waits for long.
    ///   - run: says how much it took. It must be harmless to run it again.
    public static func inBatches(
        _ kind: JobKind, of size: Int, in database: any Database, _ name: StaticString,
        _ run: @escaping @Sendable (_ limit: Int, borrowing Transaction) throws -> Int
    ) -> JobHandler {
        .effect(kind) { _, context in
            var count = size
            while count >= size, context.clock.now() < context.deadline {
                try Task.checkCancellation()
                count = try await database.write(name) { tx in try run(size, tx) }
            }
        }
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
