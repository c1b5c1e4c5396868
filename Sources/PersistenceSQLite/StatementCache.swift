/// The prepared statements of one connection by their text; when there are too many, the one unused for longest goes.
struct StatementCache {
    /// What the statements occupy. A statement for hundreds of rows takes hundreds of kilobytes.
    private(set) var bytes = 0
    static let byteLimit = 8 << 20
    private var statements: [String: Statement] = [:]
    private var uses: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    mutating func find(_ text: String) -> Statement? {
        guard let statement = statements[text] else { return nil }
        uses += 1
        statement.lastUse = uses
        return statement
    }

    mutating func insert(_ statement: Statement, for text: String) {
        bytes += statement.bytes
        while !statements.isEmpty, statements.count >= limit || bytes > Self.byteLimit { removeOldest() }
        uses += 1
        statement.lastUse = uses
        statements[text] = statement
    }

    mutating func removeAll() {
        statements.removeAll()
        bytes = 0
    }

    /// Searches them all; preparing the one that takes its place costs much more.
    private mutating func removeOldest() {
        guard let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        statements.removeValue(forKey: oldest.key)
        bytes -= oldest.value.bytes
    }
}
