import Synchronization

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
