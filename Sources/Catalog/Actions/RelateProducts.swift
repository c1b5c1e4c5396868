import EventLog
public import Persistence
public import Primitives

/// Chooses the products that are shown beside one, in their order.
public struct RelateProducts: Sendable {
    /// The most that are chosen.
    public static let most = 20

    private let store: StoreID
    private let product: ProductID
    private let related: [ProductID]
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, product: ProductID, related: [ProductID], actor: Actor, requestID: String? = nil) {
        self.store = store
        self.product = product
        self.related = related
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `validation.failed`.
    public func run(in tx: borrowing Transaction) throws {
        let wanted = Set(related + [product]).sorted()
        // Held in the order of their ids, so that two that relate each other do not wait in a circle.
        let found = try Catalog.heldProducts(
            "id IN \(list: wanted) ORDER BY id", locked: tx.forUpdate, of: store, in: tx)
        guard var changed = found.first(where: { $0.id == product }) else { throw Problem.notFound("product") }
        var errors: [Problem.FieldError] = []
        for (index, id) in related.enumerated() {
            let pointer = "/product_ids/\(index)"
            if id == product {
                errors.append(.init(pointer: pointer, code: "itself", detail: "A product is not related to itself."))
            } else if !found.contains(where: { $0.id == id }) {
                errors.append(.init(pointer: pointer, code: "unknown", detail: "There is no such product."))
            } else if related[..<index].contains(id) {
                errors.append(.init(pointer: pointer, code: "duplicate", detail: "The product is there twice."))
            }
        }
        if related.count > Self.most {
            errors.append(
                .init(pointer: "/product_ids", code: "too_many", detail: "At most \(Self.most) products."))
        }
        guard errors.isEmpty else { throw Problem.validation(errors) }
        try RelatedTable.replace(related, of: product, store: store, in: tx)
        changed.version += 1
        changed.updatedAt = tx.now
        try ProductTable.update(changed, store: store, in: tx)
        try IndexProducts(store: store, products: [changed]).run(in: tx)
        try EventLog.append(
            [
                NewEvent(
                    store: store, aggregate: Aggregate(kind: "product", id: product.uuid), version: changed.version,
                    type: "product.related", actor: actor,
                    data: .object([
                        "product_id": .string(product.description),
                        "related_ids": .array(related.map { .string($0.description) }),
                    ]), requestID: requestID)
            ], in: tx)
    }
}
