import Persistence

/// One run of a closure on a connection.
///
/// Statements are sent as they are submitted and answered when someone waits. BEGIN travels with the first of them and
/// COMMIT with the last that nobody waits for. A reader needs neither: at READ COMMITTED each statement sees what is
/// committed when it starts, and the session refuses to write.
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
        guard isWriter, hasBegun else { return try settle() }
        try watching {
            if isCancelled() { throw Failure.cancelled }
            // Once COMMIT is on its way, a row's closure that throws could no longer prevent it.
            if connection.isAnyoneWaiting { try connection.settle() }
            try connection.send(.commit)
            try connection.settle()
        }
    }

    /// Ends what the closure left open after it failed.
    /// - Throws: when the connection cannot be used any more.
    func rollBack() throws(Failure) {
        guard isWriter, hasBegun else {
            // Statements that were sent and not waited for have to be answered before the next run.
            return try discardAnswers()
        }
        for _ in 0..<2 {
            // The first is skipped by the server when a statement on its way fails before it.
            try connection.send(.rollback)
            try discardAnswers()
            if !connection.isInTransaction { return }
        }
        throw Failure.connectionLost("the transaction could not be rolled back")
    }

    private func discardAnswers() throws(Failure) {
        do {
            try connection.settle()
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
