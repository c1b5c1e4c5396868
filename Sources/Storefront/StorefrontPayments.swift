public import Orders
public import Payments
public import Primitives
public import Stores
public import UseCases

/// What the storefront asks of payments.
public protocol StorefrontPayments: Sendable {
    /// Methods that buyers of the store may choose now.
    func methods(of store: StoreID) async throws -> [PaymentMethod]

    /// After the order's commit: opens the provider's payment page. A provider that cannot be reached leaves the
    /// payment failed, which is no error.
    func begin(
        _ payment: Payment, of order: Order, store: Store, returnURL: String, requestID: String?
    ) async throws -> Payment

    /// Another attempt while the reservation lives.
    /// - Throws: `payment.too_late` afterwards, `payment.not_needed` when it is paid.
    func again(
        order: OrderID, store: Store, method: PaymentMethod, returnURL: String, requestID: String?
    ) async throws -> Payment

    /// Asks the provider what became of the order's pending payment and applies the answer.
    func lookUp(order: OrderID, store: StoreID, requestID: String?) async
}

extension PaymentDesk: StorefrontPayments {}

/// Cash when the goods arrive, and nothing else.
public struct CashOnly: StorefrontPayments {
    public init() {}

    public func methods(of store: StoreID) async throws -> [PaymentMethod] { [.cashOnDelivery] }

    public func begin(
        _ payment: Payment, of order: Order, store: Store, returnURL: String, requestID: String?
    ) async throws -> Payment { payment }

    public func again(
        order: OrderID, store: Store, method: PaymentMethod, returnURL: String, requestID: String?
    ) async throws -> Payment {
        throw Problem(.conflict, "payment.not_needed", "This order is paid when it arrives.")
    }

    public func lookUp(order: OrderID, store: StoreID, requestID: String?) async {}
}
