public import Persistence
public import Primitives

/// Brings what the search knows of products up to date, in the transaction that saves them.
///
/// Changes of a store's index wait for each other on one row, which orders never touch. Only sets that
/// a product enters or leaves are written, each once for all the products given: many at once cost little more than
/// the words they have between them.
public struct IndexProducts: Sendable {
    private let store: StoreID
    private let products: [Product]
    private let availability: [ProductID: Bool]
    private let isWhole: Bool

    /// - Parameters:
    ///   - products: complete, with variants and categories; at most a few thousand.
    ///   - availability: whether a product can be bought. One that is not named keeps what was known, or can be.
    ///   - isWhole: whether sets that a product ought to be in already are written too, which mends them.
    public init(
        store: StoreID, products: [Product], availability: [ProductID: Bool] = [:], isWhole: Bool = false
    ) {
        self.isWhole = isWhole
        self.store = store
        self.products = products
        self.availability = availability
    }

    public func run(in tx: borrowing Transaction) throws {
        guard !products.isEmpty else { return }
        // Locked before the documents are read: two changes of one set must not undo each other.
        var state = try SearchStateTable.advance(store, in: tx)
        let stored = try SearchDocumentTable.stored(products.map(\.id), store: store, in: tx)
        let former = Dictionary(stored.map { ($0.product, $0) }, uniquingKeysWith: { first, _ in first })
        var changes = SetChanges()
        var documents: [(number: Int, document: SearchDocument)] = []
        var kept: [(number: Int, product: Product)] = []
        var seen: Set<ProductID> = []
        for product in products where seen.insert(product.id).inserted {
            let known = former[product.id]
            let document = SearchDocument(
                product, language: state.language,
                isAvailable: availability[product.id] ?? known?.keys.contains(SearchKey.available) ?? true,
                at: tx.now)
            let number = known?.document ?? state.nextDocument
            if known == nil { state.nextDocument += 1 }
            for key in document.keys where isWhole || known?.keys.contains(key) != true { changes.add(number, to: key) }
            for key in known?.keys ?? [] where !document.keys.contains(key) { changes.remove(number, from: key) }
            if known?.keys != document.keys { documents.append((number, document)) }
            kept.append((number, product))
        }
        let added = try changes.write(store: store, in: tx)
        try SearchDocumentTable.upsert(documents, store: store, in: tx)
        try SearchDocumentTable.keep(kept, store: store, in: tx)
        try SearchStateTable.set(state, store: store, in: tx)
        var words: [String: String] = [:]
        for (_, document) in documents {
            for (stem, written) in document.spellings where added.contains(stem) { words[stem] = written }
        }
        try SpellingTable.insert(
            words.map { ($0.key, $0.value) }, tails: state.language == .german, store: store, in: tx)
    }
}

/// Takes products out of the search, before they are deleted.
struct UnindexProducts: Sendable {
    let store: StoreID
    let products: [ProductID]

    func run(in tx: borrowing Transaction) throws {
        _ = try SearchStateTable.advance(store, in: tx)
        var changes = SetChanges()
        for stored in try SearchDocumentTable.stored(products, store: store, in: tx) {
            for key in stored.keys { changes.remove(stored.document, from: key) }
        }
        _ = try changes.write(store: store, in: tx)
        try SearchDocumentTable.delete(products, store: store, in: tx)
    }
}

/// Documents that enter and leave sets, gathered so that each chunk of a set is written once.
struct SetChanges {
    private struct Change {
        var added: [Int] = []
        var removed: [Int] = []
    }

    private var chunks: [Int: [String: Change]] = [:]

    mutating func add(_ document: Int, to key: String) {
        chunks[document / PackedSet.span, default: [:]][key, default: Change()].added.append(document % PackedSet.span)
    }

    mutating func remove(_ document: Int, from key: String) {
        chunks[document / PackedSet.span, default: [:]][key, default: Change()]
            .removed.append(document % PackedSet.span)
    }

    /// - Returns: the stems of words that a chunk had no document of.
    func write(store: StoreID, in tx: borrowing Transaction) throws -> Set<String> {
        var stems: Set<String> = []
        for (chunk, changes) in chunks.sorted(by: { $0.key < $1.key }) {
            let keys = changes.keys.sorted()
            for start in stride(from: 0, to: keys.count, by: 512) {
                let part = keys[start..<min(start + 512, keys.count)]
                let rows = try SearchSetTable.members(of: part, chunk: chunk, store: store, in: tx).rows()
                let present = Dictionary(rows.map { ($0.key, $0.members) }, uniquingKeysWith: { first, _ in first })
                var written: [SearchSetRow] = []
                var emptied: [String] = []
                for key in part {
                    guard let change = changes[key] else { continue }
                    var words = present[key]?.words ?? [UInt64](repeating: 0, count: PackedSet.span / 64)
                    for number in change.removed { words[number >> 6] &= ~(1 << (number & 63)) }
                    for number in change.added { words[number >> 6] |= 1 << (number & 63) }
                    let members = PackedSet(words: words)
                    if members.bytes.isEmpty {
                        emptied.append(key)
                    } else {
                        written.append(SearchSetRow(key: key, chunk: chunk, members: members))
                    }
                    if present[key] == nil, let stem = SearchKey.place(of: key)?.stem { stems.insert(stem) }
                }
                try SearchSetTable.upsert(written, store: store, in: tx)
                if !emptied.isEmpty { try SearchSetTable.delete(emptied, chunk: chunk, store: store, in: tx) }
            }
        }
        return stems
    }
}
