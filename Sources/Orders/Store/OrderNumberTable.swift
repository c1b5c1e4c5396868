import Persistence
import Primitives

/// The SQL of `order_numbers` and `order_number_gaps`.
enum OrderNumberTable {
    /// Takes `count` numbers; returns the first. A store's first number is 1001.
    static func take(_ count: Int, store: StoreID, in tx: borrowing Transaction) throws -> Int {
        let next = try tx.first(
            """
            INSERT INTO order_numbers (store_id, next) VALUES (\(store), \(Orders.firstNumber + count))
            ON CONFLICT (store_id) DO UPDATE SET next = order_numbers.next + \(count)
            RETURNING next
            """
        ) { try $0[0] as Int }
        guard let next else { throw DatabaseError.decoding("an order number was not given") }
        return next - count
    }

    /// The number that is given out next.
    static func next(store: StoreID, in tx: borrowing Transaction) throws -> Int {
        try tx.first("SELECT next FROM order_numbers WHERE store_id = \(store)") { try $0[0] } ?? Orders.firstNumber
    }

    /// The same, which nobody moves until the transaction ends.
    static func lock(store: StoreID, in tx: borrowing Transaction) throws -> Int {
        let next = try tx.first(
            """
            INSERT INTO order_numbers (store_id, next) VALUES (\(store), \(Orders.firstNumber))
            ON CONFLICT (store_id) DO UPDATE SET next = order_numbers.next RETURNING next
            """
        ) { try $0[0] as Int }
        guard let next else { throw DatabaseError.decoding("an order number was not found") }
        return next
    }

    /// Leaves numbers out of the sequence, for good; the caller holds the lock.
    static func skip(from first: Int, through last: Int, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("UPDATE order_numbers SET next = \(last + 1) WHERE store_id = \(store)")
        try tx.execute(
            """
            INSERT INTO order_number_gaps (store_id, first_number, last_number)
            VALUES (\(store), \(first), \(last))
            """)
    }

    /// The numbers that were left out.
    static func gaps(store: StoreID, in tx: borrowing Transaction) throws -> [ClosedRange<Int>] {
        try tx.query(
            "SELECT first_number, last_number FROM order_number_gaps WHERE store_id = \(store) ORDER BY first_number"
        ) { row in
            let (first, last): (Int, Int) = (try row[0], try row[1])
            return first...max(first, last)
        }
    }
}
