public import EventLog
public import Persistence
public import Primitives

/// Which orders to list, newest first.
public struct OrderFilter: Sendable {
    public var status: OrderStatus?
    public var paymentStatus: PaymentStatus?
    public var fulfillmentStatus: FulfillmentStatus?
    public var placedAfter: Instant?
    public var placedBefore: Instant?
    /// A number (`1001`, `#1001`), an external id or an e-mail address, whole.
    public var query: String?

    public init(
        status: OrderStatus? = nil, paymentStatus: PaymentStatus? = nil, fulfillmentStatus: FulfillmentStatus? = nil,
        placedAfter: Instant? = nil, placedBefore: Instant? = nil, query: String? = nil
    ) {
        self.status = status
        self.paymentStatus = paymentStatus
        self.fulfillmentStatus = fulfillmentStatus
        self.placedAfter = placedAfter
        self.placedBefore = placedBefore
        self.query = query
    }
}

/// Where a page of orders ended.
public struct OrderPosition: Hashable, Sendable {
    public let placedAt: Instant
    public let id: OrderID

    public init(placedAt: Instant, id: OrderID) {
        self.placedAt = placedAt
        self.id = id
    }
}

/// A part of a list of orders.
public struct OrderPage: Sendable {
    public let orders: [Order]
    /// Where the next page begins; nil after the last order.
    public let next: OrderPosition?
}

extension Orders {
    /// Lines of a page of orders; one that has more than that alone is a page of its own.
    public static let mostLinesOfPage = 2000

    /// The checkout, open or not.
    public static func checkout(
        _ id: CheckoutID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Checkout? {
        try CheckoutTable.find(id, store: store, in: tx)
    }

    /// The customer's address; nil when the order has none, or there is no such order.
    public static func email(
        of id: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws -> EmailAddress? {
        try OrderTable.email(of: id, store: store, in: tx)
    }

    /// An order with its lines.
    public static func order(_ id: OrderID, of store: StoreID, in tx: borrowing Transaction) throws -> Order? {
        try complete([OrderTable.find("id = \(id)", store: store, in: tx)].compactMap(\.self), store: store, in: tx)
            .first
    }

    /// These orders with their lines, in no order; unknown ones are absent. At most a page of them.
    public static func orders(
        _ ids: [OrderID], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Order] {
        try complete(headings(of: ids, store: store, in: tx), store: store, in: tx)
    }

    /// These orders without their lines, in the order of their ids; unknown ones are absent.
    public static func headings(
        of ids: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [Order] {
        ids.isEmpty ? [] : try OrderTable.all("id IN \(list: ids) ORDER BY id", store: store, in: tx)
    }

    /// Whether the order exists.
    public static func hasOrder(_ id: OrderID, of store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try OrderTable.exists(id, store: store, in: tx)
    }

    /// A page of orders with their lines: two statements, however many orders. It ends early where its orders would
    /// have more than `mostLinesOfPage` lines together.
    public static func page(
        _ filter: OrderFilter, of store: StoreID, after: OrderPosition?, limit: Int, in tx: borrowing Transaction
    ) throws -> OrderPage {
        var conditions: [SQL] = ["store_id = \(store)"]
        if let after { conditions.append("(placed_at, id) < (\(after.placedAt), \(after.id))") }
        if let status = filter.status { conditions.append(OrderTable.isIn(status)) }
        if let status = filter.paymentStatus { conditions.append(OrderTable.isIn(status)) }
        if let status = filter.fulfillmentStatus { conditions.append(OrderTable.isIn(status)) }
        if let moment = filter.placedAfter { conditions.append("placed_at > \(moment)") }
        if let moment = filter.placedBefore { conditions.append("placed_at < \(moment)") }
        if let query = filter.query { conditions.append(match(query, of: store)) }
        let rows = try OrderTable.page(conditions, isNarrow: filter.query != nil, limit: limit + 1, in: tx)
        return try bounded(rows, limit: limit, of: store, in: tx)
    }

    /// As many of the orders as may be in a page, with their lines.
    static func bounded(
        _ rows: [(Order, lines: Int)], limit: Int, of store: StoreID, in tx: borrowing Transaction
    ) throws -> OrderPage {
        var page: [Order] = []
        var lines = 0
        for (order, count) in rows.prefix(limit) {
            lines += count
            if lines > mostLinesOfPage, !page.isEmpty { break }
            page.append(order)
        }
        let next = page.count < rows.count ? page.last.map { OrderPosition(placedAt: $0.placedAt, id: $0.id) } : nil
        return OrderPage(orders: try complete(page, store: store, in: tx), next: next)
    }

    /// What was paid in a currency for orders with these addresses that were not canceled; addresses without any are
    /// absent.
    public static func paidTotals(
        of emails: [EmailAddress], in currency: Currency, store: StoreID, in tx: borrowing Transaction
    ) throws -> [String: Int64] {
        emails.isEmpty
            ? [:]
            : try OrderTable.paidTotals(
                of: emails.map(\.description), in: currency, store: store, in: tx)
    }

    /// The order's events by version.
    public static func timeline(
        of order: OrderID, store: StoreID, after version: Int, limit: Int, in tx: borrowing Transaction
    ) throws -> [RecordedEvent] {
        try EventLog.history(
            of: Aggregate(kind: "order", id: order.uuid), store: store, after: version, limit: limit, in: tx)
    }

    /// The units that each of the orders still has to deliver; canceled and unknown ones are absent.
    public static func openQuantities(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: Int] {
        try OrderLineTable.openQuantities(of: orders, store: store, in: tx)
    }

    /// Where orders contradict themselves: totals that are not the sum of the lines, states that the lines or each
    /// other deny. Empty in a sound database. Reads in pages of so many orders, none of which takes long.
    public static func contradictions(
        limit: Int = 20, pageSize: Int = 1000, in tx: borrowing Transaction
    ) throws -> [String] {
        var found: [String] = []
        var after: StoredOrder?
        repeat {
            let last = try OrderTable.end(ofPageAfter: after, limit: pageSize, in: tx)
            found += try OrderTable.contradictions(after: after, through: last, in: tx)
            after = last
        } while after != nil && found.count < limit
        return Array(found.prefix(limit))
    }

    private static func match(_ query: String, of store: StoreID) -> SQL {
        let digits = query.hasPrefix("#") ? query.dropFirst() : query[...]
        if digits.utf8.count <= 18, let number = Int(digits), number >= 0 {
            return OrderTable.reference(number: number, externalID: query, store: store)
        }
        let email = EmailAddress(query)?.description ?? query
        return OrderTable.reference(email: email, externalID: query, store: store)
    }

    private static func complete(
        _ orders: [Order], store: StoreID, in tx: borrowing Transaction
    ) throws -> [Order] {
        guard !orders.isEmpty else { return [] }
        let currencies = Dictionary(uniqueKeysWithValues: orders.map { ($0.id, $0.totals.currency) })
        let lines = try OrderLineTable.ofOrders(
            orders.map(\.id), store: store, currencies: currencies, in: tx
        ).rows()
        let linesByOrder = Dictionary(grouping: lines, by: \.0)
        return orders.map { order in
            var order = order
            order.lines = (linesByOrder[order.id] ?? []).map(\.1)
            return order
        }
    }
}
