public import Persistence
public import Primitives

extension Inventory {
    /// A page of what is or was expected from suppliers, the newest first.
    public static func incoming(
        _ status: IncomingStatus?, of store: StoreID, after: IncomingStockID?, limit: Int,
        in tx: borrowing Transaction
    ) throws -> [IncomingStock] {
        try IncomingTable.page(status, of: store, after: after, limit: limit, in: tx)
    }

    /// One delivery; nil when the store has none of this id.
    public static func incoming(
        _ id: IncomingStockID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> IncomingStock? {
        try IncomingTable.find(id, store: store, locks: false, in: tx)
    }

    /// A page of transfers, the newest first.
    public static func transfers(
        _ status: TransferStatus?, of store: StoreID, after: StockTransferID?, limit: Int,
        in tx: borrowing Transaction
    ) throws -> [StockTransfer] {
        try TransferTable.page(status, of: store, after: after, limit: limit, in: tx)
    }

    /// One transfer; nil when the store has none of this id.
    public static func transfer(
        _ id: StockTransferID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> StockTransfer? {
        try TransferTable.find(id, store: store, locks: false, in: tx)
    }

    /// A page of counts without their lines, the newest first.
    public static func counts(
        _ status: CountStatus?, of store: StoreID, after: StockCountID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [StockCount] {
        try CountTable.page(status, of: store, after: after, limit: limit, in: tx)
    }

    /// One count with its lines; nil when the store has none of this id.
    public static func count(
        _ id: StockCountID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> StockCount? {
        try CountTable.find(id, store: store, locks: false, in: tx)
    }

    /// - Throws: `not_found`, `count.not_open`. The count stays open until the transaction ends.
    static func requireOpenCount(
        _ id: StockCountID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> StockCount {
        guard let count = try CountTable.find(id, store: store, locks: true, in: tx) else {
            throw Problem.notFound("count")
        }
        guard count.status == .open else {
            throw Problem(.conflict, "count.not_open", "This count is \(count.status.rawValue) already.")
        }
        return count
    }
}
