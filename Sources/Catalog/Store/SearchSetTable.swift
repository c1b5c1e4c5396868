import Persistence
import Primitives

/// One chunk of a set, as a row.
struct SearchSetRow: Sendable {
    let key: String
    let chunk: Int
    let members: PackedSet
}

/// The SQL of `search_chunks`.
enum SearchSetTable {
    /// - Parameter chunks: how many there are.
    static func rows(
        _ keys: some Collection<String>, chunks: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SearchSetRow> {
        try tx.later(
            """
            SELECT key, chunk, members FROM search_chunks
            WHERE store_id = \(store) AND chunk IN \(list: 0..<chunks) AND key IN \(list: keys)
            """, read)
    }

    /// What a chunk has of the sets whose keys lie in a range, in the order of their keys.
    static func rows(
        from first: String, to end: String, chunk: Int, limit: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SearchSetRow> {
        try tx.later(
            """
            SELECT key, chunk, members FROM search_chunks
            WHERE store_id = \(store) AND chunk = \(chunk) AND key >= \(first) AND key < \(end)
            ORDER BY key LIMIT \(limit)
            """, read)
    }

    static func members(
        of keys: some Collection<String>, chunk: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SearchSetRow> {
        try tx.later(
            """
            SELECT key, chunk, members FROM search_chunks
            WHERE store_id = \(store) AND chunk = \(chunk) AND key IN \(list: keys)
            """, read)
    }

    static func upsert(_ rows: [SearchSetRow], store: StoreID, in tx: borrowing Transaction) throws {
        for part in rows.inPowersOfTwo(most: 128) {
            let values = part.map { row in
                [store.sqlValue, row.chunk.sqlValue, row.key.sqlValue, SQLValue.bytes(row.members.bytes)]
            }
            try tx.execute(
                """
                INSERT INTO search_chunks (store_id, chunk, key, members) VALUES \(rows: values)
                ON CONFLICT (store_id, chunk, key) DO UPDATE SET members = excluded.members
                """)
        }
    }

    static func delete(
        _ keys: some Collection<String>, chunk: Int, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            "DELETE FROM search_chunks WHERE store_id = \(store) AND chunk = \(chunk) AND key IN \(list: keys)")
    }

    private static func read(_ row: Row) throws -> SearchSetRow {
        SearchSetRow(key: try row[0], chunk: try row[1], members: PackedSet(bytes: try row[2]))
    }
}

extension Array {
    /// Its elements in parts of 1, 2, 4 … elements, the largest first: statements of few widths, each prepared once.
    func inPowersOfTwo(most: Int) -> [ArraySlice<Element>] {
        var parts: [ArraySlice<Element>] = []
        var start = 0
        var width = most
        while start < count {
            while width > count - start { width /= 2 }
            parts.append(self[start..<(start + width)])
            start += width
        }
        return parts
    }
}
