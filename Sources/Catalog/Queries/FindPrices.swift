public import Persistence
public import Primitives

extension Catalog {
    /// What decides over a store's prices: one look at a row, and two more where the store was told anything. It may be
    /// kept for a moment. The version is read first, so that it is never newer than what it stands for.
    /// - Parameter base: the store's own currency.
    public static func priceBook(
        of store: StoreID, base: Currency, in tx: borrowing Transaction
    ) throws -> PriceBook {
        guard let (version, rounding) = try CurrencyTable.heading(of: store, in: tx).rows().first else {
            return PriceBook(base: base, baseRounding: .usual(for: base))
        }
        let further = try CurrencyTable.all(of: store, in: tx)
        let lists = try PriceListTable.all(of: store, in: tx)
        return PriceBook(
            version: version, base: base, baseRounding: rounding ?? .usual(for: base), further: try further.rows(),
            lists: try lists.rows())
    }

    /// What the price lists that may count say of these variants. Submitted now, read later; nil, and no statement,
    /// where no list can count.
    public static func listedPrices(
        of variants: [VariantID], in currency: Currency, by book: PriceBook, store: StoreID,
        in tx: borrowing Transaction
    ) throws -> Later<ListedPrice>? {
        let lists = book.candidates(in: currency, at: tx.now).map(\.id)
        guard !lists.isEmpty, !variants.isEmpty else { return nil }
        return try ListedPriceTable.all(of: variants, in: lists, store: store, in: tx)
    }

    /// Products with what their variants cost everybody, in a currency: at most one statement more.
    public static func priced(
        _ products: [Product], in currency: Currency, by book: PriceBook, store: StoreID,
        in tx: borrowing Transaction
    ) throws -> [Product] {
        // What nothing stands before is the catalogue's word, whatever it says of former prices.
        if currency == book.base, book.candidates(in: currency, at: tx.now).isEmpty { return products }
        let variants = products.flatMap { $0.variants.map(\.id) }
        let listed = try listedPrices(of: variants, in: currency, by: book, store: store, in: tx)
        let sheet = PriceSheet(book, in: currency, at: tx.now, listed: try listed?.rows() ?? [])
        return products.map(sheet.priced)
    }

    /// The stores that were told anything of further currencies or price lists.
    public static func storesWithPriceBooks(in tx: borrowing Transaction) throws -> Set<StoreID> {
        try CurrencyTable.stores(in: tx)
    }

    /// A price list, whether it counts now or not.
    public static func priceList(
        _ id: PriceListID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> PriceList? {
        try PriceListTable.find(id, store: store, in: tx)
    }

    /// A page of what a price list says, by the ids of the variants.
    /// - Parameter after: the last variant of the page before.
    public static func prices(
        of list: PriceListID, store: StoreID, after: VariantID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [ListedPrice] {
        try ListedPriceTable.page(of: list, store: store, after: after, limit: limit, in: tx)
    }

    /// What a price list says of these variants; those of which it says nothing are absent.
    public static func prices(
        of list: PriceListID, for variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [ListedPrice] {
        guard !variants.isEmpty else { return [] }
        return try ListedPriceTable.all(of: variants, in: [list], store: store, in: tx).rows()
    }

    /// How many variants each price list names; those that name none are absent.
    public static func priceCounts(of store: StoreID, in tx: borrowing Transaction) throws -> [PriceListID: Int] {
        try ListedPriceTable.counts(of: store, in: tx)
    }
}
