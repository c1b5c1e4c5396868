import Catalog
import HTTPServer
import Primitives

/// A currency that the store sells in, as it is answered.
struct CurrencyView: Sendable {
    let currency: Currency
    let isBase: Bool
    /// Nil for the store's own.
    let terms: CurrencyTerms?
    let rounding: PriceRounding

    /// Those of a book, the store's own first.
    static func all(_ book: PriceBook) -> [CurrencyView] {
        [CurrencyView(currency: book.base, isBase: true, terms: nil, rounding: book.baseRounding)]
            + book.further.map {
                CurrencyView(currency: $0.currency, isBase: false, terms: $0, rounding: $0.rounding)
            }
    }

    /// Not in pages: there are few.
    static let list = OutputShape<[CurrencyView]>.object(
        "Currencies", .field("currencies", .array(of: shape)) { $0 })

    static let shape = OutputShape<CurrencyView>.object(
        "Currency",
        .field("currency", .currency, \.currency),
        .field("exponent", .integer, \.currency.exponent),
        .field("is_base", .bool, \.isBase),
        .nullable("rate", .text) { $0.terms?.rate.description },
        .nullable("rated_at", .instant, \.terms?.ratedAt),
        .field("rounding_step", .integer) { Int($0.rounding.step) },
        .field("rounding_offset", .integer) { Int($0.rounding.offset) })
}

/// What a currency is kept with.
struct CurrencyInput: Sendable {
    let rate: ExchangeRate?
    let ratedAt: Instant?
    /// Nil for what is usual in the currency.
    let rounding: PriceRounding?

    static let shape = InputShape<CurrencyInput>.object(
        "CurrencyInput",
        .optional("rate", rate),
        .optional("rated_at", .instant),
        .optional("rounding_step", .integer(1...Int(PriceRounding.mostStep))),
        .optional("rounding_offset", .integer(0...Int(PriceRounding.mostStep)))
    ) { rate, ratedAt, step, offset throws(Problem) in
        guard step != nil || offset == nil else {
            throw .validation("/rounding_step", "required", "An offset needs a step.")
        }
        let rounding = try step.map { step throws(Problem) in
            try PriceRounding(step: Int64(step), offset: Int64(offset ?? 0))
        }
        return CurrencyInput(rate: rate, ratedAt: ratedAt, rounding: rounding)
    }

    private static let rate = InputShape<String>.text(
        1...20, pattern: "^(?=.*[1-9])[0-9]{1,9}(?:\\.[0-9]{1,9})?$",
        expected: "A rate such as 0.8612 is expected, with at most nine decimals.",
        isAccepted: { ExchangeRate($0) != nil }
    ).map { text throws(Problem) in
        guard let rate = ExchangeRate(text) else { throw .validation("", "format", "Not a rate.") }
        return rate
    }
}

/// A price list as it is answered.
struct PriceListView: Sendable {
    let list: PriceList
    let priceCount: Int

    static let shape = OutputShape<PriceListView>.object(
        "PriceList",
        .field("id", .identifier(), \.list.id),
        .field("name", .text, \.list.terms.name),
        .field("currency", .currency, \.list.terms.currency),
        .nullable("group_id", .identifier(), \.list.terms.group),
        .nullable("starts_at", .instant, \.list.terms.startsAt),
        .nullable("ends_at", .instant, \.list.terms.endsAt),
        .nullable("adjustment_ppm", .integer, \.list.terms.adjustmentPPM),
        .field("prices_count", .integer, \.priceCount),
        .field("created_at", .instant, \.list.createdAt),
        .field("updated_at", .instant, \.list.updatedAt))
}

extension PriceListTerms {
    static let shape = InputShape<PriceListTerms>.object(
        "NewPriceList",
        .required("name", .text(1...100)),
        .required("currency", .currency),
        .optional("group_id", .identifier(IdentifierKinds.CustomerGroup.self)),
        .optional("starts_at", .instant),
        .optional("ends_at", .instant),
        .optional("adjustment_ppm", .integer(adjustments))
    ) {
        PriceListTerms(name: $0, currency: $1, group: $2, startsAt: $3, endsAt: $4, adjustmentPPM: $5)
    }
}

/// What a PATCH of a price list says; an empty text takes a group, a beginning or an end away.
struct PriceListPatch: Sendable {
    let name: String?
    let currency: Currency?
    let group: Patch<CustomerGroupID>
    let startsAt: Patch<Instant>
    let endsAt: Patch<Instant>
    let adjustment: Patch<Int>

    static let shape = InputShape<PriceListPatch>.object(
        "PriceListPatch",
        .optional("name", .text(1...100)),
        .optional("currency", .currency),
        .patch("group_id", .identifier(IdentifierKinds.CustomerGroup.self), emptiedBy: ""),
        .patch("starts_at", .instant, emptiedBy: ""),
        .patch("ends_at", .instant, emptiedBy: ""),
        .patch("adjustment_ppm", .integer(PriceListTerms.adjustments), emptiedBy: ""),
        make: PriceListPatch.init)

    func apply(to terms: inout PriceListTerms) {
        if let name { terms.name = name }
        if let currency { terms.currency = currency }
        terms.group = group.applied(to: terms.group)
        terms.startsAt = startsAt.applied(to: terms.startsAt)
        terms.endsAt = endsAt.applied(to: terms.endsAt)
        terms.adjustmentPPM = adjustment.applied(to: terms.adjustmentPPM)
    }
}

/// What a price list says of a variant, as it is answered.
struct ListedPriceView: Sendable {
    let price: ListedPrice
    let currency: Currency

    static let shape = OutputShape<ListedPriceView>.object(
        "ListedPrice",
        .field("variant_id", .identifier(), \.price.variant),
        .field("price", .money) { $0.money($0.price.amount) },
        .nullable("compare_at_price", .money) { view in view.price.compareAt.map(view.money) })

    private func money(_ minorUnits: Int64) -> Money {
        // ignored: amounts in the database are within the limits of `Money`
        (try? Money(minorUnits, currency)) ?? .zero(currency)
    }
}

/// Prices to be set.
struct ListedPricesInput: Sendable {
    typealias Entry = (variant: VariantID, price: Money, compareAt: Money?)

    let prices: [Entry]

    static let shape = InputShape<ListedPricesInput>.object(
        "ListedPricesInput", .required("prices", .array(of: entry, least: 1, most: 500))
    ) { ListedPricesInput(prices: $0) }

    private static let entry = InputShape<Entry>.object(
        "ListedPriceInput",
        .required("variant_id", .identifier(IdentifierKinds.Variant.self)),
        .required("price", .price),
        .optional("compare_at_price", .price)
    ) { (variant: $0, price: $1, compareAt: $2) }
}
