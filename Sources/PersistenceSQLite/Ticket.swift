import Synchronization

/// What a task holds of the work that it has submitted, to cancel it.
final class Ticket: Sendable {
    private let state = Mutex<(work: Work?, isCancelled: Bool)>((nil, false))

    /// Ties the work, before it is submitted; work of a task that is cancelled already is marked.
    func hold(_ work: Work) {
        state.withLock { state in
            state.work = work
            if state.isCancelled { work.isCancelled.store(true, ordering: .relaxed) }
        }
    }

    /// Marks the work as cancelled.
    /// - Returns: the work, unless it was not made yet.
    func cancel() -> Work? {
        state.withLock { state in
            state.isCancelled = true
            state.work?.isCancelled.store(true, ordering: .relaxed)
            return state.work
        }
    }
}
