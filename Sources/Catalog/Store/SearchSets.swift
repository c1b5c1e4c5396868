public import Persistence
public import Primitives

/// Sets of the index that a process remembers. One for each process and use; queries work without.
public typealias SearchMemory = GenerationCache<StoreID, String, IndexedSets>

/// Sets by their keys, as they were read. Only for `SearchMemory`.
public struct IndexedSets: Sendable {
    var sets: [IndexedSet] = []
    /// Whether a limit kept some from being read.
    var isCut = false

    var bytes: Int { sets.reduce(0) { $0 + $1.bytes } }
}

/// A whole set of documents by chunks.
struct IndexedSet: Sendable {
    let key: String
    private(set) var chunks: [(number: Int, members: PackedSet)]

    var count: Int { chunks.reduce(0) { $0 + $1.members.count } }
    var bytes: Int { key.utf8.count + chunks.reduce(48) { $0 + $1.members.bytes.count + 32 } }

    init(key: String) {
        self.key = key
        chunks = []
    }

    mutating func append(_ members: PackedSet, chunk: Int) {
        chunks.append((chunk, members))
    }

    func add(to set: inout DocumentSet) {
        for (number, members) in chunks { set.formUnion(members, at: number) }
    }

    /// Takes out those that are in this set, and names them.
    func take(from set: inout DocumentSet, _ body: (Int) -> Void) {
        for (number, members) in chunks { set.take(members, at: number, body) }
    }

    /// How many of the documents are in this set.
    func overlap(_ documents: DocumentSet) -> Int {
        chunks.reduce(0) { $0 + documents.overlap($1.members, at: $1.number) }
    }

    func flat(capacity: Int) -> DocumentSet {
        var set = DocumentSet(capacity: capacity)
        add(to: &set)
        return set
    }
}

/// Reads sets of one store in one snapshot, from memory where nothing has changed since.
struct SearchSets {
    let store: StoreID
    let state: SearchState
    let memory: SearchMemory?

    /// A multiple of the chunk's, so that chunks fit.
    var capacity: Int { (state.nextDocument / PackedSet.span + 1) * PackedSet.span }

    /// The sets with these keys; those that are empty are absent. Submitted now, read later.
    func sets(_ keys: [String], in tx: borrowing Transaction) throws -> PendingSets {
        let known = memory?.values(keys, of: store, generation: state.generation) ?? [:]
        let unknown = Array(Set(keys).subtracting(known.keys)).sorted()
        let rows = unknown.isEmpty ? nil : try SearchSetTable.rows(unknown, store: store, in: tx)
        return PendingSets(known: known, unknown: unknown, rows: rows, reader: self)
    }

    /// The sets whose keys begin so, in the order of their keys, of at most so many rows. Submitted now, read later.
    func sets(beginning: String, limit: Int, in tx: borrowing Transaction) throws -> PendingRange {
        let name = "…\(beginning)"
        let known = memory?.values([name], of: store, generation: state.generation)[name]
        let rows =
            known == nil
            ? try SearchSetTable.rows(
                from: beginning, to: SearchKey.end(of: beginning), limit: limit, store: store, in: tx) : nil
        return PendingRange(name: name, limit: limit, known: known, rows: rows, reader: self)
    }

    fileprivate func keep(_ values: [String: IndexedSets]) {
        memory?.keep(values, of: store, generation: state.generation) { $0.bytes }
    }
}

/// Sets that are being read.
struct PendingSets {
    fileprivate let known: [String: IndexedSets]
    fileprivate let unknown: [String]
    fileprivate let rows: Later<SearchSetRow>?
    fileprivate let reader: SearchSets

    func found() throws -> [String: IndexedSet] {
        var found = known.compactMapValues(\.sets.first)
        guard let rows else { return found }
        var read: [String: IndexedSet] = [:]
        for row in try rows.rows() {
            read[row.key, default: IndexedSet(key: row.key)].append(row.members, chunk: row.chunk)
        }
        // What is not there is worth knowing too.
        var kept: [String: IndexedSets] = [:]
        for key in unknown { kept[key] = IndexedSets(sets: read[key].map { [$0] } ?? []) }
        reader.keep(kept)
        found.merge(read) { first, _ in first }
        return found
    }
}

/// A range of sets that is being read.
struct PendingRange {
    fileprivate let name: String
    fileprivate let limit: Int
    fileprivate let known: IndexedSets?
    fileprivate let rows: Later<SearchSetRow>?
    fileprivate let reader: SearchSets

    func found() throws -> IndexedSets {
        if let known { return known }
        guard let rows = try rows?.rows() else { return IndexedSets() }
        var range = IndexedSets(isCut: rows.count == limit)
        for row in rows {
            if range.sets.last?.key != row.key { range.sets.append(IndexedSet(key: row.key)) }
            range.sets[range.sets.count - 1].append(row.members, chunk: row.chunk)
        }
        reader.keep([name: range])
        return range
    }
}
