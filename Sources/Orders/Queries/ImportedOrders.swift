public import Persistence
public import Primitives

extension Orders {
    /// Which orders there are of those that a file names: by the name in a former file, by the number, or by the
    /// merchant's own reference. Without their lines.
    public static func orders(
        named names: [String], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [String: Order] {
        guard !names.isEmpty else { return [:] }
        let imported = try ImportedOrderTable.orders(named: names, store: store, in: tx)
        var numbers: [Int: [String]] = [:]
        for name in names {
            if let number = ImportedOrder.anyNumber(in: name) { numbers[number, default: []].append(name) }
        }
        var wanted: [SQL] = ["external_id IN \(list: names)"]
        if !numbers.isEmpty { wanted.append("number IN \(list: numbers.keys.sorted())") }
        if !imported.isEmpty { wanted.append("id IN \(list: imported.map(\.order))") }
        var found: [String: Order] = [:]
        // One after the other: with OR, SQLite reads every order of the store.
        for condition in wanted {
            for order in try OrderTable.all(condition, store: store, in: tx) {
                for name in numbers[order.number] ?? [] { found[name] = order }
                if let name = order.externalID, names.contains(name) { found[name] = order }
                if let name = imported.first(where: { $0.order == order.id })?.name { found[name] = order }
            }
        }
        return found
    }

    /// What files said of these orders; those that no file told of are absent.
    public static func imported(
        _ orders: [OrderID], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [OrderID: ImportedOrder] {
        orders.isEmpty ? [:] : try ImportedOrderTable.ofOrders(orders, store: store, in: tx)
    }

    /// A page of orders with their lines, the oldest first. It ends early where its orders would have more than
    /// `mostLinesOfPage` lines together.
    public static func oldest(
        of store: StoreID, after: OrderPosition?, limit: Int, in tx: borrowing Transaction
    ) throws -> OrderPage {
        var conditions: [SQL] = ["store_id = \(store)"]
        if let after { conditions.append("(placed_at, id) > (\(after.placedAt), \(after.id))") }
        let rows = try OrderTable.page(conditions, isNarrow: false, isOldestFirst: true, limit: limit + 1, in: tx)
        return try bounded(rows, limit: limit, of: store, in: tx)
    }
}
