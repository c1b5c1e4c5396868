public import Persistence
public import Primitives

/// Writes down what went out together.
public struct RecordFulfillment: Sendable {
    private let store: StoreID
    private let id: FulfillmentID
    private let order: OrderID
    private let trackingNumber: String
    private let lines: [Fulfillment.Line]

    public init(
        store: StoreID, id: FulfillmentID, order: OrderID, trackingNumber: String, lines: [Fulfillment.Line]
    ) {
        self.store = store
        self.id = id
        self.order = order
        self.trackingNumber = trackingNumber
        self.lines = lines
    }

    public func run(in tx: borrowing Transaction) throws -> Fulfillment {
        let fulfillment = Fulfillment(
            id: id, order: order, trackingNumber: trackingNumber, lines: lines, createdAt: tx.now)
        try FulfillmentTable.insert(fulfillment, store: store, in: tx)
        return fulfillment
    }
}
