import EventLog
public import Jobs
public import Persistence
public import Primitives

extension Inventory {
    /// The job that an order owes which left few units of some variants: to say so, once.
    public static func reviewJob(
        order: OrderID, store: StoreID, variants: [VariantID], requestID: String?
    ) -> NewJob {
        NewJob(
            reviewingLevels, store: store, key: order.description,
            payload: .object(["variants": .array(variants.map { .string($0.description) })]), requestID: requestID)
    }

    /// Appends `stock.low` for each variant that has just reached its threshold, and `stock.out` for each of which
    /// nothing is left any more.
    public static func reviewLevels(_ job: Job, in tx: borrowing Transaction) throws {
        guard let store = job.store else { return }
        let variants = (job.payload["variants"]?.array?.compactMap { $0.string.flatMap(VariantID.init) } ?? []).sorted()
        let low = try StockTable.markLow(variants, store: store, in: tx)
        let out = try StockTable.markOut(variants, store: store, in: tx)
        var events = try low.rows().map { event("stock.low", $0, version: $1, job: job, store: store) }
        events += try out.rows().map { event("stock.out", $0, version: $1, job: job, store: store) }
        guard !events.isEmpty else { return }
        try EventLog.append(events, in: tx)
    }

    private static func event(
        _ type: EventType, _ level: StockLevel, version: Int, job: Job, store: StoreID
    ) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "stock", id: level.variant.uuid), version: version, type: type,
            actor: .system,
            data: .object([
                "variant_id": .string(level.variant.description), "available": .integer(Int64(level.available)),
            ]), requestID: job.requestID)
    }
}
