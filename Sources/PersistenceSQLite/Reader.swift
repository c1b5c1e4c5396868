import Persistence
import Synchronization

/// Runs closures that read, each in a transaction of its own, and so on one snapshot.
///
/// One thread uses it: a worker of the readers' queue.
final class Reader {
    private let connection: Connection
    private let settings: SQLiteSettings
    private let counters: Counters
    private static let attempts = 10

    init(_ connection: Connection, _ settings: SQLiteSettings, counters: Counters) {
        self.connection = connection
        self.settings = settings
        self.counters = counters
    }

    /// Opens a connection, works the queue off until it is closed, and closes the connection.
    static func run(_ worker: WorkQueue<Work>.Worker, _ settings: SQLiteSettings, counters: Counters) {
        var reader: Reader?
        while let work = worker.next() {
            do {
                let current = try reader ?? Reader(Connection(settings, role: .reader), settings, counters: counters)
                reader = current
                current.run(work)
            } catch {
                work.fail(error)
            }
        }
        reader?.connection.close()
    }

    private func run(_ work: Work) {
        guard !work.isCancelled.load(ordering: .relaxed) else { return work.fail(CancellationError()) }
        let start = monotonicNanoseconds()
        defer { settings.reportIfSlow(work.name, since: start) }
        for attempt in 1...Self.attempts {
            do {
                try transaction { try work.run(on: connection) }
                counters.commits.add(1, ordering: .relaxed)
                return work.succeed()
            } catch {
                let reason = (error as? SQLiteFailure).map { $0.code.error(message: $0.message, isReader: true) }
                guard case .conflict? = (reason ?? error) as? DatabaseError, attempt < Self.attempts else {
                    return work.fail(reason ?? error)
                }
                counters.retries.add(1, ordering: .relaxed)
            }
        }
    }

    private func transaction(_ body: () throws -> Void) throws {
        try connection.control("BEGIN")
        // Nothing was written: a rollback ends it as well as a commit.
        defer { connection.rollback() }
        try body()
    }
}
