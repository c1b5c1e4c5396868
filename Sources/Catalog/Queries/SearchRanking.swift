/// The order of documents by how well they fit.
struct SearchRanking {
    private let terms: [QueryTerm]
    private let pairs: [Candidate]
    private let capacity: Int

    init(terms: [QueryTerm], pairs: [Candidate], capacity: Int) {
        self.terms = terms
        self.pairs = pairs
        self.capacity = capacity
    }

    /// Documents in which every term occurs in some way.
    func matches() -> DocumentSet? {
        var matches: DocumentSet?
        for term in terms {
            var documents = DocumentSet(capacity: capacity)
            for candidate in term.candidates { candidate.add(to: &documents) }
            matches = matches.map { $0.intersection(documents) } ?? documents
        }
        return matches
    }

    /// The best of the documents, the older first of equal ones.
    func best(
        _ limit: Int, of documents: DocumentSet, after position: SearchPosition?
    ) -> [(document: Int, score: Int64)] {
        var scores = [Int32](repeating: 0, count: capacity)
        for term in terms {
            var pending = documents
            // What fits best counts; a product that has a word in several ways is not better for it.
            for candidate in term.candidates.sorted(by: { $0.score > $1.score }) {
                candidate.take(from: &pending) { scores[$0] += Int32(candidate.score) }
            }
        }
        for pair in pairs {
            var pending = documents
            pair.take(from: &pending) { scores[$0] += Int32(pair.score) }
        }
        var best: [(document: Int, score: Int64)] = []
        best.reserveCapacity(limit + 1)
        documents.scan { document in
            let score = Int64(scores[document])
            if let position, score > position.number || (score == position.number && document <= position.document) {
                return true
            }
            if best.count == limit, let last = best.last, last.score >= score { return true }
            let place = best.partitioningIndex { $0.score < score }
            best.insert((document, score), at: place)
            if best.count > limit { best.removeLast() }
            return true
        }
        return best
    }
}

extension Candidate {
    func add(to set: inout DocumentSet) {
        switch documents {
        case .indexed(let indexed): indexed.add(to: &set)
        case .flat(let flat): set.formUnion(flat)
        }
    }

    /// Moves those that are pending to the body.
    func take(from pending: inout DocumentSet, _ body: (Int) -> Void) {
        switch documents {
        case .indexed(let indexed): indexed.take(from: &pending, body)
        case .flat(let flat):
            let hits = pending.intersection(flat)
            pending.subtract(hits)
            hits.scan {
                body($0)
                return true
            }
        }
    }
}

extension Array {
    /// The first place whose element, and every one behind it, fulfils the condition.
    fileprivate func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
