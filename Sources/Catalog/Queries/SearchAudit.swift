public import Persistence
public import Primitives

/// How far a store's index and its products agree.
public struct SearchAgreement: Hashable, Sendable {
    /// Products that were compared.
    public var compared = 0
    /// Products that no search can find.
    public var missing = 0
    /// Of those compared, the handles of the ones that the index has otherwise than they are.
    public var different: [String] = []
    /// Whether the index is being written again, so that differences pass by themselves.
    public var isBeingWritten = false

    public var isSound: Bool { missing == 0 && different.isEmpty }
}

extension Catalog {
    /// Looks for every product in the index, and compares some of them, other ones each time, with what it has of them
    /// and with the sets that searches read.
    /// - Parameter limit: products to compare at most.
    public static func searchAgreement(
        of store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> SearchAgreement {
        var agreement = SearchAgreement()
        agreement.missing = try SearchDocumentTable.countMissing(of: store, in: tx)
        guard let state = try SearchStateTable.find(store, in: tx) else { return agreement }
        agreement.isBeingWritten = !state.isComplete
        let step = max(1, state.nextDocument / max(1, limit))
        let ids = try SearchDocumentTable.sample(
            every: step, from: Int(tx.now.microseconds % Int64(step)), limit: limit, store: store, in: tx)
        let products = try self.products(ids, of: store, in: tx)
        let stored = Dictionary(
            try SearchDocumentTable.stored(ids, store: store, in: tx).map { ($0.product, $0) },
            uniquingKeysWith: { first, _ in first })
        let kept = Dictionary(
            try SearchDocumentTable.kept(stored.values.map(\.document), store: store, in: tx).map { ($0, $1) },
            uniquingKeysWith: { first, _ in first })
        for product in products.sorted(by: { $0.id < $1.id }) {
            guard let document = stored[product.id] else { continue }
            agreement.compared += 1
            // What can be bought only the stock knows, and what is shown now the clock: neither is the document's.
            let own = SearchDocument(product, language: state.language, isAvailable: true, at: tx.now).keys
            let outside: Set = [SearchKey.available, SearchKey.hidden]
            let isSame = own.subtracting(outside) == document.keys.subtracting(outside)
            // What is not kept, or was by another version, is read from the product's own tables.
            let isKept = kept[document.document]?.map { $0 == ProductSnapshot(product) } ?? true
            if try !isSame || !isKept || (agreement.compared <= 10 && !isInSets(document, store: store, in: tx)) {
                agreement.different.append(product.handle)
            }
        }
        return agreement
    }

    /// Whether every set that a document says it is in has it.
    private static func isInSets(
        _ document: StoredDocument, store: StoreID, in tx: borrowing Transaction
    ) throws -> Bool {
        let (chunk, place) = (document.document / PackedSet.span, document.document % PackedSet.span)
        let rows = try SearchSetTable.members(of: document.keys.sorted(), chunk: chunk, store: store, in: tx).rows()
        let holding = rows.filter { $0.members.words[place >> 6] >> UInt64(place & 63) & 1 == 1 }
        return holding.count == document.keys.count
    }
}
