import Persistence
import Primitives

/// One chunk of a set, as a row.
struct SearchSetRow: Sendable {
    let key: String
    let chunk: Int
    let members: PackedSet
}

/// The SQL of `search_sets`.
enum SearchSetTable {
    static func rows(
        _ keys: some Collection<String>, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SearchSetRow> {
        try tx.later(
            "SELECT key, chunk, members FROM search_sets WHERE store_id = \(store) AND key IN \(list: keys)", read)
    }

    /// The sets whose keys lie in a range, in the order of their keys.
    static func rows(
        from first: String, to end: String, limit: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SearchSetRow> {
        try tx.later(
            """
            SELECT key, chunk, members FROM search_sets
            WHERE store_id = \(store) AND key >= \(first) AND key < \(end) ORDER BY key, chunk LIMIT \(limit)
            """, read)
    }

    static func members(
        of keys: some Collection<String>, chunk: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SearchSetRow> {
        try tx.later(
            """
            SELECT key, chunk, members FROM search_sets
            WHERE store_id = \(store) AND key IN \(list: keys) AND chunk = \(chunk)
            """, read)
    }

    static func upsert(_ rows: [SearchSetRow], store: StoreID, in tx: borrowing Transaction) throws {
        for part in rows.inPowersOfTwo(most: 128) {
            let values = part.map { row in
                [store.sqlValue, row.key.sqlValue, row.chunk.sqlValue, SQLValue.bytes(row.members.bytes)]
            }
            try tx.execute(
                """
                INSERT INTO search_sets (store_id, key, chunk, members) VALUES \(rows: values)
                ON CONFLICT (store_id, key, chunk) DO UPDATE SET members = excluded.members
                """)
        }
    }

    static func delete(
        _ keys: some Collection<String>, chunk: Int, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            "DELETE FROM search_sets WHERE store_id = \(store) AND key IN \(list: keys) AND chunk = \(chunk)")
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
