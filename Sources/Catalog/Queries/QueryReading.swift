import Persistence
import Primitives

/// What may stand for a word of a query: documents, and how well they fit.
struct Candidate {
    let documents: Documents
    let score: Int

    enum Documents {
        case indexed(IndexedSet)
        case flat(DocumentSet)
    }
}

/// A word of a query with everything that may stand for it. A product has at least one.
struct QueryTerm {
    let word: String
    let stem: String
    /// Other stems that count as much: another spelling, or the word itself.
    let others: [String]
    var candidates: [Candidate] = []
    /// What it was taken for.
    var corrected: String?
}

/// How the words of a query become sets of documents.
///
/// Everything that a query may need is asked for at once, what depends on that in a second round, and corrections in a
/// third: a query whose words are known ends after the first.
struct QueryReading {
    /// The most words that are looked at.
    static let mostWords = 10
    /// Rows of the words that begin with one that is still being typed.
    private static let mostBeginnings = 600
    private static let mostRelated = 24

    let sets: SearchSets
    private let words: [String]
    private let stems: [String]
    /// Beside the stems, by word.
    private let others: [[String]]

    private var language: SearchLanguage { sets.state.language }

    init(_ text: String, sets: SearchSets) {
        self.sets = sets
        let language = sets.state.language
        let all = SearchWords.words(of: text, most: Self.mostWords)
        let telling = all.filter { !PlainWords.contains($0, language: language) }
        words = telling.isEmpty ? all : telling
        stems = words.map(language.stem)
        others = zip(words, stems).map { word, stem in
            language.otherStems(word) + (word == stem ? [] : [word])
        }
    }

    /// Whether nothing in it can be looked up.
    var isEmpty: Bool { words.isEmpty }

    /// The words as terms, and pairs of neighbours in titles, which count on top.
    func terms(in tx: borrowing Transaction) throws -> (terms: [QueryTerm], pairs: [Candidate]) {
        guard let last = words.last else { return ([], []) }
        let joined = zip(words, words.dropFirst()).map { language.stem($0 + $1) }
        let pairKeys = zip(stems, stems.dropFirst()).map(SearchKey.pair)
        let exact = try sets.groups(
            Self.groups(stems + others.flatMap { $0 } + joined) + pairKeys.map { ($0, [$0]) }, in: tx)
        let beginnings = try headed(last).map { try sets.sets(beginning: $0, limit: Self.mostBeginnings, in: tx) }
        let tails =
            language == .german
            ? try SpellingTable.words(
                with: (stems + others.flatMap { $0 }).map(SpellingTable.tail), store: sets.store, limit: 200, in: tx)
            : nil
        let synonyms = try PendingSynonyms(phrases.map(\.text), sets: sets, in: tx)

        let found = try exact.groups()
        var terms = words.indices.map { QueryTerm(word: words[$0], stem: stems[$0], others: others[$0]) }
        for index in terms.indices {
            add(terms[index].stem, from: found, quality: 100, to: &terms[index])
            for other in others[index] { add(other, from: found, quality: 100, to: &terms[index]) }
            // What others write as one word stands for both.
            for place in [index - 1, index] where joined.indices.contains(place) {
                add(joined[place], from: found, quality: 90, to: &terms[index])
            }
        }
        for (beginning, range) in zip(headed(last), beginnings) {
            addBeginnings(try range.found(), of: beginning, to: &terms)
        }
        try addRelated(tails: tails, groups: synonyms.groups(), to: &terms, in: tx)
        try correct(&terms, in: tx)
        let pairs = pairKeys.compactMap { found[$0]?.first }.map { Candidate(documents: .indexed($0), score: 40) }
        return (terms, pairs)
    }

    /// The words that may be the beginning of one: the last, and in German any, as what it begins is written together.
    private func headed(_ last: String) -> [String] {
        language == .german ? words.filter { $0 == last || $0.utf8.count >= 4 } : [last]
    }

    /// The sets of each of the stems, by the stem.
    private static func groups(_ stems: [String]) -> [(name: String, keys: [String])] {
        stems.map { ($0, SearchKey.word($0)) }
    }

    private func add(_ stem: String, from found: [String: [IndexedSet]], quality: Int, to term: inout QueryTerm) {
        let places = (found[stem] ?? []).compactMap { set in
            SearchKey.place(of: set.key).map { (place: $0.place, set) }
        }
        let rarity = rarity(of: places.map(\.1.count).max() ?? 0)
        for (place, set) in places {
            term.candidates.append(
                Candidate(documents: .indexed(set), score: place.weight * quality / 100 * rarity / 10))
        }
    }

    /// Ten for a word that every product has, more by six with every halving.
    private func rarity(of count: Int) -> Int {
        var rest = max(1, count)
        var rarity = 10
        while rest < state.nextDocument, rarity < 100 {
            rest *= 2
            rarity += 6
        }
        return rarity
    }

    private var state: SearchState { sets.state }

    private func addBeginnings(_ range: IndexedSets, of beginning: String, to terms: inout [QueryTerm]) {
        for set in range.sets {
            guard let (stem, place) = SearchKey.place(of: set.key) else { continue }
            for index in terms.indices where terms[index].word == beginning && stem != terms[index].stem {
                // The nearer to the whole word the better.
                let quality = max(35, 75 - 5 * (stem.utf8.count - beginning.utf8.count))
                let score = place.weight * quality / 100 * rarity(of: set.count) / 10
                terms[index].candidates.append(Candidate(documents: .indexed(set), score: score))
            }
        }
    }

    /// The runs of words that a synonym may name, with the words they stand on.
    private var phrases: [(text: String, range: Range<Int>)] {
        var phrases: [(text: String, range: Range<Int>)] = []
        for start in stems.indices {
            for end in (start + 1)...min(start + Synonym.mostWords, stems.count) where end > start {
                phrases.append((stems[start..<end].joined(separator: " "), start..<end))
            }
        }
        return phrases
    }

    /// Compounds that end with a word, and what the store says means the same.
    private func addRelated(
        tails: Later<(form: String, stem: String, written: String)>?,
        groups: [[String]], to terms: inout [QueryTerm], in tx: borrowing Transaction
    ) throws {
        let compounds = try tails?.rows() ?? []
        var phrasesOf: [(range: Range<Int>, stems: [String])] = []
        for group in groups.prefix(Self.mostRelated) {
            for phrase in phrases where group.contains(phrase.text) {
                for term in group.prefix(Self.mostRelated) where term != phrase.text {
                    phrasesOf.append((phrase.range, term.split(separator: " ").map(String.init)))
                }
            }
        }
        guard !compounds.isEmpty || !phrasesOf.isEmpty else { return }
        let related = Set(compounds.map(\.stem) + phrasesOf.flatMap(\.stems)).sorted()
        let found = try sets.groups(Self.groups(related), in: tx).groups()
        for index in terms.indices {
            let forms = ([terms[index].stem] + terms[index].others).map(SpellingTable.tail)
            for compound in compounds where forms.contains(compound.form) {
                add(compound.stem, from: found, quality: 60, to: &terms[index])
            }
            for phrase in phrasesOf where phrase.range.contains(index) {
                if phrase.stems.count == 1 {
                    add(phrase.stems[0], from: found, quality: 85, to: &terms[index])
                } else if let documents = together(phrase.stems, found) {
                    terms[index].candidates.append(Candidate(documents: .flat(documents), score: 150))
                }
            }
        }
    }

    /// Documents that have all of the stems; nil when there are none.
    private func together(_ stems: [String], _ found: [String: [IndexedSet]]) -> DocumentSet? {
        var common: DocumentSet?
        for stem in stems {
            var documents = DocumentSet(capacity: sets.capacity)
            for set in found[stem] ?? [] { set.add(to: &documents) }
            common = common.map { $0.intersection(documents) } ?? documents
        }
        return common.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Words that the store does not have are taken for the nearest that it has, or for two that were written together.
    private func correct(_ terms: inout [QueryTerm], in tx: borrowing Transaction) throws {
        let unknown = terms.indices.filter { terms[$0].candidates.isEmpty && Spelling.isCorrectable(terms[$0].word) }
        guard !unknown.isEmpty else { return }
        var spellings: [Int: Later<(form: String, stem: String, written: String)>] = [:]
        for index in unknown {
            let forms = Spelling.forms(of: terms[index].stem).union(Spelling.forms(of: terms[index].word))
            spellings[index] = try SpellingTable.words(with: forms.sorted(), store: sets.store, limit: 400, in: tx)
        }
        var nearest: [Int: [(stem: String, written: String, distance: Int)]] = [:]
        var wanted: Set<String> = []
        for (index, rows) in spellings {
            nearest[index] = nearestWords(try rows.rows(), to: terms[index])
            wanted.formUnion(nearest[index, default: []].map(\.stem))
            for (first, second) in halves(of: terms[index].word) { wanted.formUnion([first.stem, second.stem]) }
        }
        let found = try sets.groups(Self.groups(wanted.sorted()), in: tx).groups()
        for index in unknown {
            var best = 0
            for word in nearest[index, default: []] {
                let before = terms[index].candidates.count
                add(word.stem, from: found, quality: word.distance == 1 ? 60 : 40, to: &terms[index])
                let frequency = found[word.stem]?.map(\.count).max() ?? 0
                if terms[index].candidates.count > before, frequency > best {
                    (best, terms[index].corrected) = (frequency, word.written)
                }
            }
            for (first, second) in halves(of: terms[index].word) where terms[index].candidates.isEmpty {
                guard let documents = together([first.stem, second.stem], found) else { continue }
                terms[index].candidates = [Candidate(documents: .flat(documents), score: 100)]
                terms[index].corrected = "\(first.word) \(second.word)"
            }
        }
    }

    private func nearestWords(
        _ rows: [(form: String, stem: String, written: String)], to term: QueryTerm
    ) -> [(stem: String, written: String, distance: Int)] {
        let most = Spelling.tolerance(of: term.word)
        guard most > 0 else { return [] }
        var nearest: [String: (stem: String, written: String, distance: Int)] = [:]
        for row in rows {
            let distances = [
                Spelling.distance(term.word, row.written, most: most),
                Spelling.distance(term.stem, row.stem, most: most),
            ].compactMap { $0 }
            guard let distance = distances.min() else { continue }
            nearest[row.stem] = (row.stem, row.written, distance)
        }
        let least = nearest.values.map(\.distance).min() ?? 0
        return nearest.values.filter { $0.distance == least }.sorted { $0.stem < $1.stem }.prefix(8).map { $0 }
    }

    private typealias Half = (word: String, stem: String)

    private func halves(of word: String) -> [(Half, Half)] {
        guard word.utf8.count >= 6, word.utf8.count <= 30, word.utf8.allSatisfy({ $0 < 0x80 }) else { return [] }
        return (3...(word.utf8.count - 3)).map { length in
            let (first, second) = (String(word.prefix(length)), String(word.dropFirst(length)))
            return ((first, language.stem(first)), (second, language.stem(second)))
        }
    }
}

/// Groups of synonyms that are being read.
private struct PendingSynonyms {
    private let name: String
    private let sets: SearchSets
    private let known: [[String]]?
    private let rows: Later<(id: SynonymID, term: String)>?

    init(_ phrases: [String], sets: SearchSets, in tx: borrowing Transaction) throws {
        name = "\u{1}synonyms \(phrases.joined(separator: "\u{1}"))"
        self.sets = sets
        if case .synonyms(let groups)? = sets.remembered(name) { known = groups } else { known = nil }
        rows = known == nil ? try SynonymTable.groups(of: phrases, store: sets.store, in: tx) : nil
    }

    /// The terms of each group that has one of the phrases, the oldest group first.
    func groups() throws -> [[String]] {
        if let known { return known }
        let groups = Dictionary(grouping: try rows?.rows() ?? [], by: \.id).sorted { $0.key < $1.key }
            .map { $0.value.map(\.term).sorted() }
        sets.remember([name: .synonyms(groups)])
        return groups
    }
}
