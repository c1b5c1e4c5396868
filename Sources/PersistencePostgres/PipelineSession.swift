import Persistence

/// One run of a closure on a connection.
///
/// Statements are sent as they are submitted and answered when someone waits. BEGIN travels with the first of them and
/// COMMIT with the last that nobody waits for. A reader needs neither: the server opens a transaction for a batch by
/// itself, read-only and at REPEATABLE READ as the session is set, and the batch lasts as long as the closure. So all
/// statements see one snapshot, and a single one costs no round trip more than it would alone.
final class PipelineSession: TransactionSession {
    private let connection: Connection
    private let isWriter: Bool
    private let isCancelled: () -> Bool
    private var hasBegun = false
    /// The first failure of this run that is not the closure's own.
    private(set) var failure: Failure?

    init(_ connection: Connection, isWriter: Bool, isCancelled: @escaping () -> Bool) {
        self.connection = connection
        self.isWriter = isWriter
        self.isCancelled = isCancelled
    }

    func submit(_ sql: SQL, onRow: ((Row) throws -> Void)?, onEnd: ((Int) -> Void)?) throws {
        try watching {
            if isCancelled() { throw Failure.cancelled }
            if !hasBegun {
                hasBegun = true
                if isWriter { try connection.send(.begin) }
            }
            try connection.send(sql, onRow: onRow, onEnd: onEnd)
            if connection.isPipelineFull { try connection.settle() }
        }
    }

    func settle() throws {
        try watching {
            if isCancelled() { throw Failure.cancelled }
            try connection.settle()
        }
    }

    func finish() throws {
        try watching {
            if isCancelled() { throw Failure.cancelled }
            guard hasBegun else { return }
            guard isWriter else { return try connection.endReading() }
            // Once COMMIT is on its way, a row's closure that throws could no longer prevent it.
            if connection.isAnyoneWaiting { try connection.settle() }
            try connection.send(.commit)
            try connection.settle()
        }
    }

    /// Ends what the closure left open after it failed.
    /// - Throws: when the connection cannot be used any more.
    func rollBack() throws(Failure) {
        guard hasBegun else { return }
        // Statements that were sent and not waited for have to be answered before the next run.
        guard isWriter else { return try discardingErrors { try connection.endReading() } }
        for _ in 0..<2 {
            // The first is skipped by the server when a statement on its way fails before it.
            try connection.send(.rollback)
            try discardingErrors { try connection.settle() }
            if !connection.isInTransaction { return }
        }
        throw Failure.connectionLost("the transaction could not be rolled back")
    }

    private func discardingErrors(_ body: () throws -> Void) throws(Failure) {
        do {
            try body()
        } catch {
            // The closure has failed already: only whether the connection still works matters.
            if connection.hasEnded { throw error as? Failure ?? .connectionLost("\(error)") }
        }
    }

    private func watching(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as Failure {
            self.failure = self.failure ?? failure
            throw failure.publicError
        }
    }
}
