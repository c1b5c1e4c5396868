import Persistence
import Primitives

/// The SQL of `imported_orders`.
enum ImportedOrderTable {
    static func insert(
        _ imported: ImportedOrder, order: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO imported_orders (store_id, order_id, name, document)
            VALUES (\(store), \(order), \(imported.name), \(imported.document))
            """)
    }

    static func orders(
        named names: [String], store: StoreID, in tx: borrowing Transaction
    ) throws -> [(name: String, order: OrderID)] {
        try tx.query(
            "SELECT name, order_id FROM imported_orders WHERE store_id = \(store) AND name IN \(list: names)"
        ) { (name: try $0[0], order: try $0[1]) }
    }

    static func ofOrders(
        _ orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: ImportedOrder] {
        let rows: [(OrderID, ImportedOrder)] = try tx.query(
            """
            SELECT order_id, name, document FROM imported_orders
            WHERE store_id = \(store) AND order_id IN \(list: orders)
            """
        ) { (try $0[0], try ImportedOrder(name: $0[1], document: $0[2])) }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
