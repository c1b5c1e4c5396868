public import Persistence
public import Primitives

/// What is left of variants; nil for those that are not tracked. Asked of the domain that knows.
public typealias UnitsInStock = ([VariantID], borrowing Transaction) throws -> [VariantID: Int]

/// Which products are in which collections: written down when either changes, so that reading is cheap.
enum CollectionMembership {
    /// After a product was saved. Rules that look at the stock are left to whoever knows it.
    static func review(
        _ product: Product, isNew: Bool, store: StoreID, in tx: borrowing Transaction
    ) throws {
        let rules = try CollectionTable.find("matching <> '' AND NOT uses_stock", store: store, in: tx)
        guard !rules.isEmpty || !isNew else { return }
        let members =
            isNew
            ? [] : try CollectionProductTable.find("product_id = \(product.id)", store: store, in: tx)
        // Products that were chosen by hand stay, and may stand elsewhere now.
        let others = Set(members.map(\.collection)).subtracting(rules.map(\.id))
        let chosen =
            others.isEmpty
            ? []
            : try CollectionTable.find("matching = '' AND id IN \(list: others.sorted())", store: store, in: tx)
        try settle([product], in: rules + chosen, members: members, units: [:], store: store, tx: tx)
    }

    /// After products were made, many at once.
    static func review(new products: [Product], store: StoreID, in tx: borrowing Transaction) throws {
        let rules = try CollectionTable.find("matching <> '' AND NOT uses_stock", store: store, in: tx)
        guard !rules.isEmpty else { return }
        try settle(products, in: rules, members: [], units: [:], store: store, tx: tx)
    }

    /// Puts products in or takes them out, and writes only what differs.
    /// - Parameter members: what is written of these products.
    static func settle(
        _ products: [Product], in collections: [ProductCollection], members: [CollectionMember],
        units: [ProductID: Int64], store: StoreID, tx: borrowing Transaction
    ) throws {
        let former = Dictionary(
            members.map { (Key(collection: $0.collection, product: $0.product), $0) },
            uniquingKeysWith: { first, _ in first })
        var put: [CollectionMember] = []
        var removed: [CollectionMember] = []
        for collection in collections {
            for product in products {
                let present = former[Key(collection: collection.id, product: product.id)]
                let belongs =
                    collection.rule.map { $0.isMet(by: product, units: units[product.id]) } ?? (present != nil)
                guard belongs else {
                    if let present { removed.append(present) }
                    continue
                }
                let position = present?.position ?? 0
                let place = collection.order.place(of: product, position: position)
                let member = CollectionMember(
                    collection: collection.id, product: product.id, position: position, number: place.number,
                    text: place.text)
                if member != present { put.append(member) }
            }
        }
        try CollectionProductTable.put(put, store: store, in: tx)
        try CollectionProductTable.remove(removed, store: store, in: tx)
    }

    /// The units of each product; absent where any number can be sold.
    static func units(
        of products: [Product], _ stock: UnitsInStock, in tx: borrowing Transaction
    ) throws -> [ProductID: Int64] {
        let levels = try stock(products.flatMap { $0.variants.map(\.id) }, tx)
        var units: [ProductID: Int64] = [:]
        for product in products where product.variants.allSatisfy({ levels[$0.id] != nil }) {
            units[product.id] = product.variants.reduce(0) { $0 + Int64(max(0, levels[$1.id] ?? 0)) }
        }
        return units
    }

    private struct Key: Hashable {
        let collection: CollectionID
        let product: ProductID
    }
}
