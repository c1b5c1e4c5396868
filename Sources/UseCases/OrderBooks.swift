import Ledger
import Orders
import Payments
import Primitives

/// What an order's money means: what is booked when it is placed, and which payment status follows from the books.
enum OrderBooks {
    /// What a new order owes, and how it is to be settled.
    static func postings(placing order: Order, paidBy payment: Payment) throws(Problem) -> [Posting] {
        let placed = try placed(order)
        switch payment.method {
        case .cashOnDelivery: return [placed, try .cashExpected(payment.id, amount: payment.amount)]
        case .paidElsewhere: return [placed, try .settledElsewhere(payment.id, amount: payment.amount)]
        case .card: return [placed]
        }
    }

    /// What an order from elsewhere owed, and what of it was paid there.
    static func postings(importing order: Order, paidBy payment: Payment) throws(Problem) -> [Posting] {
        let placed = try placed(order)
        switch payment.status {
        case .paid: return [placed, try .settledElsewhere(payment.id, amount: payment.amount)]
        case .pending where payment.method == .cashOnDelivery:
            return [placed, try .cashExpected(payment.id, amount: payment.amount)]
        case .pending, .failed, .voided: return [placed]
        }
    }

    private static func placed(_ order: Order) throws(Problem) -> Posting {
        let totals = order.totals
        // What the delivery earns is its price without the tax that is inside.
        let shippingTax = try order.taxes.shipping.total(totals.currency)
        let shipping = totals.taxesIncluded ? try totals.shipping.subtracting(shippingTax) : totals.shipping
        return try .placed(order.id, total: totals.total, shipping: shipping, tax: totals.tax)
    }

    /// The payment status that the books tell of: what has been settled, compared with the total.
    static func status(_ balances: Balances, total: Money, isCanceled: Bool) -> PaymentStatus {
        if balances.settled <= 0 { return isCanceled ? .voided : .pending }
        return balances.settled >= total.amount ? .paid : .partiallyPaid
    }
}
