public import EventLog
public import Persistence
public import Primitives

/// Writes a new order with its lines and its first event.
public struct RecordOrder: Sendable {
    private let order: Order
    private let customer: CustomerID?
    private let actor: Actor
    private let requestID: String?
    private let type: EventType

    /// - Parameters:
    ///   - customer: whose it is, where a back end has said so; its first event tells.
    ///   - type: the first event of the order.
    public init(
        _ order: Order, customer: CustomerID? = nil, as type: EventType = "order.placed", actor: Actor,
        requestID: String?
    ) {
        self.order = order
        self.customer = customer
        self.type = type
        self.actor = actor
        self.requestID = requestID
    }

    /// Submits the statements. `PendingOrder.requireUnique` must be asked before the commit.
    public func submit(in tx: borrowing Transaction) throws -> PendingOrder {
        let inserted = try OrderTable.insert(order, in: tx)
        try OrderLineTable.insert(order.lines, order: order.id, store: order.store, in: tx)
        var data: JSONObject = [
            "order_id": JSON(order.id), "number": .string(order.name), "total": JSON(order.totals.total),
            "lines": JSON(order.lines.count), "payment_method": .string(order.paymentMethod),
        ]
        if let customer { data["customer_id"] = JSON(customer) }
        try EventLog.append(
            [order.event(type, actor: actor, requestID: requestID, data: data)], in: tx)
        return PendingOrder(order: order, inserted: inserted)
    }
}

/// An order whose statements are on their way.
public struct PendingOrder {
    let order: Order
    let inserted: Later<OrderID>

    /// - Throws: `order.external_id_taken` with the first order's id; the transaction must not commit then.
    public func requireUnique(in tx: borrowing Transaction) throws {
        guard try inserted.rows().isEmpty, let externalID = order.externalID else { return }
        let first = try OrderTable.find("external_id = \(externalID)", store: order.store, in: tx)
        throw Problem(
            .conflict, "order.external_id_taken", "Another order has this external_id.",
            errors: [.init(pointer: "/external_id", code: "taken", detail: "Taken by order \(first?.name ?? "").")],
            references: first.map { ["order_id": $0.id.description] } ?? [:])
    }
}

extension Order {
    /// The event that goes with the order's present version.
    func event(_ type: EventType, actor: Actor, requestID: String?, data: JSONObject) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "order", id: id.uuid), version: version, type: type, actor: actor,
            data: .object(data), requestID: requestID)
    }
}
