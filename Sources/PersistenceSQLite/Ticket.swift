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

/// The writer's connection and the lock that allows it, to be closed once.
///
/// Safe to send: only the writer's thread uses the connection while the queue is open; `close` is for afterwards.
final class WriterConnection: @unchecked Sendable {
    let connection: Connection
    private let lock: FileLock
    private let isClosed = Atomic(false)

    /// - Throws: `DatabaseError.unavailable` when another process writes or the file cannot be opened.
    init(_ settings: SQLiteSettings) throws {
        lock = try FileLock(database: settings.path)
        do {
            connection = try Connection(settings, role: .writer)
        } catch {
            lock.release()
            throw error
        }
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        connection.close()
        lock.release()
    }
}
