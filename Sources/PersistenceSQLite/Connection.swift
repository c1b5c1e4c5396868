import GRDBSQLite
import Persistence

/// One connection, used by one thread at a time.
///
/// GRDB opens, configures and closes it. Statements go to SQLite directly: group commit decides by result codes and by
/// what SQLite did to the transaction, and GRDB's observers and cancellation would act on the whole batch.
final class Connection {
    enum Role {
        case writer
        case reader
    }

    let role: Role
    /// How long statements may run from now on; 0 for ever.
    var statementTimeoutSeconds: Double
    /// What the prepared statements occupy.
    var preparedBytes: Int { cache.bytes }
    /// Frames in the write-ahead log after the last commit of this connection.
    var logFrames: Int { hooks.logFrames }
    private let file: OpenFile
    private var cache: StatementCache
    private let hooks = Hooks()

    /// What SQLite's callbacks read and write; they run on the thread that uses the connection.
    private final class Hooks {
        var deadline = UInt64.max
        var logFrames = 0
        var allowsControl = false
    }

    init(_ settings: SQLiteSettings, role: Role) throws {
        self.role = role
        statementTimeoutSeconds = settings.statementTimeoutSeconds
        cache = StatementCache(limit: settings.preparedStatementLimit)
        file = try OpenFile(settings, role: role)
        installHooks()
    }

    /// Frees the statements and closes.
    func close() {
        cache.removeAll()
        file.close()
    }

    private var handle: OpaquePointer { file.handle }

    /// Whether a transaction is open. SQLite ends one by itself after some errors.
    var isInTransaction: Bool {
        sqlite3_get_autocommit(handle) == 0
    }

    /// Runs a statement with its bindings.
    /// - Parameter onRow: called with each row.
    /// - Returns: the number of rows it changed.
    @discardableResult
    func run(_ sql: SQL, onRow: ((Row) throws -> Void)? = nil) throws -> Int {
        let statement = try prepare(sql.text)
        defer { statement.reset() }
        try statement.bind(sql.arguments)
        return try step(statement, onRow: onRow)
    }

    /// Runs a statement from our own code that has no bindings.
    func run(trusted text: String) throws {
        try run(SQL(trusted: text))
    }

    /// The first column of the first row as text; nil without rows.
    func pragma(_ text: String) throws -> String? {
        var value: String?
        let statement = try prepare(text)
        defer { statement.reset() }
        _ = try step(statement) { _ in
            value = value ?? sqlite3_column_text(statement.handle, 0).map { String(cString: $0) }
        }
        return value
    }

    /// Begins or ends a transaction; fails with the result code, for those who decide by it.
    func control(_ text: String) throws(SQLiteFailure) {
        // Until it has run: SQLite prepares a statement again when the schema has changed.
        hooks.allowsControl = true
        defer { hooks.allowsControl = false }
        let statement: Statement
        do {
            statement = try prepare(text)
        } catch {
            throw SQLiteFailure(code: ResultCode(sqlite3_extended_errcode(handle)), message: lastMessage)
        }
        hooks.deadline = .max
        let code = sqlite3_step(statement.handle)
        // The message belongs to the step; a reset may replace it.
        let message = code == SQLITE_DONE ? "" : lastMessage
        statement.reset()
        guard code == SQLITE_DONE else { throw SQLiteFailure(code: ResultCode(code), message: message) }
    }

    /// Ends the transaction, if one is open, without its changes.
    func rollback() {
        guard isInTransaction else { return }
        // Fails only when SQLite has rolled back by itself, which is what is wanted.
        do { try control("ROLLBACK") } catch { return }
    }

    /// Runs a checkpoint of the given kind.
    /// - Returns: frames in the log, and how many of them have reached the database file.
    func checkpoint(_ mode: Int32) -> (frames: Int, done: Int) {
        var frames: Int32 = 0
        var done: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, &frames, &done)
        // A checkpoint is never owed: what it did not move stays in the log and is moved later.
        return code == SQLITE_OK || code == SQLITE_BUSY ? (Int(frames), Int(done)) : (0, 0)
    }

    private var lastMessage: String {
        String(cString: sqlite3_errmsg(handle))
    }

    private func step(_ statement: Statement, onRow: ((Row) throws -> Void)?) throws -> Int {
        hooks.deadline =
            statementTimeoutSeconds > 0
            ? monotonicNanoseconds() + UInt64(statementTimeoutSeconds * 1e9) : .max
        while true {
            switch sqlite3_step(statement.handle) {
            case SQLITE_ROW:
                if let onRow { try onRow(Row(statement)) }
            case SQLITE_DONE:
                return statement.isReadOnly ? 0 : Int(sqlite3_changes(handle))
            case let code:
                throw ResultCode(code).error(message: lastMessage, isReader: role == .reader)
            }
        }
    }

    private func prepare(_ text: String) throws -> Statement {
        if let statement = cache.find(text) { return statement }
        let translated = Placeholders.rewrite(text, sign: "?", adding: 0)
        var prepared: OpaquePointer?
        var hasMore = false
        let code = translated.withCString { start -> Int32 in
            var rest: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(handle, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, &rest)
            hasMore = rest.map { !String(cString: $0).allSatisfy { $0.isWhitespace || $0 == ";" } } ?? false
            return code
        }
        guard code == SQLITE_OK else {
            throw ResultCode(code).error(message: lastMessage, isReader: role == .reader)
        }
        guard let prepared else {
            throw DatabaseError.misuse(code: "empty", message: "The statement is empty.")
        }
        let statement = Statement(prepared)
        guard !hasMore else {
            throw DatabaseError.misuse(code: "several", message: "One statement was expected, not several.")
        }
        cache.insert(statement, for: text)
        return statement
    }

    private func installHooks() {
        // GRDB's own hooks serve its observers, which nobody uses here.
        sqlite3_commit_hook(handle, nil, nil)
        sqlite3_rollback_hook(handle, nil, nil)
        // SQLite calls these while the connection is in use, and the connection owns the hooks.
        let context = Unmanaged.passUnretained(hooks).toOpaque()
        sqlite3_set_authorizer(
            handle,
            { context, action, _, _, _, _ in
                // Group commit keeps several closures in one transaction: none of them may end it.
                guard let context else { return SQLITE_DENY }
                switch action {
                case SQLITE_TRANSACTION, SQLITE_SAVEPOINT, SQLITE_ATTACH, SQLITE_DETACH:
                    let hooks = Unmanaged<Hooks>.fromOpaque(context).takeUnretainedValue()
                    return hooks.allowsControl ? SQLITE_OK : SQLITE_DENY
                default: return SQLITE_OK
                }
            }, context)
        sqlite3_progress_handler(
            handle, 2000,
            { context in
                guard let context else { return 0 }
                let hooks = Unmanaged<Hooks>.fromOpaque(context).takeUnretainedValue()
                return hooks.deadline != .max && monotonicNanoseconds() > hooks.deadline ? 1 : 0
            }, context)
        guard role == .writer else { return }
        sqlite3_wal_hook(
            handle,
            { context, _, _, frames in
                guard let context else { return SQLITE_OK }
                Unmanaged<Hooks>.fromOpaque(context).takeUnretainedValue().logFrames = Int(frames)
                return SQLITE_OK
            }, context)
    }
}
