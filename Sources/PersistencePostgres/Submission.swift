import Persistence
import Primitives
import Synchronization

/// A closure on its way to a connection, and back with its value.
///
/// Safe to send: a subclass's continuation is set before the submission enters the queue; its value and
/// `unreachableSince` are touched only by the connection's thread, which takes the submission from the queue and gives
/// it up when it puts it back or resumes the caller; the queue's lock orders these. The rest is constant or locked.
class Submission: @unchecked Sendable {
    private enum Phase {
        case waiting
        case running(Interrupter)
        case ended
    }

    let name: StaticString
    let now: Instant
    /// When a thread first found no connection for it, on the monotonic clock.
    var unreachableSince: UInt64?
    private let phase = Mutex(Phase.waiting)
    private let cancellation = Atomic(false)

    init(name: StaticString, now: Instant) {
        self.name = name
        self.now = now
    }

    var isCancelled: Bool { cancellation.load(ordering: .acquiring) }

    /// Runs the closure once and keeps its value.
    func run(in transaction: borrowing Transaction) throws {}

    /// Gives the caller the value of the last run.
    func succeed() {}

    /// Gives the caller an error.
    func fail(_ error: any Error) {}

    /// The connection's thread begins to work on it.
    /// - Returns: false when it was cancelled while it waited.
    func begin(with interrupter: Interrupter) -> Bool {
        phase.withLock { phase in
            guard !isCancelled else { return false }
            phase = .running(interrupter)
            return true
        }
    }

    /// The connection's thread puts it back into the queue.
    func suspend() {
        phase.withLock { $0 = .waiting }
    }

    /// The connection's thread has ended with it.
    func end() {
        phase.withLock { $0 = .ended }
    }

    /// The caller's task was cancelled.
    /// - Returns: who has to be interrupted, when it runs.
    func cancel() -> Interrupter? {
        phase.withLock { phase in
            cancellation.store(true, ordering: .releasing)
            if case .running(let interrupter) = phase { return interrupter }
            return nil
        }
    }
}

/// A submission with the type of its value.
final class TypedSubmission<Value: Sendable>: Submission, @unchecked Sendable {
    // Safe as its superclass says.
    private let body: @Sendable (borrowing Transaction) throws -> Value
    private var continuation: CheckedContinuation<Value, any Error>?
    private var value: Value?

    init(name: StaticString, now: Instant, body: @escaping @Sendable (borrowing Transaction) throws -> Value) {
        self.body = body
        super.init(name: name, now: now)
    }

    /// Sets who waits for it; before it enters the queue.
    func expect(_ continuation: CheckedContinuation<Value, any Error>) {
        self.continuation = continuation
    }

    override func run(in transaction: borrowing Transaction) throws {
        value = nil
        value = try transaction.run(body)
    }

    override func succeed() {
        guard let value else { return fail(CancellationError()) }
        continuation?.resume(returning: value)
    }

    override func fail(_ error: any Error) {
        continuation?.resume(throwing: error)
    }
}
