import Persistence
import Primitives

/// The SQL of `incoming_stock`.
enum IncomingTable {
    private static let columns: SQL = """
        id, variant_id, location_id, quantity, received, status, expected_at, supplier, note, created_at
        """

    private static func read(_ row: Row) throws -> IncomingStock {
        let expectedAt: Instant = try row[6]
        return IncomingStock(
            id: try row[0], variant: try row[1], location: try row[2], quantity: try row[3], received: try row[4],
            status: try status(row, 5), expectedAt: expectedAt.microseconds == 0 ? nil : expectedAt,
            supplier: try row[7], note: try row[8], createdAt: try row[9])
    }

    static func insert(_ incoming: IncomingStock, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO incoming_stock (store_id, \(columns))
            VALUES (\(store), \(incoming.id), \(incoming.variant), \(incoming.location), \(incoming.quantity),
                \(incoming.received), \(incoming.status.rawValue),
                \(incoming.expectedAt ?? Instant(microseconds: 0)), \(incoming.supplier), \(incoming.note),
                \(incoming.createdAt))
            """)
    }

    static func save(_ incoming: IncomingStock, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE incoming_stock SET received = \(incoming.received), status = \(incoming.status.rawValue),
                expected_at = \(incoming.expectedAt ?? Instant(microseconds: 0)), supplier = \(incoming.supplier),
                note = \(incoming.note)
            WHERE store_id = \(store) AND id = \(incoming.id)
            """)
    }

    static func find(
        _ id: IncomingStockID, store: StoreID, locks: Bool, in tx: borrowing Transaction
    ) throws -> IncomingStock? {
        try tx.first(
            """
            SELECT \(columns) FROM incoming_stock
            WHERE store_id = \(store) AND id = \(id)\(locks ? tx.forUpdate : "")
            """, read)
    }

    /// A page, the newest first.
    static func page(
        _ status: IncomingStatus?, of store: StoreID, after: IncomingStockID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [IncomingStock] {
        try tx.query(
            """
            SELECT \(columns) FROM incoming_stock WHERE \(listed(status, store, after))
            ORDER BY id DESC LIMIT \(limit)
            """, read)
    }

    /// The next known day on which units of a variant are expected. Ask while the stock of the variant is locked.
    static func nextDay(
        of variant: VariantID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Instant? {
        try tx.first(
            """
            SELECT expected_at FROM incoming_stock
            WHERE store_id = \(store) AND variant_id = \(variant) AND status = 'expected' AND expected_at > 0
            ORDER BY expected_at LIMIT 1
            """
        ) { try $0[0] }
    }
}

/// The condition of a list, the newest first, perhaps of one status.
func listed<Status: RawRepresentable<String>, Kind>(
    _ status: Status?, _ store: StoreID, _ after: Identifier<Kind>?
) -> SQL {
    var conditions: [SQL] = ["store_id = \(store)"]
    if let status { conditions.append("status = \(status.rawValue)") }
    if let after { conditions.append("id < \(after)") }
    return .joined(conditions, by: " AND ")
}

/// Reads a column that holds a word of an enumeration.
func status<Status: RawRepresentable<String>>(_ row: Row, _ column: Int) throws -> Status {
    let word: String = try row[column]
    guard let status = Status(rawValue: word) else { throw DatabaseError.decoding("\(word) is no known status") }
    return status
}
