public import Persistence
public import Primitives

extension Catalog {
    /// The products that were chosen to be shown beside one, in their order.
    public static func chosenRelated(
        to product: ProductID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Product] {
        let ids = try RelatedTable.find(product, store: store, in: tx)
        let found = try products(ids, of: store, in: tx)
        return ids.compactMap { id in found.first { $0.id == id } }
    }

    /// What is shown beside a product: what was chosen, then products that share categories and tags with it, those
    /// that share most first. Only what buyers see.
    ///
    /// Of each of its first categories a few products are looked at, those made shortly before and after it: that
    /// costs as much among a hundred thousand.
    public static func related(
        to product: Product, of store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [Product] {
        let chosen = try RelatedTable.find(product.id, store: store, in: tx)
        var candidates: Set<ProductID> = []
        let lists = try product.categories.prefix(3).map { category in
            try RelatedTable.neighbours(of: product.id, in: category.id, limit: 20, store: store, in: tx)
        }
        for list in lists { candidates.formUnion(try list.rows()) }
        candidates.formUnion(chosen)
        candidates.remove(product.id)
        guard !candidates.isEmpty else { return [] }
        let shown = try products(candidates.sorted(), of: store, in: tx).filter { $0.isShown(at: tx.now) }
        let first = chosen.compactMap { id in shown.first { $0.id == id } }
        let (tags, categories) = (Set(product.tags), Set(product.categories))
        let rest = shown.filter { !chosen.contains($0.id) }.map { other in
            (
                product: other,
                score: 2 * categories.intersection(other.categories).count + tags.intersection(other.tags).count
            )
        }
        .sorted { ($1.score, $0.product.id) < ($0.score, $1.product.id) }
        return Array((first + rest.map(\.product)).prefix(limit))
    }
}
