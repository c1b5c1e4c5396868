import Persistence
import Primitives

/// Counts what was found by everything that it can be filtered by.
///
/// Each value has its set, so a count is an intersection: exact, and the same work for ten documents found as for all.
struct SearchFacets {
    /// Rows of values that are looked at; a store with more gets lists that are not complete.
    static let mostRows = 6000
    /// Values to a list.
    static let mostValues = 50

    let search: ProductSearch
    let filters: SearchFilters
    let matches: DocumentSet?
    let sets: SearchSets

    func count(_ range: IndexedSets, in tx: borrowing Transaction) throws -> ProductFacets {
        var facets = ProductFacets()
        facets.isComplete = !range.isCut
        let found = filters.documents(matches)
        let byCategory = filters.documents(matches, leavingOut: .category)
        let byVendor = filters.documents(matches, leavingOut: .vendor)
        var categories: [String: Int] = [:]
        var options: [String: [ProductFacets.Count]] = [:]
        var byOption: [String: DocumentSet] = [:]
        for set in range.sets {
            let name = String(set.key.dropFirst(3))
            func count(_ documents: DocumentSet, _ list: inout [ProductFacets.Count], _ value: String, _ isChosen: Bool)
            {
                let count = set.overlap(documents)
                if count > 0 || isChosen { list.append(.init(value: value, title: value, count: count)) }
            }
            switch set.key.utf8.dropFirst(2).first {
            case UInt8(ascii: "c"):
                let count = set.overlap(byCategory)
                if count > 0 { categories[name] = count }
            case UInt8(ascii: "t"): count(found, &facets.tags, name, search.tags.contains(name))
            case UInt8(ascii: "v"): count(byVendor, &facets.vendors, name, search.vendors.contains(name))
            case UInt8(ascii: "o"):
                let parts = name.split(separator: "\u{1}", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                let (option, value) = (String(parts[0]), String(parts[1]))
                let documents = byOption[option] ?? filters.documents(matches, leavingOut: .option(option))
                byOption[option] = documents
                let isChosen = search.options.contains { $0.name == option && $0.values.contains(value) }
                count(documents, &options[option, default: []], value, isChosen)
            default: continue
            }
        }
        facets.categories = Self.most(try named(categories, in: tx), chosen: search.categories)
        facets.tags = Self.most(facets.tags, chosen: search.tags)
        facets.vendors = Self.most(facets.vendors, chosen: search.vendors)
        facets.options = options.filter { !$0.value.isEmpty }
            .map { name, values in
                let chosen = search.options.first { $0.name == name }?.values ?? []
                return .init(name: name, values: Self.most(values, chosen: chosen))
            }
            .sorted { $0.total == $1.total ? $0.name < $1.name : $0.total > $1.total }
            .prefix(20).map { $0 }
        let anyStock = filters.documents(matches, leavingOut: .availability)
        if let available = try sets.sets([SearchKey.available], in: tx).found()[SearchKey.available] {
            facets.available = available.overlap(anyStock)
        }
        facets.soldOut = anyStock.count - facets.available
        facets.prices = filters.priceRange(of: filters.documents(matches, leavingOut: .price))
        return facets
    }

    private func named(_ counts: [String: Int], in tx: borrowing Transaction) throws -> [ProductFacets.Count] {
        let ids = counts.keys.compactMap { CategoryID($0) }.sorted()
        guard !ids.isEmpty else { return [] }
        return try CategoryTable.categories(ids, store: sets.store, in: tx).map {
            .init(value: $0.handle, title: $0.title, count: counts[$0.id.description] ?? 0)
        }
    }

    /// The most frequent, and what was chosen however rare it is.
    private static func most(_ counts: [ProductFacets.Count], chosen: [String]) -> [ProductFacets.Count] {
        let sorted = counts.sorted { $0.count == $1.count ? $0.value < $1.value : $0.count > $1.count }
        return sorted.prefix(mostValues) + sorted.dropFirst(mostValues).filter { chosen.contains($0.value) }
    }
}

extension ProductFacets.OptionCounts {
    fileprivate var total: Int { values.reduce(0) { $0 + $1.count } }
}
