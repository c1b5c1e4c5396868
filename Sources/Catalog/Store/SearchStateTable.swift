import FoundationEssentials
import Persistence
import Primitives

/// How far a store's index is.
struct SearchState: Sendable {
    var language: SearchLanguage
    /// Above every number of a document.
    var nextDocument: Int
    /// Grows with every change of the index.
    var generation: Int64
    /// The last product that was indexed again.
    var rebuiltThrough: ProductID
    /// Whether every product is in the index.
    var isComplete: Bool
}

/// The SQL of `search_states`. Its row is what changes of a store's index wait for each other on.
enum SearchStateTable {
    private static let columns: SQL = "language, next_document, generation, rebuilt_through, is_complete"

    static func find(_ store: StoreID, in tx: borrowing Transaction) throws -> SearchState? {
        try tx.first("SELECT \(columns) FROM search_states WHERE store_id = \(store)", read)
    }

    /// The state with its row locked until the transaction ends, one generation on; made when there is none.
    static func advance(_ store: StoreID, in tx: borrowing Transaction) throws -> SearchState {
        let state = try tx.first(
            """
            INSERT INTO search_states (store_id, language, next_document, generation, rebuilt_through, is_complete)
            VALUES (\(store), \(SearchLanguage.english.rawValue), 0, 1, \(Self.beginning), \(false))
            ON CONFLICT (store_id) DO UPDATE SET generation = search_states.generation + 1
            RETURNING \(columns)
            """, read)
        guard let state else { throw DatabaseError.conflict }
        return state
    }

    /// One generation on, after a change of what searches show beside the index; nothing happens where there is none.
    static func touch(_ store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("UPDATE search_states SET generation = generation + 1 WHERE store_id = \(store)")
    }

    static func set(_ state: SearchState, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE search_states SET language = \(state.language.rawValue), next_document = \(state.nextDocument),
                rebuilt_through = \(state.rebuiltThrough), is_complete = \(state.isComplete)
            WHERE store_id = \(store)
            """)
    }

    /// Begins a store's index; nothing happens where there is one. That of a store without products is complete.
    static func insert(_ store: StoreID, language: SearchLanguage, in tx: borrowing Transaction) throws {
        let product: ProductID? = try tx.first("SELECT id FROM products WHERE store_id = \(store) LIMIT 1") {
            try $0[0]
        }
        try tx.execute(
            """
            INSERT INTO search_states (store_id, language, next_document, generation, rebuilt_through, is_complete)
            VALUES (\(store), \(language.rawValue), 0, 1, \(Self.beginning), \(product == nil))
            ON CONFLICT (store_id) DO NOTHING
            """)
    }

    /// Before every product.
    static let beginning = ProductID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))

    private static func read(_ row: Row) throws -> SearchState {
        let language: String = try row[0]
        return SearchState(
            language: SearchLanguage(rawValue: language) ?? .other, nextDocument: try row[1], generation: try row[2],
            rebuiltThrough: try row[3], isComplete: try row[4])
    }
}
