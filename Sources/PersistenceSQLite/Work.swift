import Persistence
import Primitives
import Synchronization

/// A closure on its way to a connection, without the type of its result.
///
/// Safe to send: everything but `isCancelled` is set before the queue takes the work, whose lock publishes it, and
/// used afterwards only by the one thread to which the queue gave it, or by who withdrew it before that.
class Work: @unchecked Sendable {
    /// Set by the caller's task, read by the connection's thread.
    let isCancelled = Atomic(false)
    let name: StaticString
    /// Whether it runs outside of the batches and begins its own transactions.
    let isExclusive: Bool
    let wakes = WakeSet()
    /// What the first run took; the next runs take the same.
    var identifiers: IdentifierSequence?

    init(name: StaticString, isExclusive: Bool) {
        self.name = name
        self.isExclusive = isExclusive
    }

    /// Runs the closure and keeps its value. May be called again.
    func run(on connection: Connection) throws {}

    /// Hands the value of the last run to the caller.
    func succeed() {}

    /// Hands an error to the caller.
    func fail(_ error: any Error) {}
}

/// A closure, what it returns and who waits for it.
final class ClosureWork<Value: Sendable>: Work, @unchecked Sendable {
    private let body: (Connection, Work) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private var value: Value?

    /// - Parameter isExclusive: the closure gets the connection outside of a transaction.
    init(
        name: StaticString, isExclusive: Bool = false, continuation: CheckedContinuation<Value, any Error>,
        body: @escaping (Connection, Work) throws -> Value
    ) {
        self.body = body
        self.continuation = continuation
        super.init(name: name, isExclusive: isExclusive)
    }

    override func run(on connection: Connection) throws {
        wakes.removeAll()
        value = try body(connection, self)
    }

    override func succeed() {
        guard let value else {
            return continuation.resume(throwing: DatabaseError.unavailable("The closure has not run."))
        }
        continuation.resume(returning: value)
    }

    override func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}

/// What a transaction does on a connection: each statement runs at once.
final class Session: TransactionSession {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    func submit(_ sql: SQL, onRow: ((Row) throws -> Void)?, onEnd: ((Int) -> Void)?) throws {
        let changes = try connection.run(sql, onRow: onRow)
        onEnd?(changes)
    }

    func settle() throws {}
}
