public import Catalog
import Customers
public import Orders
public import Persistence
import Pricing
public import Primitives
public import Stores

/// What the lines of a checkout cost: in its currency, for its customer, now.
///
/// Its statements are submitted with those of the batch that it is made in, and there are none where a store has no
/// price list: one for the prices of all variants, and one for the customer's groups where a list is for a group.
public struct CheckoutPricing {
    private let currency: Currency
    private let customer: CustomerID?
    private let variants: [VariantID]
    private let store: Store
    private let book: PriceBook
    private let now: Instant
    private let listed: Later<ListedPrice>?
    private let groups: Later<CustomerGroupID>?

    /// - Parameter book: what the process knows of the store's prices; nil to ask for it.
    public init(of checkout: Checkout, store: Store, book: PriceBook?, in tx: borrowing Transaction) throws {
        try self.init(
            of: checkout.lines.map(\.variant), in: checkout.currency ?? store.currency, for: checkout.customer,
            store: store, book: book, in: tx)
    }

    /// - Parameter customer: whose prices count; nil for anybody.
    init(
        of variants: [VariantID], in currency: Currency, for customer: CustomerID?, store: Store, book: PriceBook?,
        in tx: borrowing Transaction
    ) throws {
        self.variants = variants
        self.currency = currency
        self.customer = customer
        self.store = store
        let book = try book ?? Catalog.priceBook(of: store.id, base: store.currency, in: tx)
        self.book = book
        now = tx.now
        listed = try Catalog.listedPrices(of: variants, in: currency, by: book, store: store.id, in: tx)
        let hasGroups = book.lists.contains { $0.terms.group != nil && $0.terms.currency == currency }
        groups = try customer.flatMap { customer in
            hasGroups ? try Customers.groups(ofCustomer: customer, store: store.id, in: tx) : nil
        }
    }

    /// The variants with their prices in the checkout's currency; waits for what was submitted.
    ///
    /// A process keeps a price book for a moment, and somebody may change it in this very moment. The variants say
    /// which version counted when they were read: where it is another, everything is asked for once more.
    public func prices(of sellable: [SellableVariant], in tx: borrowing Transaction) throws -> CheckoutPrices {
        if let version = sellable.first?.priceBookVersion, version != book.version {
            return try CheckoutPricing(
                of: variants, in: currency, for: customer, store: store, book: nil, in: tx
            ).settled(sellable)
        }
        return try settled(sellable)
    }

    private func settled(_ sellable: [SellableVariant]) throws -> CheckoutPrices {
        let sheet = PriceSheet(
            book, in: currency, groups: Set(try groups?.rows() ?? []), at: now, listed: try listed?.rows() ?? [])
        return CheckoutPrices(currency: currency, book: book, variants: sellable.map(sheet.priced))
    }
}

/// What a checkout's variants cost in its currency.
public struct CheckoutPrices: Hashable, Sendable {
    /// The checkout's.
    public let currency: Currency
    let book: PriceBook
    /// With their prices in the currency; in one that the store does not sell in, nobody may order them.
    public let variants: [SellableVariant]

    /// Whether the store sells in the currency.
    var isSold: Bool { book.sells(in: currency) }

    /// How the store delivers with its fees and limits in the currency: merchants say them in their own.
    func delivery(_ settings: DeliverySettings?) -> DeliverySettings? {
        guard let settings, currency != book.base else { return settings }
        return settings.converted { book.converted($0, to: currency) ?? $0 }
    }
}
