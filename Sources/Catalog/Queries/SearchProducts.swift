public import Persistence
public import Primitives

extension Catalog {
    /// Products that fit a search: a page of them, how many there are, and counts for filters.
    ///
    /// What was saved is found at once: the index changes in the transaction that saves a product.
    /// - Parameters:
    ///   - position: where the page before ended; has to be of the search's order.
    ///   - lists: what to count by.
    ///   - memory: what the process remembers of the index; only where nothing is written, as a generation that is
    ///     rolled back comes again.
    public static func search(
        _ search: ProductSearch, of store: StoreID, after position: SearchPosition?, limit: Int,
        counting lists: FacetLists = [], memory: SearchMemory? = nil, in tx: borrowing Transaction
    ) throws -> FoundProducts {
        // The index knows what was shown when it was written; moments that have come since are few. Asked for together
        // with the state.
        let due = search.publishedOnly ? try PublicationTable.dueDocuments(of: store, in: tx) : nil
        guard let state = try SearchStateTable.find(store, in: tx) else { return .nothing }
        let sets = SearchSets(store: store, state: state, memory: memory, expecting: SearchFilters.names(search))
        let hasWords = !search.text.allSatisfy(\.isWhitespace)
        let reading = QueryReading(search.text, sets: sets)
        if hasWords && reading.isEmpty { return .nothing }
        let facets = lists.isEmpty ? nil : try FacetValues.pending(sets, in: tx)
        let (terms, pairs) = hasWords ? try reading.terms(in: tx) : ([], [])
        let isByPrice = search.order == .priceAscending || search.order == .priceDescending
        guard
            let filters = try SearchFilters(
                search, sets: sets, due: due, wantsPrices: !lists.isEmpty || isByPrice, in: tx)
        else { return .nothing }
        let ranking = SearchRanking(terms: terms, pairs: pairs, capacity: sets.capacity)
        let matches = hasWords ? ranking.matches() ?? DocumentSet(capacity: sets.capacity) : nil
        let documents = filters.documents(matches)
        let page = try SearchOrder(sort: search.order, sets: sets, filters: filters, ranking: ranking)
            .page(of: documents, after: position, limit: limit + 1, in: tx)
        var found = FoundProducts.nothing
        found.total = documents.count
        // An index that is being written again does not know yet what is not shown.
        found.products = try products(at: page.prefix(limit).map(\.document), sets: sets, in: tx)
            .filter { !search.publishedOnly || $0.isShown(at: tx.now) }
        found.next = page.count > limit ? page.prefix(limit).last : nil
        if terms.contains(where: { $0.corrected != nil }) {
            found.corrected = terms.map { $0.corrected ?? $0.word }.joined(separator: " ")
        }
        if let facets {
            found.facets = SearchFacets(search: search, filters: filters, matches: matches, lists: lists)
                .count(try facets.found(in: tx))
        }
        return found
    }

    /// The products of documents, in their order.
    private static func products(
        at documents: [Int], sets: SearchSets, in tx: borrowing Transaction
    ) throws -> [Product] {
        guard !documents.isEmpty else { return [] }
        var products: [Int: Product] = [:]
        let kept = try SearchDocumentTable.kept(documents, store: sets.store, in: tx)
        let categories = try sets.categories(Set(kept.flatMap { $0.snapshot?.categories ?? [] }), in: tx)
        for (document, snapshot) in kept {
            guard let snapshot else { continue }
            products[document] = snapshot.product
            products[document]?.categories = snapshot.categories.compactMap { categories[$0] }
        }
        try addFromTables(documents.filter { products[$0] == nil }, to: &products, sets: sets, in: tx)
        return documents.compactMap { products[$0] }
    }

    /// Those that are not kept beside their documents, or were by another version.
    private static func addFromTables(
        _ documents: [Int], to products: inout [Int: Product], sets: SearchSets, in tx: borrowing Transaction
    ) throws {
        guard !documents.isEmpty else { return }
        let numbers = Dictionary(
            try SearchDocumentTable.products(of: documents, store: sets.store, in: tx).rows().map {
                ($0.product, $0.document)
            },
            uniquingKeysWith: { first, _ in first })
        for product in try self.products(numbers.keys.sorted(), of: sets.store, in: tx) {
            if let document = numbers[product.id] { products[document] = product }
        }
    }
}

/// A page of documents in the order asked for.
struct SearchOrder {
    let sort: ProductSort
    let sets: SearchSets
    let filters: SearchFilters
    let ranking: SearchRanking

    func page(
        of documents: DocumentSet, after position: SearchPosition?, limit: Int, in tx: borrowing Transaction
    ) throws -> [SearchPosition] {
        switch sort {
        case .relevance:
            return ranking.best(limit, of: documents, after: position).map {
                SearchPosition(sort: sort, number: $0.score, document: $0.document)
            }
        case .oldest, .newest: return byAge(documents, after: position, limit: limit)
        case .priceAscending, .priceDescending:
            return filters.byPrice(limit, of: documents, isDescending: sort == .priceDescending, after: position).map {
                SearchPosition(sort: sort, number: $0.number, document: $0.document)
            }
        case .title: return try byTitle(documents, after: position, limit: limit, in: tx)
        }
    }

    /// Documents are numbered in the order they were made.
    private func byAge(_ documents: DocumentSet, after position: SearchPosition?, limit: Int) -> [SearchPosition] {
        var rest = documents
        var page: [SearchPosition] = []
        if sort == .newest {
            if let position { rest.removeAll(from: position.document) }
            rest.scanBackwards { document in
                page.append(SearchPosition(sort: sort, document: document))
                return page.count < limit
            }
        } else {
            if let position { rest.removeAll(through: position.document) }
            rest.scan { document in
                page.append(SearchPosition(sort: sort, document: document))
                return page.count < limit
            }
        }
        return page
    }

    /// The beginnings of titles tell which documents come first; of those the titles are read and sorted.
    private func byTitle(
        _ documents: DocumentSet, after position: SearchPosition?, limit: Int, in tx: borrowing Transaction
    ) throws -> [SearchPosition] {
        // While the index is written again, some documents have no such number yet.
        guard sets.state.isComplete else {
            return try walk(documents, after: position, limit: limit, in: tx)
        }
        let beginnings = try sets.numbers(.title, in: tx)
        var rest = documents
        if let position {
            rest.subtract(beginnings.compared(with: SearchKey.number(ofTitle: position.titleKey), among: rest).below)
        }
        var page: [SearchPosition] = []
        while page.count < limit {
            let coming = beginnings.first(limit, of: rest, isDescending: false)
            guard let first = coming.first, let last = coming.last else { break }
            let next = beginnings.atMost(last.number, among: rest)
            // So many begin alike that meeting them in their order is less than reading all their titles.
            if next.count > 1000 {
                let start = SearchPosition(
                    sort: sort, titleKey: SearchKey.beginning(ofTitle: first.number), document: -1)
                let passed = [start, position, page.last].compactMap { $0 }.max { $0.precedesByTitle($1) }
                return try page + walk(rest, after: passed, limit: limit - page.count, in: tx)
            }
            let titles = try SearchDocumentTable.titles(of: next.members, store: sets.store, in: tx)
                .map { SearchPosition(sort: sort, titleKey: $0.titleKey, document: $0.document) }
                .filter { position?.precedesByTitle($0) ?? true }
                .sorted { $0.precedesByTitle($1) }
            page += titles.prefix(limit - page.count)
            rest.subtract(next)
        }
        return page
    }

    /// Meets documents on the way through all titles in their order.
    private func walk(
        _ documents: DocumentSet, after position: SearchPosition?, limit: Int, in tx: borrowing Transaction
    ) throws -> [SearchPosition] {
        var page: [SearchPosition] = []
        var last = position.map { (titleKey: $0.titleKey, document: $0.document) }
        while page.count < limit {
            let titles = try SearchDocumentTable.titles(after: last, limit: 500, store: sets.store, in: tx)
            for title in titles where documents.contains(title.document) && page.count < limit {
                page.append(SearchPosition(sort: sort, titleKey: title.titleKey, document: title.document))
            }
            guard titles.count == 500 else { break }
            last = titles.last
        }
        return page
    }
}

extension SearchPosition {
    /// By bytes, as both engines compare.
    fileprivate func precedesByTitle(_ other: SearchPosition) -> Bool {
        if titleKey == other.titleKey { return document < other.document }
        return titleKey.precedes(other.titleKey)
    }
}
