import FoundationEssentials
public import Primitives

/// An open transaction, lent to a synchronous closure. It cannot be stored, sent elsewhere or awaited upon.
///
/// The closure may run more than once (a conflict, a lost connection): it must have no effect outside the
/// transaction, and takes the time and new identifiers from here, so that each run is the same.
/// A statement that fails poisons the transaction; catching its error inside does not save it.
public struct Transaction: ~Copyable {
    /// Which engine runs it; for the few places where the SQL has to differ.
    public let engine: Engine
    /// The moment the closure was first submitted; the same in every run.
    public let now: Instant
    private let session: PoisonedSession
    private let identifiers: IdentifierSequence
    private let wakes: WakeSet

    /// For engines; one for each run of a closure.
    public init(
        engine: Engine, now: Instant, session: any TransactionSession, identifiers: IdentifierSequence, wakes: WakeSet
    ) {
        self.engine = engine
        self.now = now
        self.session = PoisonedSession(session)
        self.identifiers = identifiers
        self.wakes = wakes
    }

    /// For engines: runs the closure, then what it submitted and did not wait for (`finish`). Commit only when it
    /// returns.
    /// - Throws: what the closure throws. When it returns although a statement failed, that statement's error; when a
    ///   statement met a conflict, always the conflict, so that the engine runs the closure again.
    public borrowing func run<Value>(_ body: (borrowing Transaction) throws -> Value) throws -> Value {
        do {
            let value = try body(self)
            try session.finish()
            return value
        } catch {
            if case .conflict? = session.failure as? DatabaseError { throw DatabaseError.conflict }
            throw error
        }
    }

    /// Runs a statement and maps its rows.
    public func query<Value>(_ sql: SQL, _ map: @escaping (Row) throws -> Value) throws -> [Value] {
        try later(sql, map).rows()
    }

    /// Runs a statement and maps its first row; nil when it has none.
    public func first<Value>(_ sql: SQL, _ map: @escaping (Row) throws -> Value) throws -> Value? {
        try query(sql, map).first
    }

    /// Runs a statement whose result nobody needs. On PostgreSQL it travels with the next one that is waited for;
    /// its error surfaces there, or at commit.
    public func execute(_ sql: SQL) throws {
        try session.submit(sql, onRow: nil, onEnd: nil)
    }

    /// Runs a statement and says how many rows it changed.
    public func changes(_ sql: SQL) throws -> Int {
        var count = 0
        try session.submit(sql, onRow: nil, onEnd: { count = $0 })
        try session.settle()
        return count
    }

    /// Submits a statement whose rows are read later: several then share one round trip.
    public func later<Value>(_ sql: SQL, _ map: @escaping (Row) throws -> Value) throws -> Later<Value> {
        let later = Later<Value>(session)
        try session.submit(sql, onRow: { later.append(try map($0)) }, onEnd: { _ in later.isComplete = true })
        return later
    }

    /// Holds a lock by name until the transaction ends. Nothing to do on SQLite, where one transaction writes at a
    /// time.
    /// Take several in the order of their names.
    public func lock(_ name: String) throws {
        guard engine == .postgres else { return }
        try execute("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))")
    }

    /// `FOR UPDATE` where the engine has row locks.
    public var forUpdate: SQL { engine == .postgres ? " FOR UPDATE" : "" }

    /// `FOR UPDATE SKIP LOCKED` where the engine has row locks.
    public var forUpdateSkippingLocked: SQL { engine == .postgres ? " FOR UPDATE SKIP LOCKED" : "" }

    /// A new time-ordered identifier, the same in every run of the closure.
    public func newIdentifier<Kind: IdentifierKind>(_ kind: Kind.Type = Kind.self) -> Identifier<Kind> {
        Identifier(identifiers.next(at: now))
    }

    /// After the commit, wakes who waits for `topic`, in every process.
    public func wake(_ topic: Topic) {
        wakes.insert(topic)
    }
}

/// Rows that are on their way.
public final class Later<Value> {
    private let session: any TransactionSession
    private var values: [Value] = []
    fileprivate(set) var isComplete = false

    fileprivate init(_ session: any TransactionSession) {
        self.session = session
    }

    fileprivate func append(_ value: Value) {
        values.append(value)
    }

    /// Waits for the rows.
    public func rows() throws -> [Value] {
        if !isComplete { try session.settle() }
        return values
    }
}

/// What an engine does for a transaction. Used on one thread, inside one closure.
public protocol TransactionSession: AnyObject {
    /// Submits a statement; the engine may run it now or with those that follow. `onRow` is called for each row and
    /// `onEnd` with the number of rows changed, both before `settle` returns.
    func submit(_ sql: SQL, onRow: ((Row) throws -> Void)?, onEnd: ((Int) -> Void)?) throws
    /// Runs all that was submitted and throws the first error.
    func settle() throws
    /// As `settle`, at the end of the closure: an engine may commit in the same round trip.
    func finish() throws
}

extension TransactionSession {
    /// Settles; the engine commits afterwards.
    public func finish() throws {
        try settle()
    }
}

/// Lets nothing through after a failure, on either engine: a closure that catches the error of a statement neither
/// goes on nor commits.
private final class PoisonedSession: TransactionSession {
    private let session: any TransactionSession
    /// The first error.
    private(set) var failure: (any Error)?

    init(_ session: any TransactionSession) {
        self.session = session
    }

    func submit(_ sql: SQL, onRow: ((Row) throws -> Void)?, onEnd: ((Int) -> Void)?) throws {
        try guarding {
            try TransactionControl.refuse(sql.text)
            try session.submit(sql, onRow: onRow, onEnd: onEnd)
        }
    }

    func settle() throws {
        try guarding { try session.settle() }
    }

    func finish() throws {
        try guarding { try session.finish() }
    }

    private func guarding(_ body: () throws -> Void) throws {
        if let failure { throw failure }
        do {
            try body()
        } catch {
            failure = error
            throw error
        }
    }
}

/// The identifiers a closure takes, remembered so that its next run takes the same.
public final class IdentifierSequence {
    private var taken: [UUID] = []
    private var index = 0
    private var random: any RandomNumberGenerator

    /// - Parameter random: the source of randomness; tests pass a seeded one.
    public init(random: any RandomNumberGenerator = SystemRandomNumberGenerator()) {
        self.random = random
    }

    /// Before each run of the closure.
    public func rewind() {
        index = 0
    }

    func next(at instant: Instant) -> UUID {
        if index == taken.count {
            // What one transaction makes sorts in the order it was made.
            taken.append(taken.last.map(\.successor) ?? .version7(at: instant, using: &random))
        }
        index += 1
        return taken[index - 1]
    }
}

/// The topics to wake after the commit.
public final class WakeSet {
    /// The topics so far.
    public private(set) var topics: Set<Topic> = []

    public init() {}

    func insert(_ topic: Topic) {
        topics.insert(topic)
    }

    /// Before each run of the closure.
    public func removeAll() {
        topics.removeAll(keepingCapacity: true)
    }
}
