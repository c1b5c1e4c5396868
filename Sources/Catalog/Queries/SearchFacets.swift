import Persistence
import Primitives

/// Everything that products can be filtered by, each value with its documents. Only for `SearchMemory`.
public struct FacetValues: Sendable {
    struct Value: Sendable {
        let value: String
        let title: String
        /// Among all values.
        let number: Int
        let set: IndexedSet
    }

    private(set) var categories: [Value] = []
    private(set) var tags: [Value] = []
    private(set) var vendors: [Value] = []
    private(set) var options: [(name: String, values: [Value])] = []
    /// Whether these are all that the store has.
    let isComplete: Bool
    /// How many values there are.
    private let count: Int
    private let byDocument: ValuesByDocument?
    let bytes: Int

    /// How many of the documents have each value, by the values' numbers; nil where asking the values is less work.
    func tally(_ documents: DocumentSet) -> [Int32]? {
        guard let byDocument, byDocument.cost(of: documents) < count * documents.words.count else { return nil }
        return byDocument.tally(documents, values: count)
    }

    /// Rows of values that are looked at; a store with more gets lists that are not complete.
    private static let mostRows = 6000

    /// Submitted now, read later.
    static func pending(_ sets: SearchSets, in tx: borrowing Transaction) throws -> PendingFacets {
        if case .facets(let known)? = sets.remembered(SearchKey.facets) {
            return PendingFacets(sets: sets, known: known, range: nil)
        }
        let range = try sets.sets(beginning: SearchKey.facets, limit: mostRows, in: tx)
        return PendingFacets(sets: sets, known: nil, range: range)
    }

    fileprivate init(_ range: IndexedSets, of sets: SearchSets, categories titles: [CategoryID: Category]) {
        isComplete = !range.isCut
        count = range.sets.count
        // More work than a single count is worth.
        byDocument = sets.isRemembering ? ValuesByDocument(range.sets, capacity: sets.capacity) : nil
        bytes = range.sets.reduce(byDocument?.bytes ?? 0) { $0 + $1.bytes + 100 }
        var byOption: [String: [Value]] = [:]
        for (number, set) in range.sets.enumerated() {
            let name = String(set.key.dropFirst(3))
            let value = Value(value: name, title: name, number: number, set: set)
            switch set.key.utf8.dropFirst(2).first {
            case UInt8(ascii: "c"):
                guard let category = CategoryID(name).flatMap({ titles[$0] }) else { continue }
                categories.append(Value(value: category.handle, title: category.title, number: number, set: set))
            case UInt8(ascii: "t"): tags.append(value)
            case UInt8(ascii: "v"): vendors.append(value)
            case UInt8(ascii: "o"):
                let parts = name.split(separator: "\u{1}", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                let word = String(parts[1])
                byOption[String(parts[0]), default: []].append(
                    Value(value: word, title: word, number: number, set: set))
            default: continue
            }
        }
        options = byOption.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// The values that each document has: the sets of the values the other way round.
///
/// Counting a few thousand documents takes some values for each, where asking every value takes all words of its set.
private struct ValuesByDocument: Sendable {
    /// Where the values of each document begin, and where those of the last end.
    private let starts: [Int32]
    private let values: [UInt16]

    var bytes: Int { starts.count * 4 + values.count * 2 }

    /// Nil for a store that would take much of the memory for it.
    init?(_ sets: [IndexedSet], capacity: Int) {
        let total = sets.reduce(0) { $0 + $1.count }
        guard total <= 4_000_000, capacity <= 1_000_000, sets.count <= Int(UInt16.max) else { return nil }
        var ends = [Int32](repeating: 0, count: capacity + 1)
        ends.withUnsafeMutableBufferPointer { ends in
            // A chunk that was damaged may name more.
            for set in sets { set.forEach { if $0 < capacity { ends[$0 + 1] += 1 } } }
            for document in 0..<capacity { ends[document + 1] += ends[document] }
        }
        var next = ends
        var values = [UInt16](repeating: 0, count: Int(ends[capacity]))
        next.withUnsafeMutableBufferPointer { next in
            values.withUnsafeMutableBufferPointer { values in
                for (number, set) in sets.enumerated() {
                    set.forEach { document in
                        guard document < capacity else { return }
                        values[Int(next[document])] = UInt16(number)
                        next[document] += 1
                    }
                }
            }
        }
        starts = ends
        self.values = values
    }

    /// What counting them takes, in about as much as looking at one word of a set.
    func cost(of documents: DocumentSet) -> Int {
        documents.count * (values.count / max(1, starts.count - 1) + 2)
    }

    func tally(_ documents: DocumentSet, values count: Int) -> [Int32] {
        var counts = [Int32](repeating: 0, count: count)
        counts.withUnsafeMutableBufferPointer { counts in
            values.withUnsafeBufferPointer { values in
                starts.withUnsafeBufferPointer { starts in
                    documents.scan { document in
                        guard document + 1 < starts.count else { return false }
                        for index in Int(starts[document])..<Int(starts[document + 1]) {
                            counts[Int(values[index])] += 1
                        }
                        return true
                    }
                }
            }
        }
        return counts
    }
}

/// Values that are being read.
struct PendingFacets {
    fileprivate let sets: SearchSets
    fileprivate let known: FacetValues?
    fileprivate let range: PendingRange?

    func found(in tx: borrowing Transaction) throws -> FacetValues {
        if let known { return known }
        let range = try self.range?.found(remembers: false) ?? IndexedSets()
        let ids = range.sets.compactMap { CategoryID(String($0.key.dropFirst(3))) }
        let values = FacetValues(
            range, of: sets, categories: try sets.categories(Set(ids), in: tx))
        sets.remember([SearchKey.facets: .facets(values)])
        return values
    }
}

/// Counts what was found by everything that it can be filtered by.
///
/// Each value has its set, so a count is an intersection, and exact. The counts of a group leave its own choice out.
struct SearchFacets {
    /// Values to a list.
    private static let mostValues = 50

    /// Documents, and how many of them have each value where that is known.
    private struct Tally {
        let documents: DocumentSet
        let counts: [Int32]?

        func count(of value: FacetValues.Value) -> Int {
            counts.map { Int($0[value.number]) } ?? value.set.overlap(documents)
        }
    }

    let search: ProductSearch
    let filters: SearchFilters
    let matches: DocumentSet?
    let lists: FacetLists

    func count(_ values: FacetValues) -> ProductFacets {
        var facets = ProductFacets()
        facets.isComplete = values.isComplete
        let found = self.tally(of: values, leavingOut: nil)
        // Most groups have no choice to leave out.
        func tally(_ group: SearchFilters.Group) -> Tally {
            filters.groups[group] == nil ? found : self.tally(of: values, leavingOut: group)
        }
        if lists.contains(.categories) {
            facets.categories = Self.counts(
                values.categories, in: tally(.category), chosen: search.categories, keepsChosen: false)
        }
        guard lists.contains(.values) else { return facets }
        facets.tags = Self.counts(values.tags, in: found, chosen: search.tags)
        facets.vendors = Self.counts(values.vendors, in: tally(.vendor), chosen: search.vendors)
        facets.options = values.options.map { name, values in
            let chosen = search.options.first { $0.name == name }?.values ?? []
            return .init(name: name, values: Self.counts(values, in: tally(.option(name)), chosen: chosen))
        }
        .filter { !$0.values.isEmpty }
        .sorted { $0.total == $1.total ? $0.name < $1.name : $0.total > $1.total }
        .prefix(20).map { $0 }
        let anyStock = filters.documents(matches, leavingOut: .availability)
        facets.available = anyStock.overlap(filters.available)
        facets.soldOut = anyStock.count - facets.available
        facets.prices = filters.priceRange(of: filters.documents(matches, leavingOut: .price))
        return facets
    }

    private func tally(of values: FacetValues, leavingOut group: SearchFilters.Group?) -> Tally {
        let documents = filters.documents(matches, leavingOut: group)
        return Tally(documents: documents, counts: values.tally(documents))
    }

    /// The most frequent values, and what was chosen however rare it is.
    /// - Parameter keepsChosen: whether what was chosen is listed even where nothing has it.
    private static func counts(
        _ values: [FacetValues.Value], in tally: Tally, chosen: [String], keepsChosen: Bool = true
    ) -> [ProductFacets.Count] {
        var counts: [ProductFacets.Count] = []
        for value in values {
            let count = tally.count(of: value)
            guard count > 0 || (keepsChosen && chosen.contains(value.value)) else { continue }
            counts.append(.init(value: value.value, title: value.title, count: count))
        }
        counts.sort { $0.count == $1.count ? $0.value < $1.value : $0.count > $1.count }
        guard counts.count > mostValues else { return counts }
        return counts.prefix(mostValues) + counts.dropFirst(mostValues).filter { chosen.contains($0.value) }
    }
}

extension ProductFacets.OptionCounts {
    fileprivate var total: Int { values.reduce(0) { $0 + $1.count } }
}
