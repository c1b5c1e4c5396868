public import Persistence
import Primitives
import Synchronization

/// The statements that reading transactions ran.
public final class StatementLog: Sendable {
    private let statements = Mutex<[SQL]>([])

    public init() {}

    func append(_ sql: SQL) {
        statements.withLock { $0.append(sql) }
    }

    /// What was run since the last time; the log is empty then.
    public func take() -> [SQL] {
        statements.withLock { statements in
            defer { statements = [] }
            return statements
        }
    }
}

/// A database that writes down what it is asked in reading transactions.
public struct RecordedDatabase: Database {
    private let inner: any Database
    private let log: StatementLog

    public init(_ inner: any Database, _ log: StatementLog) {
        self.inner = inner
        self.log = log
    }

    public var engine: Engine { inner.engine }

    public func read<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value {
        try await inner.read(name) { [log] tx in
            try withUnsafePointer(to: tx) { pointer in
                let session = RecordingSession(pointer, log)
                return try Transaction(
                    engine: tx.engine, now: tx.now, session: session, identifiers: IdentifierSequence(),
                    wakes: WakeSet()
                ).run(body)
            }
        }
    }

    public func write<Value: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Value {
        try await inner.write(name, body)
    }

    public func migrate(_ migrations: [Migration]) async throws -> [Migration] { try await inner.migrate(migrations) }
    public func appliedMigrations() async throws -> [AppliedMigration] { try await inner.appliedMigrations() }
    public func wakes(for topic: Topic) -> AsyncStream<Void> { inner.wakes(for: topic) }
    public func inspect() async throws -> [EngineFact] { try await inner.inspect() }
    public func statistics() -> DatabaseStatistics { inner.statistics() }
    public func close() async { await inner.close() }
}

/// Passes statements on to the transaction around it, which outlives it.
private final class RecordingSession: TransactionSession {
    private let transaction: UnsafePointer<Transaction>
    private let log: StatementLog

    init(_ transaction: UnsafePointer<Transaction>, _ log: StatementLog) {
        self.transaction = transaction
        self.log = log
    }

    func submit(_ sql: SQL, onRow: ((Row) throws -> Void)?, onEnd: ((Int) -> Void)?) throws {
        log.append(sql)
        if let onRow {
            var count = 0
            for _ in try transaction.pointee.query(sql, onRow) { count += 1 }
            onEnd?(count)
        } else {
            let count = try transaction.pointee.changes(sql)
            onEnd?(count)
        }
    }

    func settle() {}
}
