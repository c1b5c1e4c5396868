import EventLog
public import Persistence
public import Primitives

/// Writes down whose orders these are. A buyer whom the store does not know becomes a customer; one whom it knows
/// stays as they are, for anybody may type anybody's address into an order.
///
/// It is run after the orders were placed, by whoever follows the log: placing an order neither waits for it nor learns
/// from it whether the customer was known.
public struct NoteOrders: Sendable {
    private let store: StoreID
    private let orders: [OrderedBy]

    public init(store: StoreID, orders: [OrderedBy]) {
        self.store = store
        self.orders = orders
    }

    public func run(in tx: borrowing Transaction) throws {
        guard !orders.isEmpty else { return }
        var first: [String: OrderedBy] = [:]
        for order in orders where first[CustomerWords.key(order.email)] == nil {
            first[CustomerWords.key(order.email)] = order
        }
        let keys = first.keys.sorted()
        // In their order, so that two who want several of the same do not wait in a circle.
        for key in keys { try CustomerTable.lock(key, store: store, in: tx) }
        var owners = try CustomerTable.owners(of: keys, store: store, in: tx)
        for key in keys where owners[key] == nil {
            guard let order = first[key] else { continue }
            let customer = Customer(
                id: tx.newIdentifier(), details: order.details, version: 1, createdAt: tx.now, updatedAt: tx.now)
            // An address that somebody else has just taken belongs to them.
            guard try CustomerTable.insert(customer, store: store, in: tx) else { continue }
            try CustomerTable.index(customer, store: store, in: tx)
            try EventLog.append([customer.event("customer.created", of: store, .system, nil)], in: tx)
            owners[key] = customer.id
        }
        let rows = orders.compactMap { order in
            owners[CustomerWords.key(order.email)].map { (order: order.order, customer: $0, placedAt: order.placedAt) }
        }
        try CustomerOrderTable.insert(rows, store: store, in: tx)
    }
}
