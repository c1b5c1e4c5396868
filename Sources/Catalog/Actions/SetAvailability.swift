public import Persistence
public import Primitives

/// Notes whether products can be bought, for those who filter by it. Catalog does not know stock: whoever changes it
/// says so here, and nothing is written where nothing has changed.
public struct SetAvailability: Sendable {
    private let store: StoreID
    private let availability: [ProductID: Bool]

    public init(store: StoreID, availability: [ProductID: Bool]) {
        self.store = store
        self.availability = availability
    }

    public func run(in tx: borrowing Transaction) throws {
        guard !availability.isEmpty else { return }
        let products = availability.keys.sorted()
        // Looked at without the lock first: mostly nothing has changed, and then nobody has to wait.
        let stale = try SearchDocumentTable.stored(products, store: store, in: tx).filter(differs)
        guard !stale.isEmpty else { return }
        _ = try SearchStateTable.advance(store, in: tx)
        var changes = SetChanges()
        for stored in try SearchDocumentTable.stored(stale.map(\.product), store: store, in: tx).filter(differs) {
            var keys = stored.keys
            if availability[stored.product] == true {
                keys.insert(SearchKey.available)
                changes.add(stored.document, to: SearchKey.available)
            } else {
                keys.remove(SearchKey.available)
                changes.remove(stored.document, from: SearchKey.available)
            }
            try SearchDocumentTable.setKeys(keys, of: stored.document, store: store, in: tx)
        }
        _ = try changes.write(store: store, in: tx)
    }

    private func differs(_ stored: StoredDocument) -> Bool {
        stored.keys.contains(SearchKey.available) != availability[stored.product]
    }
}
