import EventLog
public import Persistence
public import Primitives

/// Agrees on another window for an order that is still to be delivered. The places in the windows are another
/// domain's affair.
public struct MoveDelivery: Sendable {
    private let change: OrderChange

    public init(store: StoreID, order: OrderID, actor: Actor, requestID: String?) {
        change = OrderChange(store: store, order: order, actor: actor, requestID: requestID)
    }

    /// - Parameter window: says the new window of the order, whose row nobody else can change meanwhile.
    /// - Throws: `not_found`, `order.not_movable`.
    public func run(
        in tx: borrowing Transaction, to window: (Order) throws -> OrderDelivery.Window
    ) throws -> Order {
        try change.run("order.delivery_moved", in: tx) { order in
            guard order.status == .open, order.lines.contains(where: { $0.openQuantity > 0 }) else {
                throw Problem(
                    .conflict, "order.not_movable", "Nothing of order \(order.name) is left to be delivered.")
            }
            guard let former = order.delivery.window else {
                throw Problem(
                    .conflict, "order.not_movable", "Order \(order.name) is delivered without a window.")
            }
            let next = try window(order)
            order.delivery.window = next
            return [
                "order_id": JSON(order.id), "from": JSON(former.startsAt), "to": JSON(next.startsAt),
                "until": JSON(next.endsAt), "time_zone": .string(order.delivery.timeZone),
            ]
        }
    }
}
