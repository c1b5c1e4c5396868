import Jobs
public import Orders
public import Persistence
public import Primitives

/// The e-mails that an order owes its customer.
public enum OrderMails {
    /// Enqueues the mail that the order was received.
    public static func received(_ order: Order, requestID: String?, in tx: borrowing Transaction) throws {}

    /// Enqueues the mail that the order was paid.
    public static func paid(_ order: Order, requestID: String?, in tx: borrowing Transaction) throws {}

    /// Enqueues the mail that units of the order are on their way.
    public static func fulfilled(
        _ order: Order, _ fulfillment: FulfillmentID, requestID: String?, in tx: borrowing Transaction
    ) throws {}
}
