public import Primitives

/// Words or short phrases that mean the same to a store's buyers: who looks for one finds the others too.
public struct Synonym: Hashable, Sendable {
    public let id: SynonymID
    /// As they were written, at least two.
    public let terms: [String]
    public let createdAt: Instant

    /// The most words of a phrase.
    static let mostWords = 3

    /// The most that a store has.
    public static let most = 1000

    func stems(language: SearchLanguage) -> Set<String> {
        Set(terms.compactMap { Self.stems(of: $0, language: language) })
    }

    /// A phrase as it is looked up: the stems of its words. Nil when it has no words or too many.
    static func stems(of phrase: String, language: SearchLanguage) -> String? {
        let words = SearchWords.words(of: phrase, most: mostWords + 1)
        guard !words.isEmpty, words.count <= mostWords else { return nil }
        return words.map(language.stem).joined(separator: " ")
    }
}
