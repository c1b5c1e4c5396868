/// What can go wrong at the seam. Recognised by SQLSTATE or result code and by constraint, never by message text.
public enum DatabaseError: Error, Hashable, Sendable {
    /// The kinds of constraints.
    public enum Constraint: String, Sendable {
        case unique, foreignKey, check, notNull, other
    }

    /// A constraint refused a change. The name is the engine's, where the engine tells it.
    case constraint(Constraint, name: String?)
    /// The closure met conflicts in each of its runs.
    case conflict
    /// The queue of waiting closures is full.
    case queueFull
    /// A statement ran longer than the engine's limit and was ended.
    case statementTimeout
    /// The database cannot be reached or refuses work.
    case unavailable(String)
    /// The connection was lost while the commit was under way: it may or may not have happened.
    case ambiguousCommit
    /// The caller wrote inside a read-only transaction, or the engine refuses the statement. A defect in our code.
    case misuse(code: String, message: String)
    /// A column was not what the code expects. A defect in our code or data.
    case decoding(String)
}

/// Why migrations were not run.
public enum MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An applied migration has changed since.
    case edited(number: Int, name: String)
    /// The database has a migration that this build does not know: it is newer.
    case unknown(number: Int, name: String)
    /// Two migrations have one number.
    case duplicate(number: Int)
    /// A migration failed and was rolled back.
    case failed(number: Int, name: String, reason: String)

    public var description: String {
        switch self {
        case .edited(let number, let name):
            "Migration \(number) (\(name)) was applied with other statements than this build has."
        case .unknown(let number, let name):
            "The database has migration \(number) (\(name)), which this build does not know: it is newer."
        case .duplicate(let number): "Two migrations have the number \(number)."
        case .failed(let number, let name, let reason): "Migration \(number) (\(name)) failed: \(reason)"
        }
    }
}
