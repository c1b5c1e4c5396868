import Persistence
import Primitives

/// The SQL of `stock_movements`, to which rows are only added.
enum MovementTable {
    static func insert(_ movements: [StockMovement], store: StoreID, in tx: borrowing Transaction) throws {
        guard !movements.isEmpty else { return }
        let rows = movements.map { movement in
            [
                store.sqlValue, movement.id.sqlValue, movement.variant.sqlValue, movement.location.sqlValue,
                movement.delta.sqlValue, movement.left.sqlValue, movement.reason.rawValue.sqlValue,
                movement.actor.sqlValue, movement.note.sqlValue, movement.order.sqlValue, movement.cause.sqlValue,
                movement.at.sqlValue,
            ]
        }
        try tx.execute(
            """
            INSERT INTO stock_movements (store_id, id, variant_id, location_id, delta, left_there, reason, actor, note,
                order_id, cause, at)
            VALUES \(rows: rows)
            """)
    }

    /// A page, the newest first.
    static func page(
        _ filter: MovementFilter, store: StoreID, after: StockMovementID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [StockMovement] {
        var conditions: [SQL] = ["store_id = \(store)"]
        if let variant = filter.variant { conditions.append("variant_id = \(variant)") }
        if let location = filter.location { conditions.append("location_id = \(location)") }
        if let after { conditions.append("id < \(after)") }
        return try tx.query(
            """
            SELECT id, variant_id, location_id, delta, left_there, reason, actor, note, order_id, cause, at
            FROM stock_movements WHERE \(.joined(conditions, by: " AND ")) ORDER BY id DESC LIMIT \(limit)
            """
        ) { row in
            let reason: String = try row[5]
            guard let known = MovementReason(rawValue: reason) else {
                throw DatabaseError.decoding("\(reason) is no reason of a movement")
            }
            return StockMovement(
                id: try row[0], variant: try row[1], location: try row[2], delta: try row[3], left: try row[4],
                reason: known, actor: try row[6], note: try row[7], order: try row[8], cause: try row[9],
                at: try row[10])
        }
    }
}
