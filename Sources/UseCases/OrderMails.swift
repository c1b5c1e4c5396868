public import Jobs
public import Orders
public import Persistence
public import Primitives

/// The e-mails that an order owes its customer. Each is one job, enqueued in the transaction that causes it; an order
/// without an e-mail address owes none.
public enum OrderMails {
    /// Writes a mail down and hands it to the mail server.
    public static let sending = JobKind(
        "mails.send_order_mail", queue: "mail", timeoutSeconds: 90,
        backoff: Backoff(firstSeconds: 10, longestSeconds: 3600))

    /// What there is to tell.
    enum Occasion: String, Sendable, CaseIterable {
        case received = "order_received"
        case paid = "order_paid"
        case fulfilled = "order_fulfilled"
    }

    /// Enqueues the mail that the order was received.
    public static func received(_ order: Order, requestID: String?, in tx: borrowing Transaction) throws {
        try Jobs.enqueue(receivedJobs(order, requestID: requestID), in: tx)
    }

    /// The job of the mail that the order was received: for who enqueues others with it. None without an address.
    static func receivedJobs(_ order: Order, requestID: String?) -> [NewJob] {
        jobs(.received, order, requestID: requestID)
    }

    /// Enqueues the mail that the order was paid.
    public static func paid(_ order: Order, requestID: String?, in tx: borrowing Transaction) throws {
        try Jobs.enqueue(jobs(.paid, order, requestID: requestID), in: tx)
    }

    /// Enqueues the mail that units of the order are on their way.
    public static func fulfilled(
        _ order: Order, _ fulfillment: FulfillmentID, requestID: String?, in tx: borrowing Transaction
    ) throws {
        try Jobs.enqueue(jobs(.fulfilled, order, fulfillment, requestID: requestID), in: tx)
    }

    private static func jobs(
        _ occasion: Occasion, _ order: Order, _ fulfillment: FulfillmentID? = nil, requestID: String?
    ) -> [NewJob] {
        guard order.contact.email != nil else { return [] }
        var payload: JSONObject = ["occasion": .string(occasion.rawValue), "order_id": JSON(order.id)]
        if let fulfillment { payload["fulfillment_id"] = JSON(fulfillment) }
        return [
            NewJob(
                sending, store: order.store, key: key(occasion, order.id, fulfillment), payload: .object(payload),
                requestID: requestID)
        ]
    }

    /// What there is one mail of: an occasion of an order, or of a parcel.
    static func key(_ occasion: Occasion, _ order: OrderID, _ fulfillment: FulfillmentID?) -> String {
        "\(occasion.rawValue):\(fulfillment?.description ?? order.description)"
    }
}
