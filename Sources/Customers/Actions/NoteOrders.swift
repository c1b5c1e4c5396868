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
        let named = try CustomerTable.known(orders.compactMap(\.customer), store: store, in: tx)
        // Whoever was named and is not known any more, and whoever was not named, is found by the address.
        func isNamed(_ order: OrderedBy) -> Bool { order.customer.map(named.contains) ?? false }
        var first: [String: OrderedBy] = [:]
        for order in orders where !isNamed(order) {
            guard let key = order.email.map(CustomerWords.key), first[key] == nil else { continue }
            first[key] = order
        }
        let owners = try owners(of: first, in: tx)
        let rows = orders.compactMap { order -> (order: OrderID, customer: CustomerID, placedAt: Instant)? in
            let owner = isNamed(order) ? order.customer : order.email.flatMap { owners[CustomerWords.key($0)] }
            return owner.map { (order: order.order, customer: $0, placedAt: order.placedAt) }
        }
        try CustomerOrderTable.insert(rows, store: store, in: tx)
    }

    /// The customers who have these addresses; those whom nobody has are made from the first order with it.
    private func owners(
        of first: [String: OrderedBy], in tx: borrowing Transaction
    ) throws -> [String: CustomerID] {
        let keys = first.keys.sorted()
        guard !keys.isEmpty else { return [:] }
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
        return owners
    }
}
