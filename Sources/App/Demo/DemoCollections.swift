import Catalog
import Persistence
import Primitives
import Stores

/// What the demo store shows together, across its categories.
enum DemoCollections {
    /// By rules: each product joins them when it is made.
    static func makeRules(for store: Store, in tx: borrowing Transaction) throws {
        for draft in [
            CollectionDraft(
                title: "Vegan", descriptionHTML: "<p>Nothing of animals in any of it.</p>",
                rule: CollectionRule(.all, [CollectionCondition(.tag, .equals, text: "vegan")]), order: .title,
                isFeatured: true),
            CollectionDraft(
                title: "Under four pounds", descriptionHTML: "<p>Small change, and all of it in the house.</p>",
                rule: CollectionRule(
                    .all,
                    [CollectionCondition(.price, .below, number: 400), CollectionCondition(.stock, .above, number: 0)]),
                order: .priceAscending),
        ] { _ = try SaveCollection(store: store.id, draft: draft, actor: .operatorConsole).run(in: tx) }
    }

    /// By hand, and what goes with what.
    static func choose(for store: Store, in tx: borrowing Transaction) throws {
        let favourites = ["country-sourdough", "farmhouse-cheddar", "seasonal-vegetable-box", "house-espresso-blend"]
        let pairs = [
            ("country-sourdough", ["farmhouse-cheddar", "blossom-honey"]),
            ("early-harvest-olive-oil", ["country-sourdough", "fleur-de-sel"]),
            ("rye-caraway-loaf", ["pickled-herring"]), ("bronze-die-rigatoni", ["san-marzano-tomatoes"]),
        ]
        let handles = Set(favourites + pairs.flatMap { [$0.0] + $0.1 })
        let ids = try Catalog.productIDs(ofHandles: handles.sorted(), of: store.id, in: tx)
        _ = try SaveCollection(
            store: store.id,
            draft: CollectionDraft(
                title: "Maya's favourites", descriptionHTML: "<p>What I take home myself.</p>",
                products: favourites.compactMap { ids[$0] }, isFeatured: true),
            actor: .operatorConsole
        ).run(in: tx)
        for (handle, beside) in pairs {
            guard let product = ids[handle] else { continue }
            try RelateProducts(
                store: store.id, product: product, related: beside.compactMap { ids[$0] }, actor: .operatorConsole
            ).run(in: tx)
        }
    }
}
