public import Primitives

/// All that decides over a store's prices but the prices: the currencies that it sells in, and its price lists.
///
/// It is small and changes seldom, so that processes may keep it for a moment.
public struct PriceBook: Hashable, Sendable {
    /// Grows with every change of it; 0 while nobody has changed anything.
    public let version: Int
    /// The store's own, in which the catalogue's prices are.
    public let base: Currency
    /// How prices in the store's own currency are rounded that are reckoned from others.
    public let baseRounding: PriceRounding
    /// The further ones by their codes.
    public let further: [CurrencyTerms]
    /// By their ids, those included that do not count yet or any more.
    public let lists: [PriceList]

    public init(
        version: Int = 0, base: Currency, baseRounding: PriceRounding = .exact, further: [CurrencyTerms] = [],
        lists: [PriceList] = []
    ) {
        self.version = version
        self.base = base
        self.baseRounding = baseRounding
        self.further = further
        self.lists = lists
    }

    /// What the store sells in, its own currency first.
    public var currencies: [Currency] { [base] + further.map(\.currency) }

    /// Whether checkouts may be in a currency.
    public func sells(in currency: Currency) -> Bool { currencies.contains(currency) }

    /// - Throws: `validation.failed` at a pointer when the store does not sell in the currency.
    public func require(_ currency: Currency, at pointer: String) throws(Problem) {
        guard sells(in: currency) else {
            throw .validation(
                pointer, "unavailable", "The store sells in \(currencies.map(\.code).joined(separator: ", ")).")
        }
    }

    /// An amount in the store's own currency as it is said in another, rounded as that currency's prices are; nil when
    /// the store does not sell in it. For fees and thresholds, such as those of a delivery.
    public func converted(_ amount: Int64, to currency: Currency) -> Int64? {
        if currency == base { return amount }
        guard let terms = further.first(where: { $0.currency == currency }) else { return nil }
        let exact = terms.rate.converted(amount, from: base, to: currency)
        // What costs something does not become free by being said in large units.
        return terms.rounding.rounded(amount > 0 ? max(1, exact) : exact)
    }

    func rounding(of currency: Currency) -> PriceRounding {
        further.first { $0.currency == currency }?.rounding ?? baseRounding
    }

    /// The lists that may count for a checkout in a currency at a moment, whatever groups its customer is in.
    func candidates(in currency: Currency, at now: Instant) -> [PriceList] {
        lists.filter { $0.terms.currency == currency && $0.isActive(at: now) }
    }
}

/// Says what variants cost: in a currency, for somebody, at a moment.
///
/// Of the price lists that count, those for a group of the customer stand before those for everybody; among these the
/// lowest price wins. Within a list its price of the variant stands before its percentage. Where no list says anything,
/// the catalogue's price counts, converted by the currency's rate. The percentage is of what the variant usually costs
/// in the currency: by a list for everybody without dates, else the converted price.
public struct PriceSheet: Sendable {
    public let currency: Currency
    private let book: PriceBook
    private let lists: [PriceList]
    private let listed: [VariantID: [ListedPrice]]

    /// - Parameters:
    ///   - groups: the customer's.
    ///   - listed: what the candidate lists say of the variants that will be asked for.
    public init(
        _ book: PriceBook, in currency: Currency, groups: Set<CustomerGroupID> = [], at now: Instant,
        listed: [ListedPrice]
    ) {
        self.book = book
        self.currency = currency
        lists = book.candidates(in: currency, at: now).filter { list in
            list.terms.group.map(groups.contains) ?? true
        }
        self.listed = Dictionary(grouping: listed, by: \.variant)
    }

    /// - Parameters: the catalogue's own price and former price, in minor units of the store's currency.
    public func price(of variant: VariantID, _ amount: Int64, compareAt: Int64?) -> VariantPrice {
        let usual = usual(variant, amount, compareAt)
        let offers = lists.compactMap { list in offer(of: list, for: variant, usual).map { (list, $0) } }
        let own = offers.filter { $0.0.terms.group != nil }
        // Equal prices are told apart by the lists' age, so that the answer is always the same.
        let best = (own.isEmpty ? offers : own).min { ($0.1.amount, $0.0.id) < ($1.1.amount, $1.0.id) }
        return best?.1 ?? usual
    }

    /// What it costs everybody at any time.
    private func usual(_ variant: VariantID, _ amount: Int64, _ compareAt: Int64?) -> VariantPrice {
        let standing = lists.filter(\.isStanding).compactMap { said(by: $0, of: variant) }
        if let price = standing.min(by: { ($0.amount, $0.list) < ($1.amount, $1.list) }) { return price.asPrice }
        let converted = book.converted(amount, to: currency) ?? 0
        return VariantPrice(
            amount: converted, compareAt: compareAt.flatMap { book.converted($0, to: currency) }, list: nil
        ).plausible
    }

    private func said(by list: PriceList, of variant: VariantID) -> ListedPrice? {
        listed[variant]?.first { $0.list == list.id }
    }

    private func offer(of list: PriceList, for variant: VariantID, _ usual: VariantPrice) -> VariantPrice? {
        if let price = said(by: list, of: variant) { return price.asPrice }
        guard let ppm = list.terms.adjustmentPPM else { return nil }
        let product = UInt128(usual.amount.magnitude) * UInt128(1_000_000 + ppm)
        let adjusted = Int64(min((product + 500_000) / 1_000_000, UInt128(Money.limit)))
        // Nothing of a price is nothing, however prices are rounded.
        let costs = usual.amount > 0 && ppm > -1_000_000
        let rounded = book.rounding(of: currency).rounded(costs ? max(1, adjusted) : adjusted)
        // Who always pays less is not told of a reduction.
        let former = list.terms.group == nil ? usual.compareAt ?? usual.amount : nil
        return VariantPrice(amount: rounded, compareAt: former, list: list.id).plausible
    }

    /// The product with these prices in place of the catalogue's.
    public func priced(_ product: Product) -> Product {
        var product = product
        for index in product.variants.indices {
            let variant = product.variants[index]
            let price = price(of: variant.id, variant.priceMinorUnits, compareAt: variant.compareAtPriceMinorUnits)
            product.variants[index].priceMinorUnits = price.amount
            product.variants[index].compareAtPriceMinorUnits = price.compareAt
        }
        return product
    }

    /// The variant with this price in place of the catalogue's. In a currency that the store does not sell in, nobody
    /// may order it.
    public func priced(_ variant: SellableVariant) -> SellableVariant {
        var variant = variant
        variant.priceMinorUnits = price(of: variant.id, variant.priceMinorUnits, compareAt: nil).amount
        if !book.sells(in: currency) { variant.isPublished = false }
        return variant
    }
}

extension ListedPrice {
    fileprivate var asPrice: VariantPrice {
        VariantPrice(amount: amount, compareAt: compareAt, list: list).plausible
    }
}

extension VariantPrice {
    /// A former price that is not higher says nothing.
    fileprivate var plausible: VariantPrice {
        VariantPrice(amount: amount, compareAt: compareAt.flatMap { $0 > amount ? $0 : nil }, list: list)
    }
}
