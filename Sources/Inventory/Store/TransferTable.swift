import Persistence
import Primitives

/// The SQL of `stock_transfers` and `stock_transfer_lines`.
enum TransferTable {
    private static let columns: SQL = "id, from_id, to_id, status, note, created_at, changed_at"

    private static func read(_ row: Row) throws -> StockTransfer {
        StockTransfer(
            id: try row[0], from: try row[1], to: try row[2], status: try status(row, 3), note: try row[4],
            createdAt: try row[5], changedAt: try row[6], lines: [])
    }

    static func insert(_ transfer: StockTransfer, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO stock_transfers (store_id, \(columns))
            VALUES (\(store), \(transfer.id), \(transfer.from), \(transfer.to), \(transfer.status.rawValue),
                \(transfer.note), \(transfer.createdAt), \(transfer.changedAt))
            """)
        let rows = transfer.lines.map { line in
            [
                store.sqlValue, transfer.id.sqlValue, line.variant.sqlValue, line.quantity.sqlValue,
                line.received.sqlValue,
            ]
        }
        try tx.execute(
            """
            INSERT INTO stock_transfer_lines (store_id, transfer_id, variant_id, quantity, received)
            VALUES \(rows: rows)
            """)
    }

    static func save(_ transfer: StockTransfer, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE stock_transfers SET status = \(transfer.status.rawValue), changed_at = \(transfer.changedAt)
            WHERE store_id = \(store) AND id = \(transfer.id)
            """)
        for line in transfer.lines where line.received > 0 {
            try tx.execute(
                """
                UPDATE stock_transfer_lines SET received = \(line.received)
                WHERE store_id = \(store) AND transfer_id = \(transfer.id) AND variant_id = \(line.variant)
                """)
        }
    }

    static func find(
        _ id: StockTransferID, store: StoreID, locks: Bool, in tx: borrowing Transaction
    ) throws -> StockTransfer? {
        let found = try tx.first(
            """
            SELECT \(columns) FROM stock_transfers
            WHERE store_id = \(store) AND id = \(id)\(locks ? tx.forUpdate : "")
            """, read)
        guard let found else { return nil }
        return try filled([found], store: store, in: tx).first
    }

    /// A page, the newest first, with the lines.
    static func page(
        _ status: TransferStatus?, of store: StoreID, after: StockTransferID?, limit: Int,
        in tx: borrowing Transaction
    ) throws -> [StockTransfer] {
        let page = try tx.query(
            """
            SELECT \(columns) FROM stock_transfers WHERE \(listed(status, store, after))
            ORDER BY id DESC LIMIT \(limit)
            """, read)
        return try filled(page, store: store, in: tx)
    }

    private static func filled(
        _ transfers: [StockTransfer], store: StoreID, in tx: borrowing Transaction
    ) throws -> [StockTransfer] {
        let lines = try tx.query(
            """
            SELECT transfer_id, variant_id, quantity, received FROM stock_transfer_lines
            WHERE store_id = \(store) AND transfer_id IN \(list: transfers.map(\.id)) ORDER BY variant_id
            """
        ) { row -> (StockTransferID, StockTransfer.Line) in
            (try row[0], StockTransfer.Line(variant: try row[1], quantity: try row[2], received: try row[3]))
        }
        let byTransfer = Dictionary(grouping: lines, by: \.0)
        return transfers.map { transfer in
            var transfer = transfer
            transfer.lines = byTransfer[transfer.id]?.map(\.1) ?? []
            return transfer
        }
    }
}
