import Persistence
import Primitives

/// The SQL of `search_synonyms` and `search_synonym_terms`.
enum SynonymTable {
    /// The terms of the synonyms that one of these stemmed terms is among, by synonym.
    static func groups(
        of terms: some Collection<String>, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<(id: SynonymID, term: String)> {
        try tx.later(
            """
            SELECT t.synonym_id, t.term FROM search_synonym_terms t
            WHERE t.store_id = \(store) AND t.synonym_id IN (
                SELECT s.synonym_id FROM search_synonym_terms s
                WHERE s.store_id = \(store) AND s.term IN \(list: terms))
            """
        ) { (try $0[0], try $0[1]) }
    }

    static func page(
        after: SynonymID?, limit: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> [Synonym] {
        let rest: SQL = after.map { "AND id > \($0)" } ?? ""
        return try tx.query(
            """
            SELECT id, terms, created_at FROM search_synonyms WHERE store_id = \(store) \(rest)
            ORDER BY id LIMIT \(limit)
            """
        ) { Synonym(id: try $0[0], terms: try ProductDocument.texts($0[1]), createdAt: try $0[2]) }
    }

    static func count(store: StoreID, in tx: borrowing Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) FROM search_synonyms WHERE store_id = \(store)") { try $0[0] } ?? 0
    }

    static func insert(
        _ synonym: Synonym, stems: Set<String>, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO search_synonyms (store_id, id, terms, created_at)
            VALUES (\(store), \(synonym.id), \(ProductDocument.texts(synonym.terms)), \(synonym.createdAt))
            """)
        try insert(stems, of: synonym.id, store: store, in: tx)
    }

    /// Gives every synonym the stems of another language.
    static func replaceTerms(
        _ stems: Set<String>, of id: SynonymID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute("DELETE FROM search_synonym_terms WHERE store_id = \(store) AND synonym_id = \(id)")
        try insert(stems, of: id, store: store, in: tx)
    }

    private static func insert(
        _ stems: Set<String>, of id: SynonymID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        let rows = stems.sorted().map { [store.sqlValue, $0.sqlValue, id.sqlValue] }
        try tx.execute("INSERT INTO search_synonym_terms (store_id, term, synonym_id) VALUES \(rows: rows)")
    }

    /// False when there is none.
    static func delete(_ id: SynonymID, store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try tx.execute("DELETE FROM search_synonym_terms WHERE store_id = \(store) AND synonym_id = \(id)")
        return try tx.changes("DELETE FROM search_synonyms WHERE store_id = \(store) AND id = \(id)") == 1
    }
}
