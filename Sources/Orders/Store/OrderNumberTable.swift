import Persistence
import Primitives

/// The SQL of `order_numbers`.
enum OrderNumberTable {
    /// Takes `count` numbers; returns the first. A store's first number is 1001.
    static func take(_ count: Int, store: StoreID, in tx: borrowing Transaction) throws -> Int {
        let next = try tx.first(
            """
            INSERT INTO order_numbers (store_id, next) VALUES (\(store), \(1001 + count))
            ON CONFLICT (store_id) DO UPDATE SET next = order_numbers.next + \(count)
            RETURNING next
            """
        ) { try $0[0] as Int }
        guard let next else { throw DatabaseError.decoding("an order number was not given") }
        return next - count
    }
}
