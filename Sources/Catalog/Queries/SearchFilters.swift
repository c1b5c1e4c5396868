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
    private let prices: (lowest: SlicedNumbers, highest: SlicedNumbers)?

    /// Nil when a category is named that the store does not have.
    init?(_ search: ProductSearch, sets: SearchSets, wantsPrices: Bool, in tx: borrowing Transaction) throws {
        var categories: [CategoryID] = []
        for handle in search.categories {
            let branch = try CategoryTable.branch("handle = \(handle)", store: sets.store, in: tx).map(\.id)
            guard !branch.isEmpty else { return nil }
            categories += branch
        }
        let categoryKeys = categories.map { SearchKey.category($0) }
        let tagKeys = search.tags.map { SearchKey.tag($0) }
        let vendorKeys = search.vendors.map { SearchKey.vendor($0) }
        let optionKeys = search.options.map { option in option.values.map { SearchKey.option(option.name, $0) } }
        let scopeKey = search.publishedOnly ? SearchKey.status(.active) : SearchKey.all
        let needsPrices = wantsPrices || search.lowestPrice != nil || search.highestPrice != nil
        // The index knows what was shown when it was written; moments that have come since are few.
        let due = search.publishedOnly ? try PublicationTable.dueDocuments(of: sets.store, in: tx) : nil
        let priceKeys = needsPrices ? SearchKey.price(.lowest) + SearchKey.price(.highest) : []
        let found = try sets.sets(
            categoryKeys + tagKeys + vendorKeys + optionKeys.flatMap { $0 } + priceKeys
                + [scopeKey, SearchKey.available, SearchKey.hidden], in: tx
        ).found()

        func union(_ keys: [String]) -> DocumentSet {
            var documents = DocumentSet(capacity: sets.capacity)
            for key in keys { found[key]?.add(to: &documents) }
            return documents
        }
        var scope = union([scopeKey])
        if let due {
            scope.subtract(union([SearchKey.hidden]))
            for moment in try due.rows() {
                if moment.isShown { scope.insert(moment.document) } else { scope.remove(moment.document) }
            }
        }
        self.scope = scope
        groups[.scope] = scope
        if !categoryKeys.isEmpty { groups[.category] = union(categoryKeys) }
        if let first = tagKeys.first {
            groups[.tags] = tagKeys.dropFirst().reduce(union([first])) { $0.intersection(union([$1])) }
        }
        if !vendorKeys.isEmpty { groups[.vendor] = union(vendorKeys) }
        for (option, keys) in zip(search.options, optionKeys) { groups[.option(option.name)] = union(keys) }
        if let isAvailable = search.isAvailable {
            let available = union([SearchKey.available])
            groups[.availability] = isAvailable ? available : scope.subtracting(available)
        }
        guard needsPrices else {
            prices = nil
            return
        }
        func numbers(_ kind: SearchKey.PriceKind) -> SlicedNumbers {
            let keys = SearchKey.price(kind)
            let count = (keys.lastIndex { found[$0] != nil } ?? -1) + 1
            return SlicedNumbers(slices: keys.prefix(count).map { union([$0]) })
        }
        let (lowest, highest) = (numbers(.lowest), numbers(.highest))
        prices = (lowest, highest)
        if search.lowestPrice != nil || search.highestPrice != nil {
            // Some variant lies between: exact unless a product's prices jump over what is asked for.
            var documents = scope
            if let bound = search.highestPrice { documents = lowest.atMost(bound, among: documents) }
            if let bound = search.lowestPrice { documents = highest.atLeast(bound, among: documents) }
            groups[.price] = documents
        }
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
