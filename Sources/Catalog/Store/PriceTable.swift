import Persistence
import Primitives

/// The SQL of `price_books` and `currencies`.
enum CurrencyTable {
    /// - Returns: the version, and how prices in the store's own currency are rounded; nil for what is usual.
    static func heading(
        of store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<(version: Int, rounding: PriceRounding?)> {
        try tx.later(
            "SELECT version, base_rounding_step, base_rounding_offset FROM price_books WHERE store_id = \(store)"
        ) { row in
            let step: Int64? = try row[1]
            let offset: Int64? = try row[2]
            return (try row[0], try step.map { try PriceRounding(step: $0, offset: offset ?? 0) })
        }
    }

    static func stores(in tx: borrowing Transaction) throws -> Set<StoreID> {
        Set(try tx.query("SELECT store_id FROM price_books") { try $0[0] as StoreID })
    }

    /// The version of the store's price book where it is part of another statement; 0 while there is none.
    static func version(of store: StoreID) -> SQL {
        "COALESCE((SELECT version FROM price_books WHERE store_id = \(store)), 0)"
    }

    static func all(of store: StoreID, in tx: borrowing Transaction) throws -> Later<CurrencyTerms> {
        try tx.later(
            """
            SELECT currency, rate_billionths, rated_at, rounding_step, rounding_offset FROM currencies
            WHERE store_id = \(store) ORDER BY currency
            """
        ) { row in
            guard let rate = ExchangeRate(billionths: try row[1]) else {
                throw DatabaseError.decoding("an exchange rate is out of range")
            }
            return CurrencyTerms(
                currency: try row[0], rate: rate, ratedAt: try row[2],
                rounding: try PriceRounding(step: row[3], offset: row[4]))
        }
    }

    /// Makes the store's row if need be, holds it until the transaction ends and raises its version.
    static func raiseVersion(of store: StoreID, in tx: borrowing Transaction) throws -> Int {
        let version = try tx.first(
            """
            INSERT INTO price_books (store_id, version) VALUES (\(store), 1)
            ON CONFLICT (store_id) DO UPDATE SET version = price_books.version + 1
            RETURNING version
            """
        ) { try $0[0] as Int }
        guard let version else { throw DatabaseError.decoding("a price book has no version") }
        return version
    }

    static func setBaseRounding(
        _ rounding: PriceRounding, store: StoreID, in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE price_books SET base_rounding_step = \(rounding.step), base_rounding_offset = \(rounding.offset)
            WHERE store_id = \(store)
            """)
    }

    static func save(_ terms: CurrencyTerms, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO currencies (store_id, currency, rate_billionths, rated_at, rounding_step, rounding_offset)
            VALUES (\(store), \(terms.currency), \(terms.rate.billionths), \(terms.ratedAt), \(terms.rounding.step),
                \(terms.rounding.offset))
            ON CONFLICT (store_id, currency) DO UPDATE SET rate_billionths = excluded.rate_billionths,
                rated_at = excluded.rated_at, rounding_step = excluded.rounding_step,
                rounding_offset = excluded.rounding_offset
            """)
    }

    static func delete(_ currency: Currency, store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try tx.changes("DELETE FROM currencies WHERE store_id = \(store) AND currency = \(currency)") == 1
    }
}

/// The SQL of `price_lists`.
enum PriceListTable {
    private static let columns: SQL = """
        id, name, currency, group_id, starts_at, ends_at, adjustment_ppm, version, created_at, updated_at
        """

    static func all(of store: StoreID, in tx: borrowing Transaction) throws -> Later<PriceList> {
        try tx.later("SELECT \(columns) FROM price_lists WHERE store_id = \(store) ORDER BY id", read)
    }

    static func find(
        _ id: PriceListID, locking: Bool = false, store: StoreID, in tx: borrowing Transaction
    ) throws -> PriceList? {
        let lock: SQL = locking ? tx.forUpdate : ""
        return try tx.first(
            "SELECT \(columns) FROM price_lists WHERE store_id = \(store) AND id = \(id)\(lock)", read)
    }

    static func insert(_ list: PriceList, store: StoreID, in tx: borrowing Transaction) throws {
        let terms = list.terms
        try tx.execute(
            """
            INSERT INTO price_lists (store_id, id, name, currency, group_id, starts_at, ends_at, adjustment_ppm,
                version, created_at, updated_at)
            VALUES (\(store), \(list.id), \(terms.name), \(terms.currency), \(terms.group), \(terms.startsAt),
                \(terms.endsAt), \(terms.adjustmentPPM), \(list.version), \(list.createdAt), \(list.updatedAt))
            """)
    }

    static func update(_ list: PriceList, store: StoreID, in tx: borrowing Transaction) throws {
        let terms = list.terms
        try tx.execute(
            """
            UPDATE price_lists SET name = \(terms.name), currency = \(terms.currency), group_id = \(terms.group),
                starts_at = \(terms.startsAt), ends_at = \(terms.endsAt), adjustment_ppm = \(terms.adjustmentPPM),
                version = \(list.version), updated_at = \(list.updatedAt)
            WHERE store_id = \(store) AND id = \(list.id)
            """)
    }

    static func delete(_ id: PriceListID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM price_lists WHERE store_id = \(store) AND id = \(id)")
    }

    private static func read(_ row: Row) throws -> PriceList {
        PriceList(
            id: try row[0],
            terms: PriceListTerms(
                name: try row[1], currency: try row[2], group: try row[3], startsAt: try row[4], endsAt: try row[5],
                adjustmentPPM: try row[6]),
            version: try row[7], createdAt: try row[8], updatedAt: try row[9])
    }
}

/// The SQL of `price_list_prices`.
enum ListedPriceTable {
    static func all(
        of variants: [VariantID], in lists: [PriceListID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<ListedPrice> {
        try tx.later(
            """
            SELECT price_list_id, variant_id, price, compare_at_price FROM price_list_prices
            WHERE store_id = \(store) AND variant_id IN \(list: variants) AND price_list_id IN \(list: lists)
            """, read)
    }

    static func page(
        of list: PriceListID, store: StoreID, after: VariantID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [ListedPrice] {
        let rest: SQL = after.map { " AND variant_id > \($0)" } ?? ""
        return try tx.query(
            """
            SELECT price_list_id, variant_id, price, compare_at_price FROM price_list_prices
            WHERE store_id = \(store) AND price_list_id = \(list)\(rest) ORDER BY variant_id LIMIT \(limit)
            """, read)
    }

    /// Made from the rows of the variants: one that goes meanwhile is not there instead of breaking a rule.
    /// - Returns: whether the variant exists.
    static func save(_ price: ListedPrice, store: StoreID, in tx: borrowing Transaction) throws -> Later<VariantID> {
        try tx.later(
            """
            INSERT INTO price_list_prices (store_id, price_list_id, variant_id, price, compare_at_price)
            SELECT store_id, \(price.list), id, CAST(\(price.amount) AS BIGINT), CAST(\(price.compareAt) AS BIGINT)
            FROM variants WHERE store_id = \(store) AND id = \(price.variant)
            ON CONFLICT (store_id, price_list_id, variant_id) DO UPDATE SET price = excluded.price,
                compare_at_price = excluded.compare_at_price
            RETURNING variant_id
            """
        ) { try $0[0] }
    }

    static func delete(
        _ variant: VariantID, of list: PriceListID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.changes(
            """
            DELETE FROM price_list_prices
            WHERE store_id = \(store) AND price_list_id = \(list) AND variant_id = \(variant)
            """) == 1
    }

    static func counts(of store: StoreID, in tx: borrowing Transaction) throws -> [PriceListID: Int] {
        let rows: [(PriceListID, Int)] = try tx.query(
            "SELECT price_list_id, COUNT(*) FROM price_list_prices WHERE store_id = \(store) GROUP BY price_list_id"
        ) { (try $0[0], try $0[1]) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    private static func read(_ row: Row) throws -> ListedPrice {
        ListedPrice(list: try row[0], variant: try row[1], amount: try row[2], compareAt: try row[3])
    }
}
