import EventLog
public import Persistence
public import Primitives

/// Units of a line that are delivered.
public struct FulfilledLine: Hashable, Sendable {
    public let line: LineID
    public let quantity: Int

    public init(line: LineID, quantity: Int) {
        self.line = line
        self.quantity = quantity
    }
}

/// Marks units of an order as delivered and moves its fulfilment status along.
public struct FulfillLines: Sendable {
    private let change: OrderChange
    private let wanted: [FulfilledLine]?
    private let fulfillment: FulfillmentID

    /// - Parameter wanted: nil for all that is left.
    public init(
        store: StoreID, order: OrderID, wanted: [FulfilledLine]?, fulfillment: FulfillmentID, actor: Actor,
        requestID: String?
    ) {
        change = OrderChange(store: store, order: order, actor: actor, requestID: requestID)
        self.wanted = wanted
        self.fulfillment = fulfillment
    }

    /// - Returns: the order as it is now and the units that were delivered with this.
    /// - Throws: `not_found`, `order.not_fulfillable`, `validation.failed` with the lines at fault.
    public func run(in tx: borrowing Transaction) throws -> (Order, [FulfilledLine]) {
        var delivered: [FulfilledLine] = []
        let order = try change.run("order.fulfilled", in: tx) { order in
            guard order.status == .open, order.fulfillmentStatus != .onHold else {
                throw Problem(
                    .conflict, "order.not_fulfillable",
                    "Order \(order.name) is \(order.status == .open ? "on hold" : order.status.rawValue).")
            }
            delivered = try plan(for: order)
            for part in delivered {
                guard let index = order.lines.firstIndex(where: { $0.id == part.line }) else { continue }
                order.lines[index].fulfilledQuantity += part.quantity
            }
            let isComplete = order.lines.allSatisfy { $0.openQuantity == 0 }
            order.fulfillmentStatus = isComplete ? .fulfilled : .partiallyFulfilled
            if isComplete, order.paymentStatus == .paid { order.status = .completed }
            return [
                "order_id": JSON(order.id), "fulfillment_id": JSON(fulfillment),
                "lines": .array(
                    delivered.map { ["line_id": JSON($0.line), "quantity": JSON($0.quantity)] }),
            ]
        }
        for part in delivered {
            try OrderLineTable.addFulfilled(
                part.quantity, line: part.line, order: order.id, store: order.store, in: tx)
        }
        return (order, delivered)
    }

    private func plan(for order: Order) throws(Problem) -> [FulfilledLine] {
        guard let wanted else {
            let left = order.lines.filter { $0.openQuantity > 0 }
            guard !left.isEmpty else {
                throw Problem(.conflict, "order.not_fulfillable", "Nothing of order \(order.name) is left to deliver.")
            }
            return left.map { FulfilledLine(line: $0.id, quantity: $0.openQuantity) }
        }
        var errors: [Problem.FieldError] = []
        var open = Dictionary(uniqueKeysWithValues: order.lines.map { ($0.id, $0.openQuantity) })
        for (index, part) in wanted.enumerated() {
            guard let left = open[part.line] else {
                errors.append(
                    .init(pointer: "/lines/\(index)/line_id", code: "unknown", detail: "The order has no such line."))
                continue
            }
            if part.quantity > left {
                errors.append(
                    .init(
                        pointer: "/lines/\(index)/quantity", code: "range",
                        detail: "Only \(left) units of this line are left to deliver."))
            }
            open[part.line] = left - min(left, part.quantity)
        }
        guard errors.isEmpty else { throw .validation(Array(errors.prefix(100))) }
        return wanted
    }
}
