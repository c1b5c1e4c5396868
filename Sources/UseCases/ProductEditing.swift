public import Catalog
import Inventory
public import Persistence
public import Primitives
public import Stores

/// Changes a product and its variants as people do in a form, and their stock with them.
///
/// Stock is not lost by the way: variants that go with a value of an option and have units or orders are named, and the
/// change is refused until somebody confirms it. New variants of a product whose stock is tracked begin with none.
public struct ProductEditing: Sendable {
    private let store: Store
    private let product: ProductID
    private let actor: Actor
    private let requestID: String?
    private let released: Set<VariantID>
    private let isConfirmed: Bool

    /// - Parameters:
    ///   - released: variants whose stock somebody gave up by name, unless units of it are promised to orders.
    ///   - isConfirmed: whether all stock of what goes is given up.
    public init(
        store: Store, product: ProductID, actor: Actor, requestID: String?, released: Set<VariantID>, isConfirmed: Bool
    ) {
        self.store = store
        self.product = product
        self.actor = actor
        self.requestID = requestID
        self.released = released
        self.isConfirmed = isConfirmed
    }

    /// - Throws: what `ChangeProduct` throws, and `product.stock_at_stake` at `/stock`.
    public func run(
        in tx: borrowing Transaction, change: @escaping @Sendable (inout ProductDraft) throws -> Void
    ) throws {
        let change = try ChangeProduct(
            store: store.id, currency: store.currency, product: product, actor: actor, requestID: requestID,
            change: change
        ).run(in: tx)
        let variants = change.former.variants + change.added
        let levels = try Inventory.levels(of: variants.map(\.id), store: store.id, in: tx).rows()
        if !isConfirmed {
            let lost = change.removed.filter { variant in
                let level = levels.first { $0.variant == variant.id }
                return released.contains(variant.id) ? (level?.reserved ?? 0) > 0 : level?.isEmpty == false
            }
            guard lost.isEmpty else { throw Self.stockAtStake(lost, levels) }
        }
        try Inventory.forget(change.removed.map(\.id), store: store.id, in: tx)
        if !levels.isEmpty {
            for variant in change.added.map(\.id).sorted() {
                _ = try SetStock(
                    store: store.id, variant: variant, onHand: 0, actor: actor, requestID: requestID
                ).run(in: tx)
            }
        }
        try ShelfAvailability.review([change.product], store: store.id, in: tx)
    }

    private static func stockAtStake(_ lost: [Variant], _ levels: [StockLevel]) -> Problem {
        let named = lost.prefix(5).map { variant in
            let level = levels.first { $0.variant == variant.id }
            return "\(variant.title) (\(level?.onHand ?? 0) in the house, \(level?.reserved ?? 0) promised)"
        }
        let others = lost.count > named.count ? " and \(lost.count - named.count) more" : ""
        return Problem(
            .conflict, "product.stock_at_stake", "Variants with stock would go.",
            errors: [
                .init(
                    pointer: "/stock", code: "stock",
                    detail: "This removes \(named.joined(separator: ", "))\(others), and their stock.")
            ])
    }
}

extension StockLevel {
    fileprivate var isEmpty: Bool { onHand == 0 && reserved == 0 }
}
