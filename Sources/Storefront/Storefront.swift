public import Catalog
public import DesignSystem
public import HTTPServer
public import Orders
public import Persistence
import Pricing
public import Primitives
import Stores
import UseCases

/// The shop that buyers see: pages that work without scripts, a basket, a checkout and the page of each order.
///
/// The basket is a checkout; its id, a secret, is in a cookie. An order's page is behind its token. What one looks at
/// without a basket of one's own is kept as ready bytes for less than a second.
public struct Storefront: Sendable {
    let database: any Database
    let clock: any Clock
    let tokens: OrderTokens
    let numbers: OrderNumberPool
    let payments: any StorefrontPayments
    /// Where browsers reach the installation, such as `https://shop.example`.
    let origin: @Sendable () -> String
    private let chosenStore: StoreID?
    private let stores: BriefCache<StoreID?, Shop?>
    let pages: BriefCache<PageKey, EncodedBody>
    /// Orders whose payment the provider was just asked about.
    let lookUps: BriefCache<OrderID, Void>
    let categories: BriefCache<CategoryKey, CategoryView?>
    let collections: BriefCache<CategoryKey, ProductCollection?>
    let searches: SearchMemory
    let sheets: BriefCache<SheetKey, EncodedBody>

    /// - Parameters:
    ///   - store: the store that is shown; nil for the oldest.
    ///   - tokens: derives the secrets by which buyers reach their orders' pages.
    ///   - searches: what the process remembers of the index of products.
    ///   - origin: where browsers reach the installation, without a slash at the end.
    public init(
        database: any Database, clock: any Clock, tokens: OrderTokens, store: StoreID?,
        payments: any StorefrontPayments, searches: SearchMemory = SearchMemory(capacityBytes: 32 << 20),
        origin: @escaping @Sendable () -> String
    ) {
        self.database = database
        self.clock = clock
        self.tokens = tokens
        self.payments = payments
        self.origin = origin
        self.searches = searches
        chosenStore = store
        numbers = OrderNumberPool(database: database)
        stores = BriefCache(lifetimeSeconds: Self.cacheSeconds, capacity: 1000, renewsEarly: true, clock: clock)
        // A page may have 100 KB: more than are asked for within their second would only cost memory.
        pages = BriefCache(lifetimeSeconds: Self.cacheSeconds, capacity: 1000, clock: clock)
        lookUps = BriefCache(lifetimeSeconds: 3, capacity: 10_000, clock: clock)
        categories = BriefCache(
            lifetimeSeconds: Self.cacheSeconds, capacity: 1000, renewsEarly: true, clock: clock)
        collections = BriefCache(
            lifetimeSeconds: Self.cacheSeconds, capacity: 1000, renewsEarly: true, clock: clock)
        // Half a megabyte each; robots may wait for what is new.
        sheets = BriefCache(lifetimeSeconds: 60, capacity: 50, clock: clock)
    }

    /// What buyers see of the catalogue is at most this old.
    private static let cacheSeconds = 0.9

    /// Every page and form of the storefront.
    public var endpoints: [Endpoint] {
        browsingEndpoints + currencyEndpoints + sitemapEndpoints + basketEndpoints + checkoutEndpoints
            + orderEndpoints
    }

    /// Scripts and styles that the library of static files has to serve.
    public static let assets: [Asset] = [script]

    static let script = Asset.module("shop.js", PackageResources.shop_js)

    /// Where a form that pays may lead.
    var payingTargets: FormTargets { origin().hasPrefix("https:") ? .paymentPages : .simulatedPaymentPages }

    /// The store that is shown, with what every page says of it.
    /// - Parameter currency: what the browser's cookie says; the store's own where it sells in no such.
    /// - Throws: `store.missing` when the installation has none.
    func shop(in currency: String? = nil) async throws -> Shop {
        guard var shop = try await shop(chosenStore) else {
            throw Problem(.unavailable, "store.missing", "This installation has no store yet.")
        }
        if let chosen = currency.flatMap({ Currency($0) }), shop.book.sells(in: chosen) { shop.currency = chosen }
        return shop
    }

    /// Any store of the installation: an order's page shows the store that it was placed in.
    func shop(of store: StoreID) async throws -> Shop {
        guard let shop = try await shop(store) else { throw Problem.notFound("order") }
        return shop
    }

    private func shop(_ id: StoreID?) async throws -> Shop? {
        try await stores.value(for: id) { [database] in
            try await database.read("storefront.shop") { tx in
                let store = try id.map { try Stores.store($0, in: tx) } ?? Stores.all(in: tx).first
                return try store.map { store in
                    Shop(
                        store: store,
                        categories: try Catalog.subcategories(of: nil, store: store.id, limit: 100, in: tx),
                        taxes: try Pricing.taxSettings(of: store.id, in: tx).settings,
                        book: try Catalog.priceBook(of: store.id, base: store.currency, in: tx),
                        currency: store.currency)
                }
            }
        }
    }
}

/// A store and the outermost categories, which lead through it.
struct Shop: Sendable {
    let store: Store
    let categories: [Category]
    let taxes: TaxSettings
    /// What decides over its prices.
    let book: PriceBook
    /// What prices are shown in: one of those that it sells in.
    var currency: Currency

    /// What prices say of the taxes at home; nothing where none are charged.
    var priceNote: String? {
        guard let zone = taxes.zone(of: TaxAddress(country: store.country)), let rate = zone.rates.first else {
            return taxes.chargesNothing ? nil : taxes.pricesIncludeTax ? nil : "Taxes may be added at the checkout."
        }
        return zone.pricesIncludeTax ?? taxes.pricesIncludeTax ? "Including \(rate.title)" : "Excluding \(rate.title)"
    }

    /// An amount in the currency that is shown.
    func money(_ minorUnits: Int64) -> Money {
        // ignored: amounts in the database are within the limits of `Money`
        (try? Money(minorUnits, currency)) ?? .zero(currency)
    }

    /// An amount in the store's own currency, by which products are searched and filtered.
    func ownMoney(_ minorUnits: Int64) -> Money {
        // ignored: amounts in the database are within the limits of `Money`
        (try? Money(minorUnits, store.currency)) ?? .zero(store.currency)
    }
}

/// A page in the cache: the same for everybody whose basket holds so many units.
struct PageKey: Hashable, Sendable {
    let path: String
    let basketCount: Int
    let currency: Currency
}

extension RateLimitClass {
    /// Looking around.
    static let browse = RateLimitClass("browse", requests: 600, perSeconds: 60)
    /// Baskets and orders.
    static let checkout = RateLimitClass("checkout", requests: 60, perSeconds: 60)
}
