public import Catalog
public import EventLog
public import HTTPServer
public import Orders
public import Persistence
import Pricing
public import Primitives
import Stores
public import UseCases

/// The HTTP API under `/api/v1`: what all its endpoints share. The endpoints themselves are in the folders beside,
/// one for each domain.
public struct ShopAPI: Sendable {
    let database: any Database
    let tokens: OrderTokens
    let feed: EventFeed
    let desk: PaymentDesk
    let clock: any Clock
    /// The site that the addresses of images begin with; nil while nobody knows it.
    let origin: @Sendable () -> String?
    let numbers: OrderNumberPool
    let stores: BriefCache<StoreID, Store?>
    let products: BriefCache<ProductPageKey, EncodedBody>
    private let deliveries: BriefCache<StoreID, DeliverySettings?>
    let searches: SearchMemory
    let books: BriefCache<StoreID, PriceBook>

    /// - Parameters:
    ///   - tokens: derives the secrets by which buyers read their orders.
    ///   - feed: what happens, for those who look on; it has to run.
    ///   - desk: takes card payments.
    ///   - searches: what the process remembers of the index of products.
    ///   - origin: the site that the addresses of images begin with; without it they are paths.
    public init(
        database: any Database, clock: any Clock, tokens: OrderTokens, feed: EventFeed, desk: PaymentDesk,
        searches: SearchMemory = SearchMemory(capacityBytes: 32 << 20),
        origin: @escaping @Sendable () -> String? = { nil }
    ) {
        self.database = database
        self.tokens = tokens
        self.feed = feed
        self.desk = desk
        self.searches = searches
        self.clock = clock
        self.origin = origin
        numbers = OrderNumberPool(database: database)
        stores = BriefCache(
            lifetimeSeconds: Self.cacheSeconds, capacity: 10_000, renewsEarly: true, clock: clock)
        books = BriefCache(
            lifetimeSeconds: Self.cacheSeconds, capacity: 10_000, renewsEarly: true, clock: clock)
        // A page may have 100 KB: more than are asked for within their second would only cost memory.
        products = BriefCache(lifetimeSeconds: Self.cacheSeconds, capacity: 1000, clock: clock)
        // However old: an order compares the version and reads what is newer.
        deliveries = BriefCache(lifetimeSeconds: 60, capacity: 1000, clock: clock)
    }

    /// What buyers see of the catalogue is at most this old, in every process.
    static let cacheSeconds = 0.9

    /// Every endpoint of the shop.
    public var endpoints: [Endpoint] {
        [
            productEndpoints,
            relatedEndpoints,
            searchEndpoints,
            categoryEndpoints,
            collectionEndpoints,
            currencyEndpoints,
            priceListEndpoints,
            stockEndpoints,
            locationEndpoints,
            incomingEndpoints,
            transferEndpoints,
            countEndpoints,
            sheetEndpoints,
            taxEndpoints,
            checkoutEndpoints,
            orderEndpoints,
            paymentEndpoints,
            eventEndpoints,
            exchangeEndpoints,
            mediaEndpoints,
            deliveryEndpoints,
            customerEndpoints,
            customerGroupEndpoints,
        ].flatMap(\.self)
    }

    /// How a store delivered a while ago, for orders to compare with; nil where it was told nothing.
    func knownDelivery(of store: StoreID) async throws -> DeliverySettings? {
        try await deliveries.value(for: store) { [database] in
            try await database.read("delivery.known") { tx in
                try Pricing.deliverySettings(of: store, in: tx).settings()
            }
        }
    }

    /// What decides over the store's prices, at most as old as what buyers see of the catalogue.
    func priceBook(of store: Store) async throws -> PriceBook {
        try await books.value(for: store.id) { [database] in
            try await database.read("catalog.price_book") { tx in
                try Catalog.priceBook(of: store.id, base: store.currency, in: tx)
            }
        }
    }

    /// The store that a caller's key belongs to.
    func store(_ id: StoreID) async throws -> Store {
        let store = try await stores.value(for: id) { [database] in
            try await database.read("stores.find") { tx in try Stores.store(id, in: tx) }
        }
        guard let store else { throw Problem.notFound("store") }
        return store
    }
}

extension RateLimitClass {
    /// Looking around.
    static let browse = RateLimitClass("browse", requests: 600, perSeconds: 60)
    /// Baskets and orders.
    static let checkout = RateLimitClass("checkout", requests: 60, perSeconds: 60)
    /// Payment pages: each costs a call to the provider.
    static let payment = RateLimitClass("payment", requests: 10, perSeconds: 60)
    /// What providers send.
    static let webhook = RateLimitClass("webhook", requests: 6000, perSeconds: 60)
    /// Back ends and staff.
    static let backOffice = RateLimitClass("back_office", requests: 1200, perSeconds: 60)
}
