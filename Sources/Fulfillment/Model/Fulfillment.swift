public import Primitives

/// Units of an order that went out together.
public struct Fulfillment: Hashable, Sendable {
    /// How much of a line of the order it holds.
    public struct Line: Hashable, Sendable {
        public let line: LineID
        public let quantity: Int

        public init(line: LineID, quantity: Int) {
            self.line = line
            self.quantity = quantity
        }
    }

    public let id: FulfillmentID
    public let order: OrderID
    /// The carrier's; may be empty.
    public let trackingNumber: String
    public let lines: [Line]
    public let createdAt: Instant
}
