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

    /// Appends `stock.low` for each variant that has just reached the threshold.
    public static func reviewLevels(_ job: Job, in tx: borrowing Transaction) throws {
        guard let store = job.store else { return }
        let variants = job.payload["variants"]?.array?.compactMap { $0.string.flatMap(VariantID.init) } ?? []
        let low = try StockTable.markLow(variants.sorted(), store: store, in: tx)
        guard !low.isEmpty else { return }
        try EventLog.append(
            low.map { level, version in
                NewEvent(
                    store: store, aggregate: Aggregate(kind: "stock", id: level.variant.uuid), version: version,
                    type: "stock.low", actor: .system,
                    data: .object([
                        "variant_id": .string(level.variant.description),
                        "available": .integer(Int64(level.available)),
                    ]), requestID: job.requestID)
            }, in: tx)
    }
}
