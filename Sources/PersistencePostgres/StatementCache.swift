import CLibPQ

/// A prepared statement of one connection.
final class PreparedStatement {
    /// On the server; empty for the unnamed one.
    let name: String
    let parameterTypes: [Oid]
    fileprivate var lastUse: UInt64 = 0

    init(name: String, parameterTypes: [Oid]) {
        self.name = name
        self.parameterTypes = parameterTypes
    }
}

/// The prepared statements of one connection by their text; the one used longest ago makes room for a new one.
struct StatementCache {
    /// Longer texts (inserts of very many rows) are prepared each time: their plans are large and seldom used again.
    static let longestText = 16 * 1024

    private let limit: Int
    private var statements: [String: PreparedStatement] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// The statement with this text, if it is prepared; from now on the one used last.
    mutating func statement(_ text: String) -> PreparedStatement? {
        guard let statement = statements[text] else { return nil }
        uses += 1
        statement.lastUse = uses
        return statement
    }

    /// A name for a statement about to be prepared.
    mutating func newName() -> String {
        names += 1
        return "s\(names)"
    }

    /// Keeps a statement.
    /// - Returns: the name of the one that made room, to be deallocated.
    mutating func insert(_ statement: PreparedStatement, text: String) -> String? {
        uses += 1
        statement.lastUse = uses
        var evicted: String?
        if statements.count >= limit, let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            statements.removeValue(forKey: oldest.key)
            evicted = oldest.value.name
        }
        statements[text] = statement
        return evicted
    }
}
