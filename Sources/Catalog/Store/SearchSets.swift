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
    var capacity: Int { chunks * PackedSet.span }

    private var chunks: Int { state.nextDocument / PackedSet.span + 1 }

    /// The sets with these keys; those that are empty are absent. Submitted now, read later.
    func sets(_ keys: [String], in tx: borrowing Transaction) throws -> PendingSets {
        let known = memory?.values(keys, of: store, generation: state.generation) ?? [:]
        let unknown = Array(Set(keys).subtracting(known.keys)).sorted()
        let rows = unknown.isEmpty ? nil : try SearchSetTable.rows(unknown, chunks: chunks, store: store, in: tx)
        return PendingSets(known: known, unknown: unknown, rows: rows, reader: self)
    }

    /// The sets whose keys begin so, in the order of their keys, of about so many rows. Submitted now, read later.
    func sets(beginning: String, limit: Int, in tx: borrowing Transaction) throws -> PendingRange {
        let name = "…\(beginning)"
        if let known = memory?.values([name], of: store, generation: state.generation)[name] {
            return PendingRange(name: name, limit: limit, known: known, rows: [], reader: self)
        }
        let share = max(limit / chunks, Self.leastShare)
        let end = SearchKey.end(of: beginning)
        let rows = try (0..<chunks).map { chunk in
            try SearchSetTable.rows(from: beginning, to: end, chunk: chunk, limit: share, store: store, in: tx)
        }
        return PendingRange(name: name, limit: share, known: nil, rows: rows, reader: self)
    }

    /// Rows that are read of a chunk at least.
    private static let leastShare = 64

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
    /// Rows of a chunk at most.
    fileprivate let limit: Int
    fileprivate let known: IndexedSets?
    /// Of each chunk.
    fileprivate let rows: [Later<SearchSetRow>]
    fileprivate let reader: SearchSets

    func found() throws -> IndexedSets {
        if let known { return known }
        let chunks = try rows.map { try $0.rows() }
        // Behind the last key of a chunk that has more, sets would lack documents.
        let bound = chunks.filter { $0.count == limit }.compactMap(\.last?.key).min { $0.precedes($1) }
        var sets: [String: IndexedSet] = [:]
        for row in chunks.joined() {
            if let bound, bound.precedes(row.key) { continue }
            sets[row.key, default: IndexedSet(key: row.key)].append(row.members, chunk: row.chunk)
        }
        let range = IndexedSets(sets: sets.values.sorted { $0.key.precedes($1.key) }, isCut: bound != nil)
        reader.keep([name: range])
        return range
    }
}

extension String {
    /// By bytes, as the database orders keys.
    fileprivate func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
