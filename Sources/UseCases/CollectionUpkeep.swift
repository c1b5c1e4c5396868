public import Catalog
import EventLog
import Inventory
public import Jobs
import Orders
public import Persistence
public import Primitives

/// Keeps the products of collections true to their rules where more than the catalogue has to be asked: after a rule
/// changed, and while stock does.
///
/// What a product says of itself is judged where it is saved. Stock changes with every order, and placing one must not
/// pay for it: the event log is read every few seconds instead, and only while a rule of any store looks at stock.
public enum CollectionUpkeep {
    /// Looks at whose stock changed.
    static let followingStock = JobKind("catalog.follow_stock", timeoutSeconds: 60)

    /// What the clock causes.
    public static let cron: [CronEntry] = [
        CronEntry("catalog.follow_stock", .every(seconds: 15)) { _ in NewJob(followingStock) }
    ]

    /// What is done for the jobs.
    public static func jobHandlers(in database: any Database) -> [JobHandler] {
        [
            .effect(Catalog.reviewingCollection) { job, context in
                try await review(job, in: database, until: context.deadline, clock: context.clock)
            },
            .inBatches(followingStock, of: 200, in: database, "catalog.follow_stock") { limit, tx in
                try followStock(limit: limit, in: tx)
            },
        ]
    }

    /// Products judged in one transaction, so that nobody waits for long.
    private static let batch = 200

    /// Judges every product of the store by the collection's rule.
    public static func review(
        _ job: Job, in database: any Database, until deadline: Instant, clock: any Clock
    ) async throws {
        guard let store = job.store, let revision = job.payload["revision"]?.integer,
            let collection = job.payload["collection_id"]?.string.flatMap({ CollectionID($0) })
        else { throw JobRefusal("the job names no collection") }
        let review = ReviewCollection(store: store, collection: collection, revision: revision)
        var after: ProductID?
        while true {
            try Task.checkCancellation()
            let last = after
            let progress = try await database.write("catalog.review_collection") { tx in
                try review.run(
                    after: last, limit: batch, stock: { try available($0, store: store, in: $1) }, in: tx)
            }
            guard case .after(let next) = progress else { return }
            guard clock.now() < deadline else { throw JobRetry(after: 1, reason: "there were too many products") }
            after = next
        }
    }

    /// Judges anew the products that something happened to.
    /// - Returns: how many events were looked at.
    public static func followStock(limit: Int, in tx: borrowing Transaction) throws -> Int {
        let (events, count) = try StockFollowing.take(limit: limit, in: tx)
        for (store, events) in Dictionary(grouping: events, by: \.store).sorted(by: { $0.key < $1.key }) {
            var products = Set(events.filter { $0.aggregate.kind == "product" }.map { ProductID($0.aggregate.id) })
            var variants = Set(events.filter { $0.aggregate.kind == "stock" }.map { VariantID($0.aggregate.id) })
            for order in Set(events.filter { $0.aggregate.kind == "order" }.map { OrderID($0.aggregate.id) }) {
                variants.formUnion(try Orders.order(order, of: store, in: tx)?.lines.compactMap(\.variant) ?? [])
            }
            products.formUnion(try Catalog.products(ofVariants: variants.sorted(), of: store, in: tx))
            try ReviewStock(store: store, products: products.sorted())
                .run(stock: { try available($0, store: store, in: $1) }, in: tx)
        }
        return count
    }

    /// How many products a rule would find, looking at so many at most.
    public static func preview(
        _ rule: CollectionRule, of store: StoreID, in database: any Database, lookingAt most: Int = 5000
    ) async throws -> CollectionPreview {
        var preview = CollectionPreview(matches: 0, lookedAt: 0, isWhole: false, titles: [])
        var after: ProductID?
        repeat {
            let last = after
            let part = try await database.read("catalog.preview") { tx in
                try Catalog.matches(
                    of: rule, in: store, after: last, limit: 500, stock: { try available($0, store: store, in: $1) },
                    tx: tx)
            }
            preview.matches += part.products.count
            preview.titles += part.products.prefix(5 - preview.titles.count).map(\.title)
            preview.lookedAt += 500
            after = part.last
        } while after != nil && preview.lookedAt < most
        preview.isWhole = after == nil
        return preview
    }

    private static func available(
        _ variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [VariantID: Int] {
        guard !variants.isEmpty else { return [:] }
        let levels = try Inventory.levels(of: variants, store: store, in: tx).rows()
        return Dictionary(levels.map { ($0.variant, $0.available) }, uniquingKeysWith: { first, _ in first })
    }
}

/// What a rule that is not saved yet would find.
public struct CollectionPreview: Hashable, Sendable {
    public var matches: Int
    /// Products that were looked at.
    public var lookedAt: Int
    /// Whether those were all.
    public var isWhole: Bool
    /// Of the first matches.
    public var titles: [String]
}
