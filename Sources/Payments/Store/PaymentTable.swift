import Persistence
import Primitives

/// The SQL of `payments`.
enum PaymentTable {
    static func insert(_ payment: Payment, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO payments (store_id, id, order_id, method, status, amount, currency, created_at, updated_at)
            VALUES (\(store), \(payment.id), \(payment.order), \(payment.method.rawValue), \(payment.status.rawValue),
                \(payment.amount.amount), \(payment.amount.currency), \(tx.now), \(tx.now))
            """)
    }

    static func ofOrder(_ order: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> [Payment] {
        try tx.query(
            """
            SELECT id, method, status, amount, currency FROM payments
            WHERE store_id = \(store) AND order_id = \(order) ORDER BY id
            """
        ) { row in
            let method: String = try row[1]
            let status: String = try row[2]
            guard let method = PaymentMethod(rawValue: method), let status = PaymentState(rawValue: status) else {
                throw DatabaseError.decoding("a payment has an unknown method or status")
            }
            return Payment(
                id: try row[0], order: order, method: method, status: status,
                amount: try Money(row[3], row[4]), redirectURL: nil)
        }
    }

    static func void(order: OrderID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE payments SET status = 'voided', updated_at = \(tx.now)
            WHERE store_id = \(store) AND order_id = \(order) AND status = 'pending'
            """)
    }
}
