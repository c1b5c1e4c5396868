import EventLog
public import Jobs
public import Persistence
import Primitives

/// Says once of each product that buyers see it from now on, or no longer. That they do is decided by whoever asks, at
/// the moment itself: this appends the event, for those who react to it, and has the search know it by itself.
public struct AnnouncePublications: Sendable {
    private let limit: Int

    public init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: how many moments had come.
    public func run(in tx: borrowing Transaction) throws -> Int {
        let due = try PublicationTable.due(limit: limit, in: tx)
        var shown: [StoreID: [ProductID]] = [:]
        // In the order of the products: whoever saves one locks it first as well.
        for moment in due.sorted(by: { ($0.store, $0.product, $0.kind) < ($1.store, $1.product, $1.kind) }) {
            try ProductTable.lock(moment.product, store: moment.store, in: tx)
            guard
                try PublicationTable.remove(moment.kind, of: moment.product, store: moment.store, in: tx),
                let product = try ProductTable.find("id = \(moment.product)", store: moment.store, in: tx).first,
                product.status == .active
            else { continue }
            var changed = product
            changed.version += 1
            shown[moment.store, default: []].append(product.id)
            try ProductTable.update(changed, store: moment.store, in: tx)
            try EventLog.append(
                [
                    NewEvent(
                        store: moment.store, aggregate: Aggregate(kind: "product", id: product.id.uuid),
                        version: changed.version,
                        type: moment.kind == "published" ? "product.published" : "product.unpublished",
                        actor: .system,
                        data: .object([
                            "product_id": .string(product.id.description), "handle": .string(product.handle),
                            "title": .string(product.title),
                        ]))
                ], in: tx)
        }
        // The index goes last: whoever saves a product has locked that first as well.
        for (store, products) in shown.sorted(by: { $0.key < $1.key }) {
            try IndexProducts(store: store, products: try Catalog.products(products, of: store, in: tx)).run(in: tx)
        }
        return due.count
    }
}

extension Catalog {
    private static let announcing = JobKind("catalog.announce_publications", queue: .maintenance)

    /// What is done for this domain's jobs.
    public static func jobHandlers(in database: any Database) -> [JobHandler] {
        [
            .inBatches(announcing, of: 100, in: database, "catalog.announce_publications") { limit, tx in
                try AnnouncePublications(limit: limit).run(in: tx)
            },
            .transactional(reindexingCategory) { job, tx in try ReindexCategory(job)?.run(in: tx) },
        ]
    }

    /// What the clock causes.
    public static let cron: [CronEntry] = [
        CronEntry("catalog.announce_publications", .every(seconds: 60)) { _ in NewJob(announcing) }
    ]
}
