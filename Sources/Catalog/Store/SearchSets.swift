public import Persistence
public import Primitives

/// What a process remembers of the index. One for each process and use; queries work without.
public typealias SearchMemory = GenerationCache<StoreID, String, RememberedIndex>

/// What was read of the index, and made of that. Only for `SearchMemory`.
public enum RememberedIndex: Sendable {
    case sets(IndexedSets)
    case numbers(SlicedNumbers)
    case facets(FacetValues)
    case branch([CategoryID])
    case synonyms([[String]])
    case categories([CategoryID: Category])

    var bytes: Int {
        switch self {
        case .sets(let sets): sets.sets.reduce(0) { $0 + $1.bytes }
        case .numbers(let numbers): numbers.bytes
        case .facets(let values): values.bytes
        case .branch(let categories): categories.count * 16
        case .synonyms(let groups): groups.joined().reduce(0) { $0 + $1.utf8.count + 50 }
        case .categories(let categories): categories.count * 150
        }
    }
}

/// Sets in the order of their keys, as they were read.
public struct IndexedSets: Sendable {
    var sets: [IndexedSet] = []
    /// Whether a limit kept some from being read.
    var isCut = false
}

/// A whole set of documents: chunks as they are stored where it has few, bits where it has many.
struct IndexedSet: Sendable {
    private enum Contents {
        case chunks([(number: Int, members: PackedSet)])
        case bits(DocumentSet)
    }

    let key: String
    let count: Int
    let bytes: Int
    private let contents: Contents

    init(key: String, chunks: [(number: Int, members: PackedSet)], capacity: Int) {
        self.key = key
        count = chunks.reduce(0) { $0 + $1.members.count }
        let packed = chunks.reduce(0) { $0 + $1.members.bytes.count }
        // Bits are worked on 64 at a time, for which they may take up to four times the room.
        if packed * 4 >= capacity / 8 {
            var bits = DocumentSet(capacity: capacity)
            for (number, members) in chunks { bits.formUnion(members, at: number) }
            contents = .bits(bits)
            bytes = key.utf8.count + capacity / 8 + 100
        } else {
            contents = .chunks(chunks)
            bytes = key.utf8.count + packed + chunks.count * 40 + 100
        }
    }

    func add(to set: inout DocumentSet) {
        switch contents {
        case .chunks(let chunks):
            for (number, members) in chunks { set.formUnion(members, at: number) }
        case .bits(let bits): set.formUnion(bits)
        }
    }

    /// Takes out those that are in this set, and names them.
    func take(from set: inout DocumentSet, _ body: (Int) -> Void) {
        switch contents {
        case .chunks(let chunks):
            for (number, members) in chunks { set.take(members, at: number, body) }
        case .bits(let bits): set.take(bits, body)
        }
    }

    /// How many of the documents are in this set.
    func overlap(_ documents: DocumentSet) -> Int {
        switch contents {
        case .chunks(let chunks): chunks.reduce(0) { $0 + documents.overlap($1.members, at: $1.number) }
        case .bits(let bits): bits.overlap(documents)
        }
    }

    /// Every document of the set in ascending order.
    func forEach(_ body: (Int) -> Void) {
        switch contents {
        case .chunks(let chunks):
            for (number, members) in chunks { members.forEach { body(number * PackedSet.span + $0) } }
        case .bits(let bits):
            bits.scan {
                body($0)
                return true
            }
        }
    }

    func flat(capacity: Int) -> DocumentSet {
        if case .bits(let bits) = contents { return bits }
        var set = DocumentSet(capacity: capacity)
        add(to: &set)
        return set
    }
}

/// Reads sets of one store in one snapshot, from memory where nothing has changed since.
struct SearchSets {
    let store: StoreID
    let state: SearchState
    private let memory: SearchMemory?
    /// What memory had of all that was expected to be needed: one look instead of many, for which threads would wait
    /// for each other.
    private let recalled: [String: RememberedIndex]

    init(store: StoreID, state: SearchState, memory: SearchMemory? = nil, expecting names: [String] = []) {
        self.store = store
        self.state = state
        self.memory = memory
        recalled = memory?.values(names, of: store, generation: state.generation) ?? [:]
    }

    /// A multiple of the chunk's, so that chunks fit.
    var capacity: Int { chunks * PackedSet.span }

    private var chunks: Int { state.nextDocument / PackedSet.span + 1 }

    /// The sets with these keys; those that are empty are absent. Submitted now, read later.
    func sets(_ keys: [String], in tx: borrowing Transaction) throws -> PendingSets {
        try groups(keys.map { ($0, [$0]) }, in: tx)
    }

    /// Sets that are read and kept together, by the names of their groups. Submitted now, read later.
    func groups(_ groups: [(name: String, keys: [String])], in tx: borrowing Transaction) throws -> PendingSets {
        let known = remembered(groups.map(\.name))
        let missing = known.count < groups.count ? groups.filter { known[$0.name] == nil } : []
        let keys = Set(missing.flatMap(\.keys)).sorted()
        let rows = keys.isEmpty ? nil : try SearchSetTable.rows(keys, chunks: chunks, store: store, in: tx)
        return PendingSets(known: known, missing: missing, rows: rows, reader: self)
    }

    /// The sets whose keys begin so, in the order of their keys, of about so many rows. Submitted now, read later.
    func sets(beginning: String, limit: Int, in tx: borrowing Transaction) throws -> PendingRange {
        let name = "…\(beginning)"
        if case .sets(let known)? = remembered(name) {
            return PendingRange(name: name, limit: limit, known: known, rows: [], reader: self)
        }
        let share = max(limit / chunks, Self.leastShare)
        let end = SearchKey.end(of: beginning)
        let rows = try (0..<chunks).map { chunk in
            try SearchSetTable.rows(from: beginning, to: end, chunk: chunk, limit: share, store: store, in: tx)
        }
        return PendingRange(name: name, limit: share, known: nil, rows: rows, reader: self)
    }

    /// A number of every document.
    func numbers(_ number: SearchKey.Number, in tx: borrowing Transaction) throws -> SlicedNumbers {
        let name = Self.name(of: number)
        if case .numbers(let known)? = remembered(name) { return known }
        let keys = SearchKey.digits(of: number)
        let rows = try SearchSetTable.rows(keys, chunks: chunks, store: store, in: tx).rows()
        let read = Dictionary(grouping: rows, by: \.key)
        let count = (keys.lastIndex { read[$0] != nil } ?? -1) + 1
        let numbers = SlicedNumbers(
            slices: keys.prefix(count).map { set($0, read[$0] ?? []).flat(capacity: capacity) })
        remember([name: .numbers(numbers)])
        return numbers
    }

    /// The name under which a number is remembered: no word and no key of a set.
    static func name(of number: SearchKey.Number) -> String { "\u{1}\(number.rawValue)" }

    /// Whether anything that is read is remembered.
    var isRemembering: Bool { memory != nil }

    /// These categories by their ids; unknown ones are absent.
    func categories(
        _ ids: Set<CategoryID>, in tx: borrowing Transaction
    ) throws -> [CategoryID: Category] {
        var categories: [CategoryID: Category] = [:]
        if case .categories(let known)? = remembered(Self.categories) { categories = known }
        let unknown = ids.filter { categories[$0] == nil }.sorted()
        guard !unknown.isEmpty else { return categories }
        for category in try CategoryTable.categories(unknown, store: store, in: tx) {
            categories[category.id] = category
        }
        remember([Self.categories: .categories(categories)])
        return categories
    }

    /// The name under which the categories are remembered.
    static let categories = "\u{1}categories"

    /// Rows that are read of a chunk at least.
    private static let leastShare = 64

    func remembered(_ name: String) -> RememberedIndex? { recalled[name] ?? remembered([name])[name] }

    private func remembered(_ names: [String]) -> [String: RememberedIndex] {
        guard let memory else { return [:] }
        var found: [String: RememberedIndex] = [:]
        for name in names {
            if let value = recalled[name] { found[name] = value }
        }
        guard found.count < names.count else { return found }
        let others = memory.values(names, of: store, generation: state.generation)
        return found.merging(others) { first, _ in first }
    }

    func remember(_ values: [String: RememberedIndex]) {
        memory?.keep(values, of: store, generation: state.generation) { $0.utf8.count + $1.bytes }
    }
}

/// Sets that are being read.
struct PendingSets {
    fileprivate let known: [String: RememberedIndex]
    fileprivate let missing: [(name: String, keys: [String])]
    fileprivate let rows: Later<SearchSetRow>?
    fileprivate let reader: SearchSets

    /// Each group's sets by their keys, in one.
    func found() throws -> [String: IndexedSet] {
        var found: [String: IndexedSet] = [:]
        for group in try groups().values {
            for set in group { found[set.key] = set }
        }
        return found
    }

    /// The sets of each group that are there, in the order of their keys.
    func groups() throws -> [String: [IndexedSet]] {
        var found: [String: [IndexedSet]] = [:]
        for (name, value) in known {
            if case .sets(let sets) = value { found[name] = sets.sets }
        }
        guard let rows else { return found }
        let read = Dictionary(grouping: try rows.rows(), by: \.key)
        // What is not there is worth knowing too.
        var kept: [String: RememberedIndex] = [:]
        for (name, keys) in missing where kept[name] == nil {
            let sets = keys.sorted { $0.precedes($1) }.compactMap { key in read[key].map { reader.set(key, $0) } }
            found[name] = sets
            kept[name] = .sets(IndexedSets(sets: sets))
        }
        reader.remember(kept)
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

    /// - Parameter remembers: false for what is kept in another shape.
    func found(remembers: Bool = true) throws -> IndexedSets {
        if let known { return known }
        let chunks = try rows.map { try $0.rows() }
        // Behind the last key of a chunk that has more, sets would lack documents.
        let bound = chunks.filter { $0.count == limit }.compactMap(\.last?.key).min { $0.precedes($1) }
        let present = chunks.joined().filter { row in bound.map { !$0.precedes(row.key) } ?? true }
        let sets = Dictionary(grouping: present, by: \.key).map { reader.set($0.key, $0.value) }
        let range = IndexedSets(sets: sets.sorted { $0.key.precedes($1.key) }, isCut: bound != nil)
        if remembers { reader.remember([name: .sets(range)]) }
        return range
    }
}

extension SearchSets {
    fileprivate func set(_ key: String, _ rows: [SearchSetRow]) -> IndexedSet {
        IndexedSet(key: key, chunks: rows.map { ($0.chunk, $0.members) }, capacity: capacity)
    }
}
