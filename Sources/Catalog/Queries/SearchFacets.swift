import Persistence
import Primitives

/// Everything that products can be filtered by, each value with its documents. Only for `SearchMemory`.
public struct FacetValues: Sendable {
    struct Value: Sendable {
        let value: String
        let title: String
        let set: IndexedSet
    }

    private(set) var categories: [Value] = []
    private(set) var tags: [Value] = []
    private(set) var vendors: [Value] = []
    private(set) var options: [(name: String, values: [Value])] = []
    /// Whether these are all that the store has.
    let isComplete: Bool

    var bytes: Int {
        let lists = [categories, tags, vendors] + options.map(\.values)
        return lists.joined().reduce(0) { $0 + $1.set.bytes + 100 }
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

    fileprivate init(_ range: IndexedSets, categories titles: [CategoryID: Category]) {
        isComplete = !range.isCut
        var byOption: [String: [Value]] = [:]
        for set in range.sets {
            let name = String(set.key.dropFirst(3))
            let value = Value(value: name, title: name, set: set)
            switch set.key.utf8.dropFirst(2).first {
            case UInt8(ascii: "c"):
                guard let category = CategoryID(name).flatMap({ titles[$0] }) else { continue }
                categories.append(Value(value: category.handle, title: category.title, set: set))
            case UInt8(ascii: "t"): tags.append(value)
            case UInt8(ascii: "v"): vendors.append(value)
            case UInt8(ascii: "o"):
                let parts = name.split(separator: "\u{1}", maxSplits: 1, omittingEmptySubsequences: false).map(
                    String.init)
                guard parts.count == 2 else { continue }
                byOption[parts[0], default: []].append(Value(value: parts[1], title: parts[1], set: set))
            default: continue
            }
        }
        options = byOption.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
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
        let values = FacetValues(range, categories: try sets.categories(Set(ids), in: tx))
        sets.remember([SearchKey.facets: .facets(values)])
        return values
    }
}

/// Counts what was found by everything that it can be filtered by.
///
/// Each value has its set, so a count is an intersection: exact, and as much work for a rare value as for a common one.
struct SearchFacets {
    /// Values to a list.
    private static let mostValues = 50

    let search: ProductSearch
    let filters: SearchFilters
    let matches: DocumentSet?
    let lists: FacetLists

    func count(_ values: FacetValues) -> ProductFacets {
        var facets = ProductFacets()
        facets.isComplete = values.isComplete
        if lists.contains(.categories) {
            facets.categories = counts(
                values.categories, leavingOut: .category, chosen: search.categories, keepsChosen: false)
        }
        guard lists.contains(.values) else { return facets }
        facets.tags = counts(values.tags, leavingOut: nil, chosen: search.tags)
        facets.vendors = counts(values.vendors, leavingOut: .vendor, chosen: search.vendors)
        facets.options = values.options.map { name, values in
            let chosen = search.options.first { $0.name == name }?.values ?? []
            return .init(name: name, values: counts(values, leavingOut: .option(name), chosen: chosen))
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

    /// The most frequent values, and what was chosen however rare it is.
    /// - Parameter keepsChosen: whether what was chosen is listed even where nothing has it.
    private func counts(
        _ values: [FacetValues.Value], leavingOut group: SearchFilters.Group?, chosen: [String],
        keepsChosen: Bool = true
    ) -> [ProductFacets.Count] {
        guard !values.isEmpty else { return [] }
        let documents = CountedDocuments(filters.documents(matches, leavingOut: group))
        var counts: [ProductFacets.Count] = []
        for value in values {
            let count = documents.count == 0 ? 0 : value.set.overlap(documents)
            guard count > 0 || (keepsChosen && chosen.contains(value.value)) else { continue }
            counts.append(.init(value: value.value, title: value.title, count: count))
        }
        counts.sort { $0.count == $1.count ? $0.value < $1.value : $0.count > $1.count }
        guard counts.count > Self.mostValues else { return counts }
        return counts.prefix(Self.mostValues) + counts.dropFirst(Self.mostValues).filter { chosen.contains($0.value) }
    }
}

extension ProductFacets.OptionCounts {
    fileprivate var total: Int { values.reduce(0) { $0 + $1.count } }
}
