import Persistence
import Primitives

/// The SQL of `payments`.
enum PaymentTable {
    private static let columns: SQL = """
        id, order_id, method, status, amount, currency, redirect_url, connection_id, session, intent, failure_code, \
        expires_at, created_at
        """

    static func insert(
        _ payment: Payment, leasedUntil: Instant?, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO payments (store_id, id, order_id, method, status, amount, currency, expires_at,
                leased_until, created_at, updated_at)
            VALUES (\(store), \(payment.id), \(payment.order), \(payment.method.rawValue), \(payment.status.rawValue),
                \(payment.amount.amount), \(payment.amount.currency), \(payment.expiresAt),
                \(leasedUntil), \(tx.now), \(tx.now))
            """)
    }

    static func ofOrder(_ order: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> [Payment] {
        try tx.query(
            """
            SELECT \(columns) FROM payments WHERE store_id = \(store) AND order_id = \(order)
            ORDER BY created_at, id
            """, read)
    }

    /// A payment that is paid does not change any more: it was paid when it last did.
    static func settlements(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: Settlement] {
        let rows: [(OrderID, Settlement)] = try tx.query(
            """
            SELECT order_id, updated_at, intent FROM payments
            WHERE store_id = \(store) AND order_id IN \(list: orders) AND status = 'paid' ORDER BY updated_at, id
            """
        ) { (try $0[0], Settlement(at: try $0[1], reference: try $0[2])) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    static func find(
        _ id: PaymentID, store: StoreID, locks: Bool, in tx: borrowing Transaction
    ) throws -> Payment? {
        let lock: SQL = locks ? tx.forUpdate : ""
        return try tx.first("SELECT \(columns) FROM payments WHERE store_id = \(store) AND id = \(id)\(lock)", read)
    }

    /// One row when nobody else is opening the payment's page, none otherwise.
    static func claim(
        _ id: PaymentID, store: StoreID, until: Instant, in tx: borrowing Transaction
    ) throws -> Payment? {
        try tx.first(
            """
            UPDATE payments SET leased_until = \(until), updated_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) AND status = 'pending' AND session IS NULL
                AND (leased_until IS NULL OR leased_until <= \(tx.now))
            RETURNING \(columns)
            """, read)
    }

    static func recordSession(
        _ session: ProviderSession, of id: PaymentID, connection: ConnectionID, store: StoreID,
        in tx: borrowing Transaction
    ) throws -> Payment? {
        try tx.first(
            """
            UPDATE payments SET session = \(session.id), intent = COALESCE(\(session.intent), intent),
                redirect_url = \(session.url), connection_id = \(connection), leased_until = NULL,
                updated_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) RETURNING \(columns)
            """, read)
    }

    /// Moves a payment to another state from those that may become it; none when it is in no such state.
    static func move(
        _ id: PaymentID, to state: PaymentState, code: String, session: String?, intent: String?, store: StoreID,
        in tx: borrowing Transaction
    ) throws -> Payment? {
        try tx.first(
            """
            UPDATE payments SET status = \(state.rawValue), failure_code = \(code), leased_until = NULL,
                session = COALESCE(session, \(session)), intent = COALESCE(\(intent), intent), updated_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) AND status IN \(list: state.sources.map(\.rawValue))
            RETURNING \(columns)
            """, read)
    }

    static func note(
        _ code: String, on id: PaymentID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.changes(
            """
            UPDATE payments SET failure_code = \(code), updated_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) AND status = 'pending'
            """) == 1
    }

    static func void(order: OrderID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE payments SET status = 'voided', updated_at = \(tx.now)
            WHERE store_id = \(store) AND order_id = \(order) AND status = 'pending'
            """)
    }

    private static func read(_ row: Row) throws -> Payment {
        let method: String = try row[2]
        let status: String = try row[3]
        guard let method = PaymentMethod(rawValue: method), let status = PaymentState(rawValue: status) else {
            throw DatabaseError.decoding("a payment has an unknown method or status")
        }
        return Payment(
            id: try row[0], order: try row[1], method: method, status: status, amount: try Money(row[4], row[5]),
            redirectURL: try row[6], connection: try row[7], session: try row[8], intent: try row[9],
            failureCode: try row[10], expiresAt: try row[11], createdAt: try row[12], isClaimed: false)
    }
}
