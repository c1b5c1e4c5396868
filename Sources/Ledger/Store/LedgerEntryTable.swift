import Persistence
import Primitives

/// The SQL of `ledger_entries`.
enum LedgerEntryTable {
    static func insert(
        _ postings: [Posting], order: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws {
        var rows: [[SQLValue]] = []
        for posting in postings {
            for transfer in posting.transfers {
                let id: LedgerEntryID = tx.newIdentifier()
                rows.append([
                    store.sqlValue, order.sqlValue, posting.kind.rawValue.sqlValue, posting.source.sqlValue,
                    transfer.debit.rawValue.sqlValue, transfer.credit.rawValue.sqlValue, id.sqlValue,
                    transfer.amount.amount.sqlValue, transfer.amount.currency.sqlValue, tx.now.sqlValue,
                ])
            }
        }
        guard !rows.isEmpty else { return }
        try tx.execute(
            """
            INSERT INTO ledger_entries (store_id, order_id, posting, source_id, debit, credit, id, amount, currency,
                booked_at)
            VALUES \(rows: rows)
            """)
    }

    static func transfers(
        of order: OrderID, kinds: [PostingKind], store: StoreID, in tx: borrowing Transaction
    ) throws -> [Transfer] {
        try tx.query(
            """
            SELECT debit, credit, amount, currency FROM ledger_entries
            WHERE store_id = \(store) AND order_id = \(order) AND posting IN \(list: kinds.map(\.rawValue))
            """, transfer
        ).compactMap(\.self)
    }

    static func transfers(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [(order: OrderID, transfer: Transfer)] {
        try tx.query(
            """
            SELECT debit, credit, amount, currency, order_id FROM ledger_entries
            WHERE store_id = \(store) AND order_id IN \(list: orders)
            """
        ) { row in (order: try row[4] as OrderID, transfer: try transfer(row)) }
        .compactMap { row in row.transfer.map { (order: row.order, transfer: $0) } }
    }

    /// The orders that something was booked for, of all stores, by store and order.
    static func orders(
        after place: LedgerPlace?, limit: Int, in tx: borrowing Transaction
    ) throws -> [LedgerPlace] {
        let rest: SQL = place.map { "WHERE (store_id, order_id) > (\($0.store), \($0.order))" } ?? ""
        return try tx.query(
            """
            SELECT DISTINCT store_id, order_id FROM ledger_entries \(rest) ORDER BY store_id, order_id LIMIT \(limit)
            """
        ) { LedgerPlace(store: try $0[0], order: try $0[1]) }
    }

    /// Entries that a constraint should have refused.
    static func unsound(limit: Int, in tx: borrowing Transaction) throws -> [String] {
        try tx.query(
            """
            SELECT id, store_id, debit, credit, amount FROM ledger_entries
            WHERE amount <= 0 OR debit = credit OR debit NOT IN \(list: LedgerAccount.allCases.map(\.rawValue))
                OR credit NOT IN \(list: LedgerAccount.allCases.map(\.rawValue)) LIMIT \(limit)
            """
        ) { row in
            let (id, store): (LedgerEntryID, StoreID) = (try row[0], try row[1])
            let (debit, credit, amount): (String, String, Int64) = (try row[2], try row[3], try row[4])
            return "entry \(id) of \(store): \(amount) from \(credit) to \(debit)"
        }
    }

    /// By currency, what all accounts hold together.
    static func sums(in tx: borrowing Transaction) throws -> [(currency: String, sum: Int64)] {
        try tx.query(
            """
            SELECT currency, CAST(SUM(amount) AS BIGINT) FROM (
                SELECT debit AS account, currency, CAST(SUM(amount) AS BIGINT) AS amount
                FROM ledger_entries GROUP BY debit, currency
                UNION ALL
                SELECT credit, currency, -CAST(SUM(amount) AS BIGINT) FROM ledger_entries GROUP BY credit, currency
            ) balances GROUP BY currency ORDER BY currency
            """
        ) { (currency: try $0[0], sum: try $0[1]) }
    }

    private static func transfer(_ row: Row) throws -> Transfer? {
        let (debit, credit): (String, String) = (try row[0], try row[1])
        guard let debit = LedgerAccount(rawValue: debit), let credit = LedgerAccount(rawValue: credit) else {
            throw DatabaseError.decoding("a ledger entry has an unknown account")
        }
        return try Transfer(debit: debit, credit: credit, amount: Money(row[2], row[3]))
    }
}
