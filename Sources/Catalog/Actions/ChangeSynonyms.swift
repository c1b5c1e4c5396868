public import Persistence
public import Primitives

/// Adds words or short phrases that mean the same.
public struct AddSynonym: Sendable {
    private let store: StoreID
    private let terms: [String]

    /// - Parameter terms: each of at most three words.
    public init(store: StoreID, terms: [String]) {
        self.store = store
        self.terms = terms
    }

    /// - Throws: `validation.failed`, `synonym.too_many`.
    public func run(in tx: borrowing Transaction) throws -> Synonym {
        let state = try SearchStateTable.advance(store, in: tx)
        var errors: [Problem.FieldError] = []
        for (index, term) in terms.enumerated() where Synonym.stems(of: term, language: state.language) == nil {
            errors.append(
                .init(
                    pointer: "/terms/\(index)", code: "synonym",
                    detail: "One to \(Synonym.mostWords) words are expected."))
        }
        let synonym = Synonym(id: tx.newIdentifier(), terms: terms, createdAt: tx.now)
        if errors.isEmpty, synonym.stems(language: state.language).count < 2 {
            errors.append(
                .init(
                    pointer: "/terms", code: "synonym", detail: "At least two terms that are not the same are expected."
                ))
        }
        guard errors.isEmpty else { throw Problem.validation(errors) }
        guard try SynonymTable.count(store: store, in: tx) < Synonym.most else {
            throw Problem(.conflict, "synonym.too_many", "A store has at most \(Synonym.most) synonyms.")
        }
        try SynonymTable.insert(synonym, stems: synonym.stems(language: state.language), store: store, in: tx)
        return synonym
    }
}

/// Takes a synonym away.
public struct RemoveSynonym: Sendable {
    private let store: StoreID
    private let synonym: SynonymID

    public init(store: StoreID, synonym: SynonymID) {
        self.store = store
        self.synonym = synonym
    }

    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws {
        guard try SynonymTable.delete(synonym, store: store, in: tx) else { throw Problem.notFound("synonym") }
        try SearchStateTable.touch(store, in: tx)
    }
}

extension Catalog {
    /// A page of a store's synonyms, in the order they were made.
    public static func synonyms(
        of store: StoreID, after: SynonymID? = nil, limit: Int, in tx: borrowing Transaction
    ) throws -> [Synonym] {
        try SynonymTable.page(after: after, limit: limit, store: store, in: tx)
    }
}
