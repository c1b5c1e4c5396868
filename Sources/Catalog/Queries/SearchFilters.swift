import Persistence
import Primitives

/// What narrows a search down besides its words, as sets of documents by group, so that the counts of a group can leave
/// its own choice out.
struct SearchFilters {
    /// What belongs together: choosing another value of a group replaces the choice instead of narrowing it.
    enum Group: Hashable {
        case scope, category, tags, vendor, option(String), price, availability
    }

    private(set) var groups: [Group: DocumentSet] = [:]
    /// Every document that may be shown at all.
    let scope: DocumentSet
    /// Every document of what can be bought.
    let available: DocumentSet
    private let prices: (lowest: SlicedNumbers, highest: SlicedNumbers)?

    /// Nil when a category is named that the store does not have.
    /// - Parameter due: what the index does not know yet of what is shown; nil where that does not matter.
    init?(
        _ search: ProductSearch, sets: SearchSets, due: Later<DueDocument>?, wantsPrices: Bool,
        in tx: borrowing Transaction
    ) throws {
        var categories: [CategoryID] = []
        for handle in search.categories {
            let branch = try Self.branch(handle, sets: sets, in: tx)
            guard !branch.isEmpty else { return nil }
            categories += branch
        }
        let categoryKeys = categories.map { SearchKey.category($0) }
        let tagKeys = search.tags.map { SearchKey.tag($0) }
        let vendorKeys = search.vendors.map { SearchKey.vendor($0) }
        let optionKeys = search.options.map { option in option.values.map { SearchKey.option(option.name, $0) } }
        let scopeKey = search.publishedOnly ? SearchKey.status(.active) : SearchKey.all
        let needsPrices = wantsPrices || search.lowestPrice != nil || search.highestPrice != nil
        let pending = try sets.sets(
            categoryKeys + tagKeys + vendorKeys + optionKeys.flatMap { $0 }
                + [scopeKey, SearchKey.available, SearchKey.hidden], in: tx)
        prices =
            needsPrices
            ? (try sets.numbers(.lowestPrice, in: tx), try sets.numbers(.highestPrice, in: tx)) : nil
        let found = try pending.found()

        func union(_ keys: [String]) -> DocumentSet {
            let present = keys.compactMap { found[$0] }
            guard let first = present.first else { return DocumentSet(capacity: sets.capacity) }
            var documents = first.flat(capacity: sets.capacity)
            for set in present.dropFirst() { set.add(to: &documents) }
            return documents
        }
        var scope = union([scopeKey])
        if let due {
            if found[SearchKey.hidden] != nil { scope.subtract(union([SearchKey.hidden])) }
            for moment in try due.rows() {
                if moment.isShown { scope.insert(moment.document) } else { scope.remove(moment.document) }
            }
        }
        self.scope = scope
        available = union([SearchKey.available])
        groups[.scope] = scope
        if !categoryKeys.isEmpty { groups[.category] = union(categoryKeys) }
        if let first = tagKeys.first {
            groups[.tags] = tagKeys.dropFirst().reduce(union([first])) { $0.intersection(union([$1])) }
        }
        if !vendorKeys.isEmpty { groups[.vendor] = union(vendorKeys) }
        for (option, keys) in zip(search.options, optionKeys) { groups[.option(option.name)] = union(keys) }
        if let isAvailable = search.isAvailable {
            groups[.availability] = isAvailable ? available : scope.subtracting(available)
        }
        if let prices, search.lowestPrice != nil || search.highestPrice != nil {
            // Some variant lies between: exact unless a product's prices jump over what is asked for.
            var documents = scope
            if let bound = search.highestPrice { documents = prices.lowest.atMost(bound, among: documents) }
            if let bound = search.lowestPrice { documents = prices.highest.atLeast(bound, among: documents) }
            groups[.price] = documents
        }
    }

    /// The names under which what a search needs is remembered.
    static func names(_ search: ProductSearch) -> [String] {
        search.categories.map(branchName) + search.tags.map { SearchKey.tag($0) }
            + search.vendors.map { SearchKey.vendor($0) }
            + search.options.flatMap { option in option.values.map { SearchKey.option(option.name, $0) } }
            + [
                search.publishedOnly ? SearchKey.status(.active) : SearchKey.all, SearchKey.available,
                SearchKey.hidden, SearchKey.facets, SearchSets.categories, SearchSets.name(of: .lowestPrice),
                SearchSets.name(of: .highestPrice), SearchSets.name(of: .title),
            ]
    }

    private static func branchName(_ handle: String) -> String { "\u{1}branch \(handle)" }

    /// A category and all below it; empty when the store has none of this handle.
    private static func branch(
        _ handle: String, sets: SearchSets, in tx: borrowing Transaction
    ) throws -> [CategoryID] {
        let name = branchName(handle)
        if case .branch(let known)? = sets.remembered(name) { return known }
        let branch = try CategoryTable.branch("handle = \(handle)", store: sets.store, in: tx).map(\.id)
        // Handles that nobody has are as many as anybody likes.
        if !branch.isEmpty { sets.remember([name: .branch(branch)]) }
        return branch
    }

    /// What fulfils all groups but one.
    /// - Parameter matches: what the words found; nil when there are none.
    func documents(_ matches: DocumentSet?, leavingOut group: Group? = nil) -> DocumentSet {
        var documents = matches.map { $0.intersection(scope) } ?? scope
        for (key, set) in groups where key != group && key != .scope { documents.formIntersection(set) }
        return documents
    }

    /// The first documents by price.
    func byPrice(
        _ limit: Int, of documents: DocumentSet, isDescending: Bool, after position: SearchPosition?
    ) -> [(document: Int, number: Int64)] {
        // The price shown first is the lowest, whichever way they are sorted.
        guard let numbers = prices?.lowest else { return [] }
        var rest = documents
        if let position {
            let (below, equal) = numbers.compared(with: position.number, among: documents)
            var gone = isDescending ? documents.subtracting(below).subtracting(equal) : below
            var passed = equal
            passed.removeAll(from: position.document + 1)
            gone.formUnion(passed)
            rest.subtract(gone)
        }
        return numbers.first(limit, of: rest, isDescending: isDescending)
    }

    /// The lowest and the highest price of the documents.
    func priceRange(of documents: DocumentSet) -> ClosedRange<Int64>? {
        guard let prices, let least = prices.lowest.first(1, of: documents, isDescending: false).first,
            let most = prices.highest.first(1, of: documents, isDescending: true).first
        else { return nil }
        return least.number...max(least.number, most.number)
    }
}
