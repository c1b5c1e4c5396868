import CLibPQ
import Persistence
import Synchronization

/// Cancels what a connection runs, from another thread, and never what it runs afterwards.
///
/// The lock is held while the request travels, so the connection's thread cannot go on to another closure, nor free the
/// handle, before it was sent.
final class Interrupter: Sendable {
    /// A libpq handle that `PQcancel` may use on any thread.
    private struct Handle: @unchecked Sendable {
        // Safe: PQcancel only reads what it points to, and it is freed by the thread that disarmed it before.
        let pointer: OpaquePointer
    }

    private struct State {
        var submission: Submission?
        var handle: Handle?
        var wasSent = false
    }

    private let state = Mutex(State())

    /// From now on the connection runs this submission.
    func arm(_ submission: Submission, cancelHandle: OpaquePointer) {
        let handle = Handle(pointer: cancelHandle)
        state.withLock { $0 = State(submission: submission, handle: handle) }
    }

    /// The submission has ended.
    /// - Returns: whether a request was sent to the server meanwhile.
    func disarm() -> Bool {
        state.withLock { state in
            defer { state = State() }
            return state.wasSent
        }
    }

    /// Asks the server to end what it does for this submission; blocks until it has been asked.
    func interrupt(_ submission: Submission) {
        state.withLock { state in
            guard state.submission === submission, let handle = state.handle, !state.wasSent else { return }
            var message = [CChar](repeating: 0, count: 256)
            state.wasSent = PQcancel(handle.pointer, &message, Int32(message.count)) == 1
        }
    }
}
