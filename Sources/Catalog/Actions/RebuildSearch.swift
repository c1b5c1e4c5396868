public import Persistence
public import Primitives

extension Catalog {
    /// Begins the index of a store that has none, in a language. Nothing happens where there is one.
    public static func beginSearch(
        of store: StoreID, language: SearchLanguage, in tx: borrowing Transaction
    ) throws {
        try SearchStateTable.insert(store, language: language, in: tx)
    }

    /// The next products of a store that may be missing in its index or stand in it in another language; the caller
    /// indexes them in the same transaction. Nil when there are none left.
    public static func nextToIndex(
        of store: StoreID, language: SearchLanguage, limit: Int, in tx: borrowing Transaction
    ) throws -> [Product]? {
        if let known = try SearchStateTable.find(store, in: tx), known.isComplete { return nil }
        try SearchStateTable.insert(store, language: language, in: tx)
        var state = try SearchStateTable.advance(store, in: tx)
        guard !state.isComplete else { return nil }
        let products = try self.products(
            ProductFilter(publishedOnly: false), of: store, after: state.rebuiltThrough, limit: limit, in: tx)
        state.rebuiltThrough = products.last?.id ?? state.rebuiltThrough
        state.isComplete = products.count < limit
        try SearchStateTable.set(state, store: store, in: tx)
        return products
    }

    /// Has every product of a store indexed again, one after the other by the job. Until then it is found as before.
    public static func rebuildSearch(of store: StoreID, language: SearchLanguage, in tx: borrowing Transaction) throws {
        try SearchStateTable.insert(store, language: language, in: tx)
        var state = try SearchStateTable.advance(store, in: tx)
        state.rebuiltThrough = SearchStateTable.beginning
        state.isComplete = false
        try SearchStateTable.set(state, store: store, in: tx)
    }

    /// The language of a store's index.
    public static func searchLanguage(of store: StoreID, in tx: borrowing Transaction) throws -> SearchLanguage? {
        try SearchStateTable.find(store, in: tx)?.language
    }

    /// Chooses the language of a store's index. Its products are indexed again one after the other by a job; until
    /// then some words are found by their old endings only.
    public static func setSearchLanguage(
        _ language: SearchLanguage, of store: StoreID, in tx: borrowing Transaction
    ) throws {
        try SearchStateTable.insert(store, language: language, in: tx)
        var state = try SearchStateTable.advance(store, in: tx)
        guard state.language != language else { return }
        state.language = language
        state.rebuiltThrough = SearchStateTable.beginning
        state.isComplete = false
        try SearchStateTable.set(state, store: store, in: tx)
        for synonym in try SynonymTable.page(after: nil, limit: Synonym.most, store: store, in: tx) {
            try SynonymTable.replaceTerms(
                synonym.stems(language: language), of: synonym.id, store: store, in: tx)
        }
    }
}
