/// The prepared statements of one connection by their text; when it is full, the one unused for longest goes.
struct StatementCache {
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
        // Preparing costs much more than this search.
        if statements.count >= limit, let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            statements.removeValue(forKey: oldest.key)
        }
        uses += 1
        statement.lastUse = uses
        statements[text] = statement
    }

    mutating func removeAll() {
        statements.removeAll()
    }
}
