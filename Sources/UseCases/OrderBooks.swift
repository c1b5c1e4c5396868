import Ledger
import Orders
import Payments
import Primitives

/// What an order's money means: what is booked when it is placed, and which payment status follows from the books.
enum OrderBooks {
    /// What a new order owes, and how it is to be settled.
    static func postings(placing order: Order, paidBy payment: Payment) throws(Problem) -> [Posting] {
        let totals = order.totals
        // What the delivery earns is its price without the tax that is inside.
        let shippingTax = try order.taxes.shipping.total(totals.currency)
        let shipping = totals.taxesIncluded ? try totals.shipping.subtracting(shippingTax) : totals.shipping
        let placed = try Posting.placed(order.id, total: totals.total, shipping: shipping, tax: totals.tax)
        switch payment.method {
        case .cashOnDelivery: return [placed, try .cashExpected(payment.id, amount: payment.amount)]
        case .paidElsewhere: return [placed, try .settledElsewhere(payment.id, amount: payment.amount)]
        case .card: return [placed]
        }
    }

    /// The payment status that the books tell of: what has been settled, compared with the total.
    static func status(_ balances: Balances, total: Money, isCanceled: Bool) -> PaymentStatus {
        if balances.settled <= 0 { return isCanceled ? .voided : .pending }
        return balances.settled >= total.amount ? .paid : .partiallyPaid
    }
}
