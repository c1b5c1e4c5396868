import EventLog
public import Persistence
public import Primitives

/// Sets how many units are in the house; from then on the variant is tracked.
public struct SetStock: Sendable {
    private let store: StoreID
    private let variant: VariantID
    private let onHand: Int
    private let actor: Actor
    private let requestID: String?

    /// - Parameter onHand: not negative.
    public init(store: StoreID, variant: VariantID, onHand: Int, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.variant = variant
        self.onHand = onHand
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `stock.below_reserved` when orders hold more units than that: cancel or fulfil some first.
    public func run(in tx: borrowing Transaction) throws -> StockLevel {
        guard let (level, version) = try StockTable.set(onHand, of: variant, store: store, in: tx) else {
            let level = try StockTable.levels(of: [variant], store: store, in: tx).rows().first
            throw Problem(
                .conflict, "stock.below_reserved",
                "Orders hold \(level?.reserved ?? 0) units; stock cannot be set below that.",
                errors: [
                    .init(
                        pointer: "/on_hand", code: "below_reserved",
                        detail: "At least \(level?.reserved ?? 0) units.")
                ])
        }
        try EventLog.append(
            [
                NewEvent(
                    store: store, aggregate: Aggregate(kind: "stock", id: variant.uuid), version: version,
                    type: "stock.set", actor: actor,
                    data: .object([
                        "variant_id": .string(variant.description), "on_hand": .integer(Int64(level.onHand)),
                        "reserved": .integer(Int64(level.reserved)),
                    ]), requestID: requestID)
            ], in: tx)
        return level
    }
}
