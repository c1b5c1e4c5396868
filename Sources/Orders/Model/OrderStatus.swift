public import Primitives

/// Where an order stands as a whole.
public enum OrderStatus: String, Sendable, CaseIterable {
    case open, completed, canceled
}

/// What has been paid; one of the order's independent lines.
public enum PaymentStatus: String, Sendable, CaseIterable {
    case pending, authorized, paid, refunded, voided, failed
    case partiallyPaid = "partially_paid"
    case partiallyRefunded = "partially_refunded"
}

/// What has been delivered; one of the order's independent lines.
public enum FulfillmentStatus: String, Sendable, CaseIterable {
    case unfulfilled, fulfilled, returned
    case partiallyFulfilled = "partially_fulfilled"
    case onHold = "on_hold"
}

extension OrderStatus {
    /// An order that is paid and delivered is complete; one that nothing was delivered of may be canceled.
    public static let transitions = TransitionTable<OrderStatus>(
        initial: [.open, .completed],
        targets: [.open: [.completed, .canceled], .completed: [.open], .canceled: []])
}

extension FulfillmentStatus {
    public static let transitions = TransitionTable<FulfillmentStatus>(
        initial: [.unfulfilled],
        targets: [
            .unfulfilled: [.partiallyFulfilled, .fulfilled, .onHold],
            .partiallyFulfilled: [.fulfilled, .onHold, .returned],
            .fulfilled: [.returned, .partiallyFulfilled],
            .onHold: [.unfulfilled, .partiallyFulfilled],
            .returned: [],
        ])
}

extension PaymentStatus {
    public static let transitions = TransitionTable<PaymentStatus>(
        initial: [.pending, .paid],
        targets: [
            .pending: [.authorized, .partiallyPaid, .paid, .failed, .voided],
            .authorized: [.partiallyPaid, .paid, .voided, .failed],
            .partiallyPaid: [.paid, .partiallyRefunded, .refunded],
            .paid: [.partiallyRefunded, .refunded],
            .partiallyRefunded: [.refunded],
            .failed: [.pending, .authorized, .paid, .voided],
            .refunded: [],
            // Money that arrives after the order was canceled is money all the same, to be given back.
            .voided: [.partiallyPaid, .paid],
        ])
}
