public import Fulfillment
import Inventory
public import Orders
public import Persistence
public import Primitives

/// Delivers units of an order: the order says which are left, then they leave the stock, then the parcel is written.
public struct OrderFulfillment: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let lines: [FulfilledLine]?
    private let location: LocationID?
    private let trackingNumber: String
    private let actor: Actor
    private let requestID: String?

    /// - Parameters:
    ///   - lines: nil for all that is left.
    ///   - location: where the units leave from; nil to take them by the locations' priorities.
    public init(
        store: StoreID, order: OrderID, lines: [FulfilledLine]?, location: LocationID? = nil, trackingNumber: String,
        actor: Actor, requestID: String?
    ) {
        self.store = store
        self.order = order
        self.lines = lines
        self.location = location
        self.trackingNumber = trackingNumber
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `order.not_fulfillable`, `validation.failed`, `stock.backordered`,
    ///   `stock.insufficient_at_location`.
    public func run(in tx: borrowing Transaction) throws -> (Order, Fulfillment) {
        let id: FulfillmentID = tx.newIdentifier()
        let (order, delivered) = try FulfillLines(
            store: store, order: order, wanted: lines, fulfillment: id, actor: actor, requestID: requestID
        ).run(in: tx)
        try ShipStock(
            store: store, order: order.id, quantities: delivered.map { (line: $0.line, quantity: $0.quantity) },
            location: location, actor: actor, requestID: requestID
        ).run(in: tx)
        let fulfillment = try RecordFulfillment(
            store: store, id: id, order: order.id, trackingNumber: trackingNumber,
            lines: delivered.map { Fulfillment.Line(line: $0.line, quantity: $0.quantity) }
        ).run(in: tx)
        try OrderMails.fulfilled(order, fulfillment.id, requestID: requestID, in: tx)
        return (order, fulfillment)
    }
}
