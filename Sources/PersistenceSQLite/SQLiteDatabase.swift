import GRDBSQLite
public import Persistence
public import Primitives

/// A SQLite database: one connection writes and commits in groups, others read on snapshots.
///
/// Writing closures that wait at the same time run one after another in one transaction, each in a savepoint, and
/// share its commit; none of them returns before that commit is durable. A closure that throws takes back its own
/// changes only.
public final class SQLiteDatabase: Database {
    private let settings: SQLiteSettings
    private let clock: any Clock
    private let random: @Sendable () -> any RandomNumberGenerator
    private let writer: WriterConnection?
    private let writers: WorkQueue<Work>?
    private let readers: WorkQueue<Work>
    private let counters: Counters
    private let waiters: Waiters

    public var engine: Engine { .sqlite }

    /// Opens or creates a database file. Blocks for some milliseconds.
    /// - Parameters:
    ///   - clock: tells `tx.now`.
    ///   - random: makes the source of a closure's identifiers, one for each closure.
    /// - Throws: `DatabaseError.unavailable` with a sentence: the folder is missing, the file is no database, another
    ///   process has it open for writing.
    public static func open(
        _ settings: SQLiteSettings, clock: any Clock = SystemClock(),
        random: @escaping @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() }
    ) throws -> SQLiteDatabase {
        try OpenFile.checkPath(settings)
        guard !settings.isReadOnly else {
            // Proves that the file can be read; the readers' threads open connections of their own.
            try Connection(settings, role: .reader).close()
            return SQLiteDatabase(settings, clock: clock, random: random, writer: nil)
        }
        return SQLiteDatabase(settings, clock: clock, random: random, writer: try WriterConnection(settings))
    }

    private init(
        _ settings: SQLiteSettings, clock: any Clock, random: @escaping @Sendable () -> any RandomNumberGenerator,
        writer: WriterConnection?
    ) {
        let counters = Counters()
        let waiters = Waiters()
        self.settings = settings
        self.clock = clock
        self.random = random
        self.counters = counters
        self.waiters = waiters
        self.writer = writer
        writers = writer.map { writer in
            WorkQueue(limit: settings.queueLimit, threads: 1) { worker in
                Writer(writer.connection, settings, counters: counters, waiters: waiters).run(worker)
            }
        }
        readers = WorkQueue(
            limit: settings.queueLimit, threads: settings.readers, usual: settings.usualReaders
        ) { worker in
            Reader.run(worker, settings, counters: counters)
        }
    }

    public func write<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value {
        try await transaction(name, on: writerQueue(), body)
    }

    public func read<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value {
        try await transaction(name, on: readers, body)
    }

    public func migrate(_ migrations: [Migration]) async throws -> [Migration] {
        let path = settings.path
        let clock = clock
        return try await alone("migrate") { connection in
            try Migrator(connection, path: path, clock: clock).migrate(migrations)
        }
    }

    public func appliedMigrations() async throws -> [AppliedMigration] {
        try await read("applied migrations") { tx in try Migrator.applied(in: tx) }
    }

    public func wakes(for topic: Topic) -> AsyncStream<Void> {
        waiters.wakes(for: topic)
    }

    public func inspect() async throws -> [EngineFact] {
        let ofWriter =
            settings.isReadOnly
            ? [] : try await alone("inspect settings") { connection in try Inspection.settings(of: connection) }
        let integrity = try await submit("inspect integrity", to: readers) { connection, _ in
            try Inspection.integrity(of: connection)
        }
        return [Inspection.version] + ofWriter + integrity
    }

    public func statistics() -> DatabaseStatistics {
        var statistics = DatabaseStatistics()
        counters.count(into: &statistics)
        readers.count(into: &statistics)
        writers?.count(into: &statistics)
        return statistics
    }

    public func close() async {
        // The writer's connection is the last to go: it writes the log back and removes it.
        await readers.close()
        await writers?.close()
        waiters.finish()
        writer?.close()
    }

    private func writerQueue() throws(DatabaseError) -> WorkQueue<Work> {
        guard let writers else {
            throw .misuse(code: "read_only", message: "The database \(settings.path) was opened for reading only.")
        }
        return writers
    }

    private func transaction<Value: Sendable>(
        _ name: StaticString, on queue: WorkQueue<Work>,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value {
        let now = clock.now()
        let random = random
        return try await submit(name, to: queue) { connection, work in
            let sequence = work.identifiers ?? IdentifierSequence(random: random())
            work.identifiers = sequence
            sequence.rewind()
            let transaction = Transaction(
                engine: .sqlite, now: now, session: Session(connection), identifiers: sequence, wakes: work.wakes)
            return try transaction.run(body)
        }
    }

    private func alone<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await submit(name, to: writerQueue(), isExclusive: true) { connection, _ in try body(connection) }
    }

    private func submit<Value: Sendable>(
        _ name: StaticString, to queue: WorkQueue<Work>, isExclusive: Bool = false,
        _ body: @escaping (Connection, Work) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let ticket = Ticket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let work = ClosureWork(name: name, isExclusive: isExclusive, continuation: continuation, body: body)
                ticket.hold(work)
                do {
                    try queue.submit(work)
                } catch {
                    work.fail(error)
                }
            }
        } onCancel: {
            // Work that a thread has taken already runs to its end.
            if let work = ticket.cancel(), queue.withdraw(work) { work.fail(CancellationError()) }
        }
    }
}
