import Persistence
import Primitives

/// The SQL of `customer_groups` and `customer_group_members`.
enum GroupTable {
    static func all(of store: StoreID, in tx: borrowing Transaction) throws -> [CustomerGroup] {
        try tx.query(
            """
            SELECT id, name, metadata, version, created_at, updated_at FROM customer_groups
            WHERE store_id = \(store) ORDER BY name, id
            """
        ) { row in
            CustomerGroup(
                id: try row[0], name: try row[1], metadata: try CustomerDocument.values(row[2]), version: try row[3],
                createdAt: try row[4], updatedAt: try row[5])
        }
    }

    static func insert(_ group: CustomerGroup, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO customer_groups (store_id, id, name, metadata, version, created_at, updated_at)
            VALUES (\(store), \(group.id), \(group.name), \(CustomerDocument.values(group.metadata)),
                \(group.version), \(group.createdAt), \(group.updatedAt))
            """)
    }

    static func update(_ group: CustomerGroup, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE customer_groups SET name = \(group.name), metadata = \(CustomerDocument.values(group.metadata)),
                version = \(group.version), updated_at = \(group.updatedAt)
            WHERE store_id = \(store) AND id = \(group.id)
            """)
    }

    static func delete(_ id: CustomerGroupID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM customer_groups WHERE store_id = \(store) AND id = \(id)")
    }

    static func membership(_ group: CustomerGroupID, store: StoreID) -> SQL {
        """
        id IN (SELECT customer_id FROM customer_group_members WHERE store_id = \(store) AND group_id = \(group))
        """
    }

    static func ofCustomers(
        _ customers: [CustomerID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [CustomerID: Set<CustomerGroupID>] {
        let rows: [(CustomerID, CustomerGroupID)] = try tx.query(
            """
            SELECT customer_id, group_id FROM customer_group_members
            WHERE store_id = \(store) AND customer_id IN \(list: customers)
            """
        ) { (try $0[0], try $0[1]) }
        return Dictionary(grouping: rows, by: \.0).mapValues { Set($0.map(\.1)) }
    }

    static func groups(
        of customer: CustomerID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<CustomerGroupID> {
        try tx.later(
            """
            SELECT group_id FROM customer_group_members WHERE store_id = \(store) AND customer_id = \(customer)
            ORDER BY group_id
            """
        ) { try $0[0] }
    }

    static func memberCounts(of store: StoreID, in tx: borrowing Transaction) throws -> [CustomerGroupID: Int] {
        let rows: [(CustomerGroupID, Int)] = try tx.query(
            """
            SELECT group_id, COUNT(*) FROM customer_group_members WHERE store_id = \(store) GROUP BY group_id
            """
        ) { (try $0[0], try $0[1]) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Gives the customer exactly these groups.
    /// - Throws: `validation.failed` when one of them does not exist.
    static func assign(
        _ groups: Set<CustomerGroupID>, to customer: CustomerID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            "DELETE FROM customer_group_members WHERE store_id = \(store) AND customer_id = \(customer)")
        guard !groups.isEmpty else { return }
        // Made from the rows of the groups: one that goes meanwhile is not there instead of breaking a rule.
        let count = try tx.changes(
            """
            INSERT INTO customer_group_members (store_id, group_id, customer_id)
            SELECT store_id, id, \(customer) FROM customer_groups
            WHERE store_id = \(store) AND id IN \(list: groups.sorted())
            """)
        guard count == groups.count else {
            throw Problem.validation("/group_ids", "unknown", "One of the groups does not exist.")
        }
    }
}

/// The SQL of `customer_orders`.
enum CustomerOrderTable {
    static func insert(
        _ orders: [(order: OrderID, customer: CustomerID, placedAt: Instant)], store: StoreID,
        in tx: borrowing Transaction
    ) throws {
        guard !orders.isEmpty else { return }
        let rows = orders.map { [store.sqlValue, $0.order.sqlValue, $0.customer.sqlValue, $0.placedAt.sqlValue] }
        try tx.execute(
            """
            INSERT INTO customer_orders (store_id, order_id, customer_id, placed_at) VALUES \(rows: rows)
            ON CONFLICT (store_id, order_id) DO NOTHING
            """)
    }

    static func page(
        of customer: CustomerID, store: StoreID, after: CustomerOrder?, limit: Int, in tx: borrowing Transaction
    ) throws -> [CustomerOrder] {
        let rest: SQL = after.map { " AND (placed_at, order_id) < (\($0.placedAt), \($0.order))" } ?? ""
        return try tx.query(
            """
            SELECT order_id, placed_at FROM customer_orders
            WHERE store_id = \(store) AND customer_id = \(customer)\(rest)
            ORDER BY placed_at DESC, order_id DESC LIMIT \(limit)
            """
        ) { CustomerOrder(order: try $0[0], placedAt: try $0[1]) }
    }

    static func customer(of order: OrderID, store: StoreID, in tx: borrowing Transaction) throws -> CustomerID? {
        try tx.first(
            "SELECT customer_id FROM customer_orders WHERE store_id = \(store) AND order_id = \(order)"
        ) { try $0[0] }
    }

    static func counts(
        of customers: [CustomerID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [CustomerID: Int] {
        let rows: [(CustomerID, Int)] = try tx.query(
            """
            SELECT customer_id, COUNT(*) FROM customer_orders
            WHERE store_id = \(store) AND customer_id IN \(list: customers) GROUP BY customer_id
            """
        ) { (try $0[0], try $0[1]) }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
