import EventLog
public import Persistence
public import Primitives

/// Creates a product, or replaces an existing one's contents.
///
/// The handle is made from the title when none is given, with a number behind it when another product has it.
public struct SaveProduct: Sendable {
    private let store: StoreID
    private let currency: Currency
    private let existing: ProductID?
    private let id: ProductID?
    private let draft: ProductDraft
    private let actor: Actor
    private let requestID: String?
    private let isIndexed: Bool

    /// - Parameters:
    ///   - id: of the new product; nil for one of its own.
    ///   - isIndexed: false when the caller indexes many products at once (`IndexProducts`) in the same transaction.
    public init(
        store: StoreID, currency: Currency, existing: ProductID? = nil, id: ProductID? = nil, draft: ProductDraft,
        actor: Actor,
        requestID: String? = nil, isIndexed: Bool = true
    ) {
        self.store = store
        self.currency = currency
        self.existing = existing
        self.id = id
        self.draft = draft
        self.actor = actor
        self.requestID = requestID
        self.isIndexed = isIndexed
    }

    /// - Throws: `validation.failed`, `not_found`, `product.handle_taken`.
    public func run(in tx: borrowing Transaction) throws -> Product {
        let options = try draft.settled(currency: currency)
        try CollectionTable.shareRules(store: store, in: tx)
        let former = try existing.map { id in try Self.locked(id, of: store, in: tx) }
        var product = Product(
            id: existing ?? id ?? tx.newIdentifier(), handle: "", title: draft.title,
            descriptionHTML: draft.descriptionHTML, status: draft.status, vendor: draft.vendor,
            optionNames: options.names, images: draft.images.carrying(former?.images ?? []), tags: draft.tags,
            details: draft.details,
            categories: [], variants: [],
            version: (former?.version ?? 0) + 1, createdAt: former?.createdAt ?? tx.now, updatedAt: tx.now,
            publishedAt: draft.publishedAt, unpublishedAt: draft.unpublishedAt)
        product.handle = try freeHandle(for: product, former: former, in: tx)
        product.variants = try variants(of: product, former: former, options: options, in: tx)
        // The product's row goes first: variants and categories refer to it.
        if former == nil {
            guard try ProductTable.insert(product, store: store, in: tx) else { throw Self.handleTaken(product.handle) }
        } else {
            try ProductTable.update(product, store: store, in: tx)
        }
        try PublicationTable.replace(product, isNew: former == nil, store: store, in: tx)
        try VariantTable.replace(product, former: former, store: store, in: tx)
        try leaveTrace(of: former, for: product, in: tx)
        product.categories = try ProductCategories.settle(draft.categories, store: store, in: tx)
        try ProductCategoryTable.replace(product.categories, of: product.id, store: store, in: tx)
        if isIndexed { try IndexProducts(store: store, products: [product]).run(in: tx) }
        try CollectionMembership.review(product, isNew: former == nil, store: store, in: tx)
        try EventLog.append(
            [product.event(isNew: former == nil, store: store, actor: actor, requestID: requestID)], in: tx)
        if product.images.contains(where: \.isWaitingForCopy) {
            try Catalog.requestImages(
                of: product.id, store: store, occasion: "\(product.version)", requestID: requestID, in: tx)
        }
        return product
    }

    private static func locked(_ id: ProductID, of store: StoreID, in tx: borrowing Transaction) throws -> Product {
        try ProductTable.lock(id, store: store, in: tx)
        guard let product = try Catalog.product(id, of: store, in: tx) else { throw Problem.notFound("product") }
        return product
    }

    /// A handle that was asked for is taken or refused; one made from the title gets a number when it is taken.
    private func freeHandle(for product: Product, former: Product?, in tx: borrowing Transaction) throws -> String {
        if let wanted = draft.handle.map(Handle.normal) {
            if wanted == former?.handle { return wanted }
            if try isTaken(wanted, in: tx) { throw Self.handleTaken(wanted) }
            return wanted
        }
        if let former { return former.handle }
        let handle = Handle.make(from: product.title)
        guard try isTaken(handle, in: tx) else { return handle }
        // Not one number after the other: titles without Latin letters all ask for the same handle.
        var (taken, free) = (1, 2)
        while try isTaken("\(handle)-\(free)", in: tx) { (taken, free) = (free, free * 2) }
        while free - taken > 1 {
            let middle = (taken + free) / 2
            if try isTaken("\(handle)-\(middle)", in: tx) { taken = middle } else { free = middle }
        }
        return "\(handle)-\(free)"
    }

    /// Asked under a lock on the handle: of two products that want it at once, one is refused instead of failing.
    /// Nobody waits in a circle: who holds a handle's lock waits only for handles that begin with that handle.
    private func isTaken(_ handle: String, in tx: borrowing Transaction) throws -> Bool {
        try tx.lock("catalog.handle.\(store).\(handle)")
        return try ProductTable.owner(ofHandle: handle, store: store, in: tx) != nil
    }

    /// The former handle leads to the product, and its own leads nowhere else.
    private func leaveTrace(of former: Product?, for product: Product, in tx: borrowing Transaction) throws {
        guard product.handle != former?.handle else { return }
        try RedirectTable.clear([product.handle], .product, store: store, in: tx)
        guard let former else { return }
        try RedirectTable.add(former.handle, to: product.id.uuid, .product, store: store, in: tx)
    }

    private func variants(
        of product: Product, former: Product?, options: SettledOptions, in tx: borrowing Transaction
    ) throws -> [Variant] {
        var variants: [Variant] = []
        let named = Set(draft.variants.compactMap(\.id))
        // A variant that keeps its options keeps its identity, and with it its stock.
        let unnamed = former?.variantsByValues(for: options.names).filter { !named.contains($0.value) } ?? [:]
        for (index, variant) in draft.variants.enumerated() {
            let values = options.values[index]
            if let id = variant.id, former?.variants.contains(where: { $0.id == id }) != true {
                throw Problem.validation("/variants/\(index)/id", "unknown", "The product has no such variant.")
            }
            variants.append(
                Variant(
                    id: variant.id ?? unnamed[values] ?? tx.newIdentifier(), product: product.id, draft: variant,
                    optionValues: values))
        }
        guard Set(variants.map(\.id)).count == variants.count else {
            throw Problem.validation("/variants", "duplicate", "Two variants have the same id.")
        }
        return variants
    }

    private static func handleTaken(_ handle: String) -> Problem {
        Problem(
            .conflict, "product.handle_taken", "Another product has this handle.",
            errors: [.init(pointer: "/handle", code: "taken", detail: "\(handle) is the handle of another product.")])
    }
}

extension Product {
    func event(isNew: Bool, store: StoreID, actor: Actor, requestID: String?) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "product", id: id.uuid), version: version,
            type: isNew ? "product.created" : "product.updated", actor: actor,
            data: .object([
                "product_id": .string(id.description), "handle": .string(handle), "title": .string(title),
                "status": .string(status.rawValue),
            ]), requestID: requestID)
    }

    /// The variants by their values for options in another order. An option that was renamed stays in its place.
    fileprivate func variantsByValues(for names: [String]) -> [[String]: VariantID] {
        let places = names.compactMap { optionNames.firstIndex(of: $0) }
        let isReordered = places.count == optionNames.count && places.count == names.count
        let pairs = variants.map { variant in
            (isReordered ? places.map { variant.optionValues[$0] } : variant.optionValues, variant.id)
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
