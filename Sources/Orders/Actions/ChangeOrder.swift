import EventLog
public import Persistence
public import Primitives

/// What every change of an existing order shares: lock, decide, raise the version, write, append the event.
struct OrderChange {
    let store: StoreID
    let order: OrderID
    let actor: Actor
    let requestID: String?

    func run(
        _ type: EventType, in tx: borrowing Transaction, change: (inout Order) throws -> JSONObject
    ) throws -> Order {
        guard var order = try OrderTable.lock(order, store: store, in: tx) else { throw Problem.notFound("order") }
        order.lines = try OrderLineTable.ofOrders(
            [order.id], store: store, currencies: [order.id: order.totals.currency], in: tx
        ).rows().map(\.1)
        let data = try change(&order)
        order.version += 1
        try OrderTable.update(order, in: tx)
        try EventLog.append([order.event(type, actor: actor, requestID: requestID, data: data)], in: tx)
        return order
    }
}

/// Cancels an order of which nothing was delivered. Its stock and payments are other domains' affair.
public struct CancelOrder: Sendable {
    private let change: OrderChange
    private let reason: String

    public init(store: StoreID, order: OrderID, reason: String, actor: Actor, requestID: String?) {
        change = OrderChange(store: store, order: order, actor: actor, requestID: requestID)
        self.reason = reason
    }

    /// - Throws: `not_found`, `order.not_cancelable`.
    public func run(restocks: Bool, in tx: borrowing Transaction) throws -> Order {
        let now = tx.now
        return try change.run("order.canceled", in: tx) { order in
            guard OrderStatus.transitions.allows(order.status, .canceled) else {
                throw Problem(.conflict, "order.not_cancelable", "Order \(order.name) is \(order.status.rawValue).")
            }
            guard order.lines.allSatisfy({ $0.fulfilledQuantity == 0 }) else {
                throw Problem(
                    .conflict, "order.not_cancelable", "Units of order \(order.name) have been delivered already.")
            }
            order.status = .canceled
            order.canceledAt = now
            order.cancelReason = reason
            if PaymentStatus.transitions.allows(order.paymentStatus, .voided) { order.paymentStatus = .voided }
            return ["order_id": JSON(order.id), "reason": .string(reason), "restock": .bool(restocks)]
        }
    }
}

/// Changes the note and the tags that staff keep on an order, for themselves: buyers see neither.
public struct AnnotateOrder: Sendable {
    private let change: OrderChange
    private let note: String?
    private let tags: [String]?

    /// - Parameters:
    ///   - note: nil to leave it.
    ///   - tags: nil to leave them.
    public init(store: StoreID, order: OrderID, note: String?, tags: [String]?, actor: Actor, requestID: String?) {
        change = OrderChange(store: store, order: order, actor: actor, requestID: requestID)
        self.note = note
        self.tags = tags
    }

    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws -> Order {
        try change.run("order.annotated", in: tx) { order in
            var data: JSONObject = ["order_id": JSON(order.id)]
            if let note {
                order.staffNote = note
                data["staff_note"] = .string(note)
            }
            if let tags {
                order.tags = tags
                data["tags"] = .array(tags.map { .string($0) })
            }
            return data
        }
    }
}
