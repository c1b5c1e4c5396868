import Persistence
import Primitives

/// The SQL of `order_lines`.
enum OrderLineTable {
    /// Lines of one statement; more go into further statements, so that few different ones are prepared.
    private static let chunk = 16

    static func insert(_ lines: [OrderLine], order: OrderID, store: StoreID, in tx: borrowing Transaction) throws {
        var start = 0
        while start < lines.count {
            let end = min(start + chunk, lines.count)
            let rows = (start..<end).map { position in
                row(lines[position], position: position, order: order, store: store)
            }
            try tx.execute(
                """
                INSERT INTO order_lines (store_id, order_id, position, id, variant_id, sku, title, quantity,
                    fulfilled_quantity, unit_price, total, discount, tax, tax_lines)
                VALUES \(rows: rows)
                """)
            start = end
        }
    }

    static func ofOrders(
        _ orders: [OrderID], store: StoreID, currencies: [OrderID: Currency], in tx: borrowing Transaction
    ) throws -> Later<(OrderID, OrderLine)> {
        try tx.later(
            """
            SELECT order_id, id, variant_id, sku, title, quantity, fulfilled_quantity, unit_price, total, discount, tax,
                tax_lines
            FROM order_lines WHERE store_id = \(store) AND order_id IN \(list: orders) ORDER BY order_id, position
            """
        ) { row in
            let order: OrderID = try row[0]
            guard let currency = currencies[order] else { throw DatabaseError.decoding("a line of another order") }
            return (
                order,
                OrderLine(
                    id: try row[1], variant: try row[2], sku: try row[3], title: try row[4], quantity: try row[5],
                    fulfilledQuantity: try row[6], unitPrice: try Money(row[7], currency),
                    total: try Money(row[8], currency), discount: try Money(row[9], currency),
                    tax: try Money(row[10], currency), taxLines: try TaxDocument.lines(row[11], currency))
            )
        }
    }

    static func openQuantities(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: Int] {
        let rows: [(OrderID, Int)] = try tx.query(
            """
            SELECT o.id, CAST(SUM(l.quantity - l.fulfilled_quantity) AS BIGINT)
            FROM orders o JOIN order_lines l ON l.store_id = o.store_id AND l.order_id = o.id
            WHERE o.store_id = \(store) AND o.id IN \(list: orders) AND o.status <> 'canceled'
            GROUP BY o.id
            """
        ) { (try $0[0], try $0[1]) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    static func addFulfilled(
        _ quantity: Int, line: LineID, order: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE order_lines SET fulfilled_quantity = fulfilled_quantity + \(quantity)
            WHERE store_id = \(store) AND order_id = \(order) AND id = \(line)
            """)
    }

    private static func row(_ line: OrderLine, position: Int, order: OrderID, store: StoreID) -> [SQLValue] {
        [
            store.sqlValue, order.sqlValue, position.sqlValue, line.id.sqlValue, line.variant.sqlValue,
            line.sku.sqlValue, line.title.sqlValue, line.quantity.sqlValue, line.fulfilledQuantity.sqlValue,
            line.unitPrice.amount.sqlValue, line.total.amount.sqlValue, line.discount.amount.sqlValue,
            line.tax.amount.sqlValue, TaxDocument.encode(line.taxLines).sqlValue,
        ]
    }
}
