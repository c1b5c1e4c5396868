public import Catalog
import Inventory
public import Jobs
public import Persistence
public import Primitives
import Stores

/// Keeps what the search says of a product's availability in step with stock: a product can be bought when a variant of
/// it is not tracked, has units left or can be back-ordered.
///
/// What staff set is told in their transaction. An order tells only when few units are left, through the job that says
/// so anyway, and orders that give units back through a job: neither waits for the index.
public enum ShelfAvailability {
    /// Compares products with stock.
    public static let reviewing = JobKind("catalog.review_availability")
    /// Puts the products into the index that are not in it yet.
    public static let indexing = JobKind("catalog.index_products", queue: .maintenance)

    /// What is done for these kinds, and for the kind of `Inventory` that says that few units are left.
    public static func jobHandlers(in database: any Database) -> [JobHandler] {
        [
            .transactional(Inventory.reviewingLevels) { job, tx in
                try Inventory.reviewLevels(job, in: tx)
                try review(job, in: tx)
            },
            .transactional(reviewing, review),
            .inBatches(indexing, of: 200, in: database, "catalog.index_products") { limit, tx in
                try index(limit: limit, in: tx)
            },
        ]
    }

    /// What the clock causes.
    public static let cron = [CronEntry("catalog.index_products", .every(seconds: 60)) { _ in NewJob(indexing) }]

    /// Tells the search whether the products of these variants can be bought now.
    public static func review(variants: [VariantID], store: StoreID, in tx: borrowing Transaction) throws {
        let products = try Catalog.products(having: variants, of: store, in: tx)
        try review(products, store: store, in: tx)
    }

    /// Tells the search whether these products can be bought now.
    public static func review(_ products: [Product], store: StoreID, in tx: borrowing Transaction) throws {
        try SetAvailability(
            store: store, availability: availability(of: products, store: store, in: tx)
        ).run(in: tx)
    }

    /// Makes the job that looks at these variants after the commit.
    public static func enqueueReview(
        of variants: [VariantID], store: StoreID, order: OrderID, requestID: String?, in tx: borrowing Transaction
    ) throws {
        guard !variants.isEmpty else { return }
        let texts = Set(variants).sorted().map { JSON.string($0.description) }
        try Jobs.enqueue(
            [
                NewJob(
                    reviewing, store: store, key: order.description, payload: .object(["variants": .array(texts)]),
                    requestID: requestID)
            ], in: tx)
    }

    private static func review(_ job: Job, in tx: borrowing Transaction) throws {
        guard let store = job.store else { return }
        try review(job.payload, store: store, in: tx)
    }

    /// Does what a job with this payload does.
    public static func review(_ payload: JSON, store: StoreID, in tx: borrowing Transaction) throws {
        let variants = payload["variants"]?.array?.compactMap { $0.string.flatMap(VariantID.init) } ?? []
        try review(variants: variants, store: store, in: tx)
    }

    private static func availability(
        of products: [Product], store: StoreID, in tx: borrowing Transaction
    ) throws -> [ProductID: Bool] {
        let variants = products.flatMap { $0.variants.map(\.id) }
        let levels = try Inventory.levels(of: variants, store: store, in: tx).rows()
        let sold = Set(levels.filter { $0.orderable == 0 }.map(\.variant))
        return Dictionary(
            products.map { product in (product.id, product.variants.contains { !sold.contains($0.id) }) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Puts the next products into the index of their store.
    /// - Returns: how many at most; 0 when all are in.
    public static func index(limit: Int, in tx: borrowing Transaction) throws -> Int {
        for store in try Stores.all(in: tx) {
            let language = SearchLanguage(country: store.country)
            let next = try Catalog.nextToIndex(of: store.id, language: language, limit: limit, in: tx)
            guard let next else { continue }
            try IndexProducts(
                store: store.id, products: next, availability: availability(of: next, store: store.id, in: tx),
                isWhole: true
            ).run(in: tx)
            // A store that is through counts as full, so that the next one is looked at too.
            return limit
        }
        return 0
    }
}
