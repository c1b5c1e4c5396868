import Persistence
import Primitives

/// The SQL of `orders`.
enum OrderTable {
    private static let columns: SQL = """
        id, store_id, number, external_id, checkout_id, status, payment_status, fulfillment_status, payment_method, \
        currency, subtotal, discount, shipping, tax, taxes_included, email, phone, shipping_address, \
        delivery_method, note, tags, placed_at, canceled_at, cancel_reason, version, created_at, staff_note, \
        delivery, taxes
        """

    /// One row when the order was inserted, none when its external id is taken.
    static func insert(_ order: Order, in tx: borrowing Transaction) throws -> Later<OrderID> {
        let totals = order.totals
        return try tx.later(
            """
            INSERT INTO orders (store_id, id, number, external_id, checkout_id, status, payment_status,
                fulfillment_status, payment_method, currency, subtotal, discount, shipping, tax, total, taxes_included,
                email, phone, shipping_address, delivery_method, note, tags, placed_at, canceled_at, cancel_reason,
                version, created_at, delivery, taxes)
            VALUES (\(order.store), \(order.id), \(order.number), \(order.externalID), \(order.checkout),
                \(order.status.rawValue), \(order.paymentStatus.rawValue), \(order.fulfillmentStatus.rawValue),
                \(order.paymentMethod), \(totals.currency), \(totals.subtotal.amount), \(totals.discount.amount),
                \(totals.shipping.amount), \(totals.tax.amount), \(totals.total.amount), \(totals.taxesIncluded),
                \(order.contact.email?.description ?? ""), \(order.contact.phone?.description ?? ""),
                \(order.contact.shippingAddress?.json.description ?? ""), \(order.deliveryMethod),
                \(order.contact.note), \(OrderDocument.texts(order.tags)), \(order.placedAt), \(order.canceledAt),
                \(order.cancelReason), \(order.version), \(order.createdAt), \(order.delivery.document),
                \(TaxDocument.encode(order.taxes)))
            ON CONFLICT (store_id, external_id) DO NOTHING
            RETURNING id
            """
        ) { try $0[0] }
    }

    static func find(_ condition: SQL, store: StoreID, in tx: borrowing Transaction) throws -> Order? {
        try tx.first("SELECT \(columns) FROM orders WHERE store_id = \(store) AND \(condition)", read)
    }

    static func all(_ condition: SQL, store: StoreID, in tx: borrowing Transaction) throws -> [Order] {
        try tx.query("SELECT \(columns) FROM orders WHERE store_id = \(store) AND \(condition)", read)
    }

    static func email(of id: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> EmailAddress? {
        try tx.first("SELECT email FROM orders WHERE store_id = \(store) AND id = \(id)") { row in
            EmailAddress(try row[0])
        } ?? nil
    }

    /// - Parameter isNarrow: whether the conditions leave few orders: those are sorted, where SQLite would otherwise
    ///   walk through every order of the store for the sake of their sequence.
    /// - Returns: orders without their lines, and how many those are.
    static func page(
        _ conditions: [SQL], isNarrow: Bool, isOldestFirst: Bool = false, limit: Int, in tx: borrowing Transaction
    ) throws -> [(Order, lines: Int)] {
        let moment: SQL = isNarrow ? "+placed_at" : "placed_at"
        let direction: SQL = isOldestFirst ? "ASC" : "DESC"
        return try tx.query(
            """
            SELECT \(columns), (SELECT COUNT(*) FROM order_lines l
                WHERE l.store_id = orders.store_id AND l.order_id = orders.id)
            FROM orders WHERE \(.joined(conditions, by: " AND "))
            ORDER BY \(moment) \(direction), id \(direction) LIMIT \(limit)
            """
        ) { (try read($0), try $0[29]) }
    }

    static func exists(_ id: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try tx.first("SELECT 1 FROM orders WHERE store_id = \(store) AND id = \(id)") { try $0[0] as Int } != nil
    }

    /// Each way to find an order asks an index of its own; with OR, SQLite reads every order of the store.
    static func reference(number: Int, externalID: String, store: StoreID) -> SQL {
        """
        id IN (SELECT id FROM orders WHERE store_id = \(store) AND number = \(number)
            UNION ALL SELECT id FROM orders WHERE store_id = \(store) AND external_id = \(externalID))
        """
    }

    /// The index of addresses has no empty ones, and has to be told so.
    static func reference(email: String, externalID: String, store: StoreID) -> SQL {
        """
        id IN (SELECT id FROM orders WHERE store_id = \(store) AND email = \(email) AND email <> ''
            UNION ALL SELECT id FROM orders WHERE store_id = \(store) AND external_id = \(externalID))
        """
    }

    static func lock(_ id: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> Order? {
        try find("id = \(id)\(tx.forUpdate)", store: store, in: tx)
    }

    /// Writes what may change of an order; the caller holds its lock and has raised its version.
    static func update(_ order: Order, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE orders SET status = \(order.status.rawValue), payment_status = \(order.paymentStatus.rawValue),
                fulfillment_status = \(order.fulfillmentStatus.rawValue), staff_note = \(order.staffNote),
                tags = \(OrderDocument.texts(order.tags)), canceled_at = \(order.canceledAt),
                cancel_reason = \(order.cancelReason), version = \(order.version),
                delivery = \(order.delivery.document)
            WHERE store_id = \(order.store) AND id = \(order.id)
            """)
    }

    /// The last of so many orders after one, by store and id; nil when fewer are left.
    static func end(
        ofPageAfter after: StoredOrder?, limit: Int, in tx: borrowing Transaction
    ) throws -> StoredOrder? {
        try tx.first(
            """
            SELECT store_id, id FROM orders WHERE \(isBetween(after, nil, "store_id, id"))
            ORDER BY store_id, id LIMIT 1 OFFSET \(limit - 1)
            """
        ) { StoredOrder(store: try $0[0], order: try $0[1]) }
    }

    static func contradictions(
        after: StoredOrder?, through last: StoredOrder?, in tx: borrowing Transaction
    ) throws -> [String] {
        try tx.query(
            """
            SELECT o.store_id, o.number, o.subtotal, l.total, o.fulfillment_status, o.status, o.payment_status
            FROM orders o LEFT JOIN (
                SELECT store_id, order_id, CAST(SUM(total) AS BIGINT) AS total,
                    CAST(SUM(quantity) AS BIGINT) AS quantity,
                    CAST(SUM(fulfilled_quantity) AS BIGINT) AS fulfilled
                FROM order_lines WHERE \(isBetween(after, last, "store_id, order_id")) GROUP BY store_id, order_id
            ) l ON l.store_id = o.store_id AND l.order_id = o.id
            WHERE \(isBetween(after, last, "o.store_id, o.id")) AND (l.total IS NULL OR l.total <> o.subtotal
                OR (o.fulfillment_status = 'fulfilled' AND l.fulfilled <> l.quantity)
                OR (o.fulfillment_status = 'unfulfilled' AND l.fulfilled <> 0)
                OR (o.fulfillment_status = 'partially_fulfilled' AND (l.fulfilled = 0 OR l.fulfilled = l.quantity))
                OR (o.payment_status = 'pending' AND o.status <> 'open'))
            ORDER BY o.store_id, o.id
            """
        ) { row in
            let store: StoreID = try row[0]
            let number: Int = try row[1]
            let subtotal: Int = try row[2]
            let total: Int? = try row[3]
            let states: [String] = [try row[4], try row[5], try row[6]]
            let lines = total.map(String.init) ?? "none"
            return "order #\(number) of \(store): subtotal \(subtotal), lines \(lines), "
                + states.joined(separator: ", ")
        }
    }

    static func books(
        after: (store: StoreID, order: OrderID)?, limit: Int, in tx: borrowing Transaction
    ) throws -> [OrderBook] {
        let rest: SQL = after.map { "WHERE (store_id, id) > (\($0.store), \($0.order))" } ?? ""
        return try tx.query(
            """
            SELECT store_id, id, number, status, payment_status, total, currency FROM orders \(rest)
            ORDER BY store_id, id LIMIT \(limit)
            """
        ) { row in
            OrderBook(
                store: try row[0], order: try row[1], number: try row[2], status: try state(row[3]),
                paymentStatus: try state(row[4]), total: try Money(row[5], row[6]))
        }
    }

    static func paidTotals(
        of emails: [String], in currency: Currency, store: StoreID, in tx: borrowing Transaction
    ) throws -> [String: Int64] {
        let rows: [(String, Int64)] = try tx.query(
            """
            SELECT email, CAST(SUM(total) AS BIGINT) FROM orders
            WHERE store_id = \(store) AND email IN \(list: emails) AND email <> '' AND payment_status = 'paid'
                AND status <> 'canceled' AND currency = \(currency)
            GROUP BY email
            """
        ) { (try $0[0], try $0[1]) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    static func known(
        _ orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID] {
        try tx.query("SELECT id FROM orders WHERE store_id = \(store) AND id IN \(list: orders)") { try $0[0] }
    }

    /// - Parameter key: the columns of store and order.
    private static func isBetween(_ after: StoredOrder?, _ last: StoredOrder?, _ key: SQL) -> SQL {
        var conditions: [SQL] = []
        if let after { conditions.append("(\(key)) > (\(after.store), \(after.order))") }
        if let last { conditions.append("(\(key)) <= (\(last.store), \(last.order))") }
        return conditions.isEmpty ? "1 = 1" : .joined(conditions, by: " AND ")
    }

    private static func read(_ row: Row) throws -> Order {
        let currency: Currency = try row[9]
        func money(_ column: Int) throws -> Money { try Money(row[column], currency) }
        let address: String = try row[17]
        let email: String = try row[15]
        let phone: String = try row[16]
        let note: String = try row[19]
        var order = Order(
            id: try row[0], store: try row[1], number: try row[2], externalID: try row[3], checkout: try row[4],
            paymentStatus: try state(row[6]), paymentMethod: try row[8], lines: [],
            totals: try Totals(
                subtotal: money(10), discount: money(11), shipping: money(12), tax: money(13), taxesIncluded: row[14]),
            taxes: try TaxDocument.taxes(row[28], currency),
            contact: Contact(
                email: EmailAddress(email), phone: PhoneNumber(phone),
                shippingAddress: address.isEmpty ? nil : Address(json: try JSON(parsing: address)), note: note),
            deliveryMethod: try row[18], delivery: try OrderDelivery(document: row[27]),
            tags: try OrderDocument.texts(row[20]), placedAt: try row[21],
            createdAt: try row[25])
        order.status = try state(row[5])
        order.fulfillmentStatus = try state(row[7])
        order.canceledAt = try row[22]
        order.cancelReason = try row[23]
        order.version = try row[24]
        order.staffNote = try row[26]
        return order
    }

    private static func state<State: RawRepresentable>(_ text: String) throws -> State where State.RawValue == String {
        guard let state = State(rawValue: text) else {
            throw DatabaseError.decoding("an order has the unknown state \(text)")
        }
        return state
    }
}

/// An order among those of all stores.
struct StoredOrder {
    let store: StoreID
    let order: OrderID
}

/// States in the words of the partial indexes: bound as values they would prove nothing to the planners.
extension OrderTable {
    static func isIn(_ status: OrderStatus) -> SQL {
        switch status {
        case .open: "status = 'open'"
        case .completed: "status = 'completed'"
        case .canceled: "status = 'canceled'"
        }
    }

    static func isIn(_ status: FulfillmentStatus) -> SQL {
        switch status {
        case .unfulfilled: "fulfillment_status = 'unfulfilled'"
        case .partiallyFulfilled: "fulfillment_status = 'partially_fulfilled'"
        case .fulfilled: "fulfillment_status = 'fulfilled'"
        case .onHold: "fulfillment_status = 'on_hold'"
        case .returned: "fulfillment_status = 'returned'"
        }
    }

    static func isIn(_ status: PaymentStatus) -> SQL {
        switch status {
        // Only an open order's payment is pending: it is voided with the order, and completes it. Said here, so that
        // the open orders' index serves it and placing pays for no other.
        case .pending: "payment_status = 'pending' AND status = 'open'"
        case .authorized: "payment_status = 'authorized'"
        case .partiallyPaid: "payment_status = 'partially_paid'"
        case .paid: "payment_status = 'paid'"
        case .partiallyRefunded: "payment_status = 'partially_refunded'"
        case .refunded: "payment_status = 'refunded'"
        case .voided: "payment_status = 'voided'"
        case .failed: "payment_status = 'failed'"
        }
    }
}

/// Lists of an order that are read and written whole: JSON in a column.
enum OrderDocument {
    static func texts(_ texts: [String]) -> String {
        texts.isEmpty ? "[]" : JSON.array(texts.map { .string($0) }).description
    }

    static func texts(_ column: String) throws -> [String] {
        column == "[]" ? [] : try (JSON(parsing: column).array ?? []).compactMap(\.string)
    }
}
