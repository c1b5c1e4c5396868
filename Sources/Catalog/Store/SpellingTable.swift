import Persistence
import Primitives

/// The SQL of `search_spellings`: the forms under which words are found that were typed wrongly.
enum SpellingTable {
    static func insert(
        _ words: [(stem: String, written: String)], tails: Bool, store: StoreID, in tx: borrowing Transaction
    ) throws {
        var rows: [[SQLValue]] = []
        for (stem, written) in words.sorted(by: { $0.stem < $1.stem }) {
            var forms = Spelling.isCorrectable(stem) ? Spelling.forms(of: stem).sorted() : []
            if tails { forms += Spelling.tails(of: stem).map(tail) }
            for form in forms { rows.append([store.sqlValue, form.sqlValue, stem.sqlValue, written.sqlValue]) }
        }
        for part in rows.inPowersOfTwo(most: 128) {
            try tx.execute(
                """
                INSERT INTO search_spellings (store_id, form, stem, written) VALUES \(rows: part)
                ON CONFLICT (store_id, form, stem) DO NOTHING
                """)
        }
    }

    /// Words that share one of the forms. A word that no product has any more may be among them.
    static func words(
        with forms: some Collection<String>, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> Later<(form: String, stem: String, written: String)> {
        try tx.later(
            """
            SELECT form, stem, written FROM search_spellings
            WHERE store_id = \(store) AND form IN \(list: forms) LIMIT \(limit)
            """
        ) { (try $0[0], try $0[1], try $0[2]) }
    }

    /// The form of what words end with.
    static func tail(_ tail: String) -> String { "~\(tail)" }
}
